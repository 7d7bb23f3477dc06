import { frameOf } from "../../experiment/mod.ts";
import type { ScoredFile } from "./score.ts";

const COLUMNS = ["file", "score", "faces", "decision", "problem"] as const;

/**
 * Words scores as a table.
 *
 * @param scored What came of each file.
 * @param format `csv`, with a heading and empty cells for what there is not, or `json`, a list with nulls.
 * @returns Text, ending in a line break.
 */
export function wordScores(scored: readonly ScoredFile[], format: "csv" | "json"): string {
  // Six digits are more than two machines agree in.
  const rows = scored.map((row) => ({ ...row, score: row.score === null ? null : Number(row.score.toFixed(6)) }));
  if (format === "json") return `${JSON.stringify(rows, null, 2)}\n`;
  return new TextDecoder().decode(frameOf(rows, COLUMNS).writeCSV());
}
