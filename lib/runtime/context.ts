/**
 * TensorFlow's eager context: threads, memory growth, and the device that ops run on.
 *
 * @module
 */

import { cannot } from "../problem.ts";
import { readCString } from "./memory.ts";
import { newStatus, type Status } from "./status.ts";
import type { TensorFlowCalls } from "./symbols.ts";

/** A device that TensorFlow sees. */
export interface Device {
  /** "cpu" or "gpu". */
  readonly kind: "cpu" | "gpu";
  /** TensorFlow's full name, such as `/job:localhost/replica:0/task:0/device:CPU:0`. */
  readonly name: string;
  /** Memory that TensorFlow may take on it, in bytes. */
  readonly memory: number;
}

/** An open context. */
export interface Context {
  readonly handle: bigint;
  readonly status: Status;
  readonly devices: readonly Device[];
  /** The device that every op is placed on. */
  readonly device: Device;
  /** Threads within an op. Results of sums depend on it bit for bit, so it is fixed and recorded. */
  readonly threads: number;
}

/**
 * Opens a context.
 *
 * @param calls The loaded library.
 * @param options Which device to use ("gpu" is refused where there is none), and the threads within an op.
 * @returns The context; it lives as long as the process.
 * @throws Problem when the asked-for device does not exist.
 */
export function openContext(
  calls: TensorFlowCalls,
  { device, threads }: { device: "cpu" | "gpu"; threads: number },
): Context {
  const status = newStatus(calls);
  const options = calls.TFE_NewContextOptions();
  const config = configProto({ threads, cpuOnly: device === "cpu" });
  calls.TFE_ContextOptionsSetConfig(options, config, BigInt(config.length), status.handle);
  status.check(() => "Cannot configure TensorFlow");
  const handle = calls.TFE_NewContext(options, status.handle);
  calls.TFE_DeleteContextOptions(options);
  status.check(() => "Cannot start TensorFlow");
  const devices = listDevices(calls, status, handle);
  const found = devices.find(({ kind }) => kind === device);
  if (!found) {
    throw cannot(
      "use the GPU",
      "a CUDA device that TensorFlow can open",
      `only ${devices.map(({ kind }) => kind).join(", ")}`,
      'see "npx deno@2.9.6 task doctor", or ask for the processor with DOPPEL_DEVICE=cpu',
    );
  }
  return { handle, status, devices, device: found, threads };
}

/**
 * A serialised `ConfigProto`: threads within an op (field 2), `device_count { "GPU": 0 }` (field 1) where the processor
 * was asked for, and `gpu_options.allow_growth` (field 6.4), since TensorFlow takes a whole GPU otherwise.
 */
function configProto({ threads, cpuOnly }: { threads: number; cpuOnly: boolean }): Uint8Array<ArrayBuffer> {
  const noGpu = [0x0a, 0x07, 0x0a, 0x03, 0x47, 0x50, 0x55, 0x10, 0x00];
  return Uint8Array.from([...(cpuOnly ? noGpu : []), 0x10, threads, 0x32, 0x02, 0x20, 0x01]);
}

function listDevices(calls: TensorFlowCalls, status: Status, context: bigint): Device[] {
  const list = calls.TFE_ContextListDevices(context, status.handle);
  status.check(() => "Cannot list devices");
  const devices: Device[] = [];
  for (let i = 0; i < calls.TF_DeviceListCount(list); i++) {
    const type = readCString(calls.TF_DeviceListType(list, i, status.handle));
    if (type !== "CPU" && type !== "GPU") continue;
    devices.push({
      kind: type === "GPU" ? "gpu" : "cpu",
      name: readCString(calls.TF_DeviceListName(list, i, status.handle)),
      memory: Number(calls.TF_DeviceListMemoryBytes(list, i, status.handle)),
    });
  }
  calls.TF_DeleteDeviceList(list);
  return devices;
}
