/**
 * Who competes: Doppel in three modes, PyTorch in three, Keras in one, and how each one's process is started.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { bfloat16Features } from "../../runtime/mod.ts";
import type { ModelName } from "./workload.ts";

/** A Python framework to compare with. */
export type Framework = "pytorch" | "keras";

/** The Python frameworks. */
export const frameworks = ["pytorch", "keras"] as const satisfies readonly Framework[];

/** One who competes. */
export interface Competitor {
  /** As in `bench.csv`. */
  readonly id: string;
  /** As in the table. */
  readonly title: string;
  /** "doppel", or the Python framework. */
  readonly by: "doppel" | Framework;
  /** How it computes: the word that its process is started with. */
  readonly mode: string;
}

const competitors: readonly Competitor[] = [
  { id: "doppel_eager", title: "Doppel eager", by: "doppel", mode: "eager" },
  { id: "doppel_compiled", title: "Doppel compiled", by: "doppel", mode: "compiled" },
  { id: "doppel_bf16", title: "Doppel compiled, bf16", by: "doppel", mode: "bf16" },
  { id: "pytorch_eager", title: "PyTorch eager", by: "pytorch", mode: "eager" },
  { id: "pytorch_channels_last", title: "PyTorch channels_last", by: "pytorch", mode: "channels_last" },
  { id: "pytorch_bf16", title: "PyTorch channels_last, bf16", by: "pytorch", mode: "bf16" },
  { id: "keras", title: "Keras tf.function", by: "keras", mode: "float32" },
];

/**
 * A competitor's name for people.
 *
 * @param id As in `bench.csv`.
 * @returns As in the table.
 */
export function titleOf(id: string): string {
  return competitors.find((competitor) => competitor.id === id)?.title ?? id;
}

/** Whom the others are compared with: the first of these that takes part. */
export const baselines = ["pytorch_channels_last", "keras", "doppel_eager"] as const;

/**
 * Those who compete. Modes in bfloat16 stay away from a processor that would have to emulate it.
 *
 * @param against The Python frameworks that take part.
 * @param hasBfloat16 Whether the processor multiplies bfloat16.
 * @returns The competitors, Doppel's first.
 */
export function chooseCompetitors(
  against: readonly Framework[],
  hasBfloat16: boolean = bfloat16Features().length > 0,
): Competitor[] {
  return competitors.filter(({ by, mode }) =>
    (by === "doppel" || against.includes(by)) && (mode !== "bf16" || hasBfloat16)
  );
}

/** A command line. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The command line that starts a competitor's process.
 *
 * @param competitor Who.
 * @param model On which model.
 * @param threads Threads that its framework may use.
 * @param python The Python with the frameworks.
 * @returns The command line.
 */
export function commandOf(
  { by, mode }: Competitor,
  model: ModelName,
  threads: number,
  python: string,
): CommandLine {
  const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const args = [model, mode, String(threads)];
  return by === "doppel"
    ? { command: Deno.execPath(), args: ["run", "-A", file("./worker.ts"), ...args] }
    : { command: python, args: ["-B", file("./python/worker.py"), by, ...args] };
}
