/**
 * The field's comparison: what df_vs_liae measured on the same photographs, by the same judge.
 *
 * @module
 */

import { basename, join } from "node:path";
import type { Row } from "doppel/evaluation/mod.ts";
import { readResults } from "doppel/experiment/mod.ts";
import { sentence } from "doppel/problem.ts";

/** Where df_vs_liae keeps its results. */
export const FIELD_RESULTS: string = join(import.meta.dirname!, "..", "df_vs_liae", "results", "results.json");

/** Models of df_vs_liae that stand beside AEI-Net, each put back by overlay. */
export const FIELD_ARMS = ["df", "liae", "merged", "graphics"] as const;

/** What was joined, or why nothing was. */
export type FieldRow = {
  readonly kind: "field";
  /** How many rows were joined. */
  readonly joined: number;
  /** Why nothing was joined; none where something was. */
  readonly reason: string | null;
  /** Preset and seeds of the run that the joined rows are from. */
  readonly preset: string | null;
};

/** How far the untouched photographs' similarity may differ between two runs on one machine or two. */
const TOLERANCE = 0.01;

/**
 * Joins df_vs_liae's rows to those of this run: by seed, pair, person and photograph.
 *
 * @param rows Rows of this run.
 * @param path The results of df_vs_liae.
 * @returns Rows of the other models, with the group that ours have, and one row that says what was joined. Other photographs,
 * or another gallery, are told by what the judge says of the untouched photographs; then nothing is joined.
 */
export async function joinField(rows: readonly Row[], path: string = FIELD_RESULTS): Promise<Row[]> {
  const nothing = (reason: string, preset: string | null = null): FieldRow[] => [
    { kind: "field", joined: 0, reason, preset },
  ];
  const own = new Map(
    rows.filter(({ kind, group }) => kind === "swap" && group === "field").map((row) => [keyOf(row), row]),
  );
  if (own.size === 0) return nothing("no field pair was swapped by a main arm");
  let results: Awaited<ReturnType<typeof readResults>>;
  try {
    results = await readResults(path);
  } catch (error) {
    const reason = sentence(error);
    if (reason === undefined) throw error;
    // The rows are kept beside the code, where nobody else's folders belong.
    return nothing(reason.replace(path, basename(path)));
  }
  const shared = results.rows.filter((row) => isField(row) && own.has(keyOf(row)));
  const { preset } = results;
  if (shared.length === 0) return nothing("df_vs_liae measured none of these seeds, pairs and photographs", preset);
  // One row may agree by chance: where any differs, none is of the same measurement.
  const strange = shared.filter((row) => {
    const [a, b] = [row["similarity_before"], own.get(keyOf(row))!["similarity_before"]];
    return !(Math.abs((a as number) - (b as number)) <= TOLERANCE);
  });
  if (strange.length > 0) return nothing("df_vs_liae measured other photographs, or by another gallery", preset);
  const swaps = shared.map((row) => ({
    ...row,
    group: "field",
    top1: row["rank"] === 1 ? 1 : 0,
    attribute_rank: null,
  }));
  return [
    ...swaps,
    ...occlusionsOf(results.rows, rows),
    { kind: "field", joined: swaps.length, reason: null, preset } satisfies FieldRow,
  ];
}

const keyOf = (row: Row) => JSON.stringify(["seed", "pair", "person", "photo"].map((key) => row[key]));

const isField = ({ kind, arm, variant }: Row) =>
  kind === "swap" && variant === "overlay" && (FIELD_ARMS as readonly unknown[]).includes(arm);

/** What became of the same occluders before the same faces. */
function occlusionsOf(theirs: readonly Row[], ours: readonly Row[]): Row[] {
  const full = (row: Row) => `${keyOf(row)} ${row["task"]} ${row["occluder"]}`;
  const known = new Set(ours.filter(({ kind }) => kind === "occlusion").map(full));
  return theirs.filter((row) =>
    row["kind"] === "occlusion" && (FIELD_ARMS as readonly unknown[]).includes(row["arm"]) && known.has(full(row))
  ) as Row[];
}
