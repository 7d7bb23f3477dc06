/**
 * The figures as a person reads them, and as files.
 *
 * @module
 */

import { join } from "node:path";
import type { Environment } from "../../experiment/mod.ts";
import { writeWhole } from "../setup/stamp.ts";
import { titleOf } from "./competitors.ts";
import type { Measurement } from "./measure.ts";
import type { Disturbance, Figures } from "./summary.ts";

const names: Record<Measurement["model"], string> = {
  df: "DF, 64 px, two decoders",
  df128: "DF-ud, 128 px, two decoders",
  liae: "LIAE, 64 px, two inters",
  liae128: "LIAE-ud, 128 px, two inters",
  aei: "AEI-Net, 64 px, with discriminator",
  detector: "detector, 128 px, depthwise separable",
  gan: "GAN, 64 px, two optimisers",
};

/** Cores that programs outside the bench may keep busy before the figures are doubted. */
const tolerated = 0.1;

/** Everything that a bench found out, as `bench.json` holds it. */
export interface BenchResult {
  readonly date: string;
  readonly environment: Environment;
  readonly options: {
    readonly threads: number;
    readonly rounds: number;
    readonly turn_s: number;
  };
  readonly measurements: readonly Measurement[];
}

/**
 * Words the figures of a model as a table.
 *
 * @param measurement What was measured.
 * @returns Lines without a line break at the end.
 */
export function tableOf({ model, parameters, batch, figures, disturbance }: Measurement): string {
  const { baseline, rounds } = figures[0]!;
  const header = ["", "median ms", "minimum ms", `by ${titleOf(baseline)}`, "95 % interval"];
  const rows = figures.map(({ competitor, median_ms, minimum_ms, ratio, ratio_low, ratio_high }) => [
    titleOf(competitor),
    formatMilliseconds(median_ms),
    formatMilliseconds(minimum_ms),
    competitor === baseline ? "1" : ratio.toFixed(2),
    competitor === baseline || rounds === 1 ? "" : `${ratio_low.toFixed(2)} to ${ratio_high.toFixed(2)}`,
  ]);
  const widths = header.map((_, i) => Math.max(...[header, ...rows].map((row) => row[i]!.length)));
  const lines = [header, ...rows].map((row) =>
    row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join("  ").trimEnd()
  );
  return [
    `${names[model]}: ${parameters.toLocaleString("en")} parameters, batch ${batch}, ${rounds} round${
      rounds === 1 ? "" : "s"
    }`,
    ...lines.map((line) => `  ${line}`),
    ...doubts(disturbance).map((doubt) => `  ${doubt}`),
  ].join("\n");
}

/** What speaks against the figures. */
function doubts(disturbance: Disturbance | undefined): string[] {
  if (!disturbance) return [];
  const { others, sleepers } = disturbance;
  return [
    ...(others > tolerated
      ? [`Other programs kept ${others.toFixed(1)} cores busy meanwhile: measure again on a quiet machine.`]
      : []),
    ...(sleepers > tolerated
      ? [`Competitors that should have slept kept up to ${sleepers.toFixed(1)} cores busy.`]
      : []),
  ];
}

/** Three digits: "812", "43.3". */
function formatMilliseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/**
 * The figures of all models as CSV.
 *
 * @param measurements What was measured.
 * @returns A head and one line for each model and competitor.
 */
export function csvOf(measurements: readonly Measurement[]): string {
  const figures = measurements.flatMap((measurement) => measurement.figures);
  const columns = Object.keys(figures[0]!) as (keyof Figures)[];
  return [columns, ...figures.map((row) => columns.map((column) => row[column]))].map((cells) => `${cells.join(",")}\n`)
    .join("");
}

/**
 * Writes `bench.csv` and `bench.json`.
 *
 * @param folder The folder; it is made.
 * @param result Everything.
 */
export function writeBench(folder: string, result: BenchResult): void {
  writeWhole(join(folder, "bench.csv"), csvOf(result.measurements));
  writeWhole(join(folder, "bench.json"), result);
}
