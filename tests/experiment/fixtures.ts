/** A run in a folder of its own, and results that keep the contract. */

import { createRun, type Environment, type Results, type Run } from "doppel/experiment/mod.ts";

export const environment: Environment = {
  versions: { deno: "2.9.6", tensorflow: "2.21.0" },
  device: { backend: "tensorflow", device: "CPU", threads: 2, mixed_precision: false },
  machine: { os: "linux", cores: 2, memory_gib: 8, processor: "Xeon", features: ["avx2"] },
  code: { commit: "0123456789abcdef", dirty: false, lock: "ab12" },
  data: { manifest: "cd34", persons: 26 },
  command: "deno task run df_vs_liae --preset quick",
};

export const now = new Date("2026-11-22T10:20:30Z");

export async function withRun(
  work: (run: Run, root: string) => Promise<void>,
  { config = { steps: 3 } as unknown } = {},
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await work(await createRun({ root, experiment: "df_vs_liae", preset: "quick", config, environment, now }), root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

export const results: Results = {
  experiment: "df_vs_liae",
  preset: "quick",
  seeds: [1, 2, 3],
  environment,
  rows: [{ arm: "df", seed: 1, id: 0.5 }, { arm: "liae", seed: 1, id: 0.25 }],
  claims: [{
    id: "3",
    statement: "DF carries more identity than LIAE",
    source: "DeepFaceLab 3.2",
    verdict: "supported",
    estimate: 0.1,
    interval: [0.05, 0.15],
    unit: "cosine",
    seeds: 3,
    cost_s: 12,
  }],
};
