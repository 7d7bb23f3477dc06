/**
 * Writes the table of distances of `README.md` to the standard output: are photographs that stand side by side in the
 * order of the files more alike than others of the same person?
 *
 *     deno run -A datasets/caltech_faces/measure_distances.ts
 *
 * @module
 */

import { faceDistance, readManifest } from "doppel/data/mod.ts";
import { comparableFaces, FOLDER } from "./photo_distance.ts";

const faces = await comparableFaces();
const photographs = (await readManifest(FOLDER)).photographs.filter(({ path }) => faces.has(path));
const groups = new Map<string, number[]>();
const number = (path: string) => Number(path.match(/(\d+)\.jpg$/)![1]);
for (const [i, a] of photographs.entries()) {
  for (const b of photographs.slice(i + 1)) {
    const distance = faceDistance(faces.get(a.path)!, faces.get(b.path)!);
    const lag = number(b.path) - number(a.path);
    add(
      a.person !== b.person
        ? "different persons"
        : lag < 5
        ? `same person, ${lag} apart`
        : "same person, 5 or more apart",
      distance,
    );
    if (a.person !== b.person) continue;
    add("same person, all", distance);
    const splits = [a.photo_split, b.photo_split].sort().join(" and ");
    if (splits === "held_out and train") add("same person, held_out and train", distance);
  }
}
const quantile = (sorted: readonly number[], p: number) => sorted[Math.floor(p * (sorted.length - 1))]!.toFixed(1);
const rows = [...groups].sort(([a], [b]) => a < b ? -1 : 1).map(([name, distances]) => {
  const sorted = distances.toSorted((a, b) => a - b);
  return `| ${name} | ${sorted.length} | ${[0, 0.01, 0.05, 0.5].map((p) => quantile(sorted, p)).join(" | ")} |`;
});
await Deno.stdout.write(new TextEncoder().encode(
  `| pairs | number | nearest | 1 % | 5 % | median |\n| --- | --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`,
));

function add(group: string, distance: number): void {
  const known = groups.get(group);
  if (known) known.push(distance);
  else groups.set(group, [distance]);
}
