/**
 * Starts native TensorFlow once a process and makes tfjs run on it.
 *
 * @module
 */

import { availableParallelism } from "node:os";
import * as tf from "@tensorflow/tfjs";
import { cannot } from "../problem.ts";
import { registerBackend, type TensorFlowBackend } from "./backend.ts";
import { type Binding, newBinding } from "./binding.ts";
import { type Context, type Device, openContext } from "./context.ts";
import { type Build, isInstalled, loadLibrary } from "./library.ts";
import { prepareMixedPrecision } from "./mixed_precision.ts";
import { withoutNativeLog } from "./quiet.ts";
import type { TensorFlowCalls } from "./symbols.ts";

/** How TensorFlow is to be started. */
export interface TensorFlowOptions {
  /**
   * "gpu" is refused where there is none; "auto" (default) takes the GPU when set-up has installed the CUDA library and
   * the processor otherwise. `DOPPEL_DEVICE` sets the default. Nothing falls back in silence: with the CUDA library
   * installed and no GPU in sight, "auto" is refused too.
   */
  readonly device?: "auto" | "cpu" | "gpu";
  /** Threads within an op, default all cores. Bits of the results depend on it. `DOPPEL_THREADS` sets the default. */
  readonly threads?: number;
}

/** The running TensorFlow: what the other files of this room build on. */
export interface TensorFlow {
  readonly calls: TensorFlowCalls;
  readonly context: Context;
  readonly binding: Binding;
  readonly backend: TensorFlowBackend;
  readonly build: Build;
}

let running: TensorFlow | undefined;

/**
 * Starts TensorFlow and makes it tfjs's backend. A second call returns at once.
 *
 * @example Multiply two matrices on native TensorFlow
 * ```ts
 * import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
 *
 * await useTensorFlow();
 * const product = tf.matMul(tf.ones([2, 3]), tf.ones([3, 4])); // [2, 4]
 * ```
 *
 * @param options Device and threads; they are fixed for the process by the first call.
 * @returns The device that is used.
 * @throws Problem when the library is missing, or the asked-for device is.
 */
export async function useTensorFlow(options: TensorFlowOptions = {}): Promise<Device> {
  if (!running) {
    const { device, threads } = resolveOptions(options);
    const build: Build = device === "gpu" || (isInstalled("gpu") && !isInstalled("cpu")) ? "gpu" : "cpu";
    prepareEnvironment();
    const { calls, context } = withoutNativeLog(() => {
      const calls = loadLibrary(build);
      return { calls, context: openContext(calls, { device, threads }) };
    });
    const binding = newBinding(calls, context);
    running = { calls, context, binding, backend: registerBackend(binding), build };
    await tf.ready();
  } else if (options.device && options.device !== "auto" && options.device !== running.context.device.kind) {
    throw cannot("change device", `one device a process, already ${running.context.device.kind}`, options.device);
  }
  return running.context.device;
}

/**
 * The running TensorFlow.
 *
 * @returns It, for the files of this room.
 * @throws Problem when {@linkcode useTensorFlow} has not been awaited.
 */
export function tensorFlow(): TensorFlow {
  if (!running) throw cannot("use TensorFlow", "useTensorFlow() to have been awaited", "a call before it");
  return running;
}

/**
 * Tells whether tfjs runs on native TensorFlow at the moment.
 *
 * @returns False before {@linkcode useTensorFlow} and on other backends.
 */
export function isNative(): boolean {
  return running !== undefined && tf.getBackend() === "tensorflow";
}

/** What a run records of the device that it used. */
export interface DeviceRecord {
  readonly backend: string;
  readonly device: "cpu" | "gpu";
  readonly name: string;
  readonly memory_bytes: number;
  readonly threads: number;
  readonly tensorflow: string;
  readonly tfjs: string;
}

/**
 * The device actually used, for run folders and the doctor.
 *
 * @returns Backend, device, threads and versions.
 * @throws Problem before {@linkcode useTensorFlow}.
 */
export function device(): DeviceRecord {
  const { context, binding } = tensorFlow();
  return {
    backend: tf.getBackend(),
    device: context.device.kind,
    name: context.device.name,
    memory_bytes: context.device.memory,
    threads: context.threads,
    tensorflow: binding.TF_Version,
    tfjs: tf.version.tfjs,
  };
}

function resolveOptions(options: TensorFlowOptions): { device: "cpu" | "gpu"; threads: number } {
  const asked = options.device ?? Deno.env.get("DOPPEL_DEVICE") ?? "auto";
  if (asked !== "auto" && asked !== "cpu" && asked !== "gpu") {
    throw cannot("choose device", "one of auto, cpu, gpu", JSON.stringify(asked), "DOPPEL_DEVICE");
  }
  const threads = options.threads ?? Number(Deno.env.get("DOPPEL_THREADS") ?? availableParallelism());
  if (!Number.isInteger(threads) || threads < 1 || threads > 127) {
    throw cannot("choose threads", "a whole number from 1 to 127", String(threads), "DOPPEL_THREADS");
  }
  return { device: asked === "auto" ? (isInstalled("gpu") ? "gpu" : "cpu") : asked, threads };
}

/** TensorFlow reads these when its library is loaded. */
function prepareEnvironment(): void {
  const set = (name: string, value: string) => Deno.env.get(name) === undefined && Deno.env.set(name, value);
  set("TF_CPP_MIN_LOG_LEVEL", "3");
  prepareMixedPrecision(set);
}
