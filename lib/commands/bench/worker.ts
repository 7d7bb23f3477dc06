/**
 * One of Doppel's own competitors: `deno run -A worker.ts <model> <mode> <threads>`, spoken to as `protocol.ts` says.
 *
 * @module
 */

import { TextLineStream } from "../../notebook/mod.ts";
import { type CompileOptions, device, useTensorFlow } from "../../runtime/mod.ts";
import { aeiWorkload } from "./aei.ts";
import { deepFaceLabWorkload } from "./deepfacelab.ts";
import { detectorWorkload } from "./detector.ts";
import { ganWorkload } from "./gan.ts";
import { type Ready, type Request, type Turn, warmupSteps } from "./protocol.ts";
import type { ModelName, Workload } from "./workload.ts";

const workloads: Record<ModelName, (options: CompileOptions) => Workload> = {
  df: (options) => deepFaceLabWorkload("df", options),
  df128: (options) => deepFaceLabWorkload("df128", options),
  liae: (options) => deepFaceLabWorkload("liae", options),
  liae128: (options) => deepFaceLabWorkload("liae128", options),
  aei: aeiWorkload,
  detector: detectorWorkload,
  gan: ganWorkload,
};
const modes: Record<string, CompileOptions> = {
  eager: { eager: true },
  compiled: {},
  bf16: { mixedPrecision: true },
};

// Ctrl-C reaches every process of the terminal; the bench decides when the work ends, by closing this one's input.
Deno.addSignalListener("SIGINT", () => {});

const [model, mode, threads] = Deno.args as [ModelName, string, string];
await useTensorFlow({ device: "cpu", threads: Number(threads) });
const workload = workloads[model](modes[mode]!);

const warmup = await makeSteps(warmupSteps);
const { tensorflow, tfjs } = device();
answer({
  parameters: workload.parameters,
  warmup: warmup.milliseconds,
  threads: device().threads,
  versions: { tensorflow, tfjs },
  device: { ...device() },
});
for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())) {
  answer(await makeSteps((JSON.parse(line) as Request).steps));
}

async function makeSteps(count: number): Promise<Turn> {
  const milliseconds: number[] = [];
  let loss = NaN;
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    loss = await workload.step();
    milliseconds.push(performance.now() - start);
  }
  return { milliseconds, loss };
}

function answer(message: Ready | Turn): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(message) + "\n"));
}
