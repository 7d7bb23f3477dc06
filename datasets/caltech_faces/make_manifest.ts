/**
 * Writes `manifest.json`: each photograph with its checksum, its size, its person and its place in the two splits. Needs
 * `faces.json` (see `make_faces.ts`).
 *
 *     deno run -A datasets/caltech_faces/make_manifest.ts
 *
 * @module
 */

import { join } from "node:path";
import { faceDistance, sha256Of, splitPhotographs } from "doppel/data/mod.ts";
import { readPicture, writeFileWhole } from "doppel/image/mod.ts";
import { comparableFaces, FOLDER } from "./photo_distance.ts";

const TEST = ["person04", "person11", "person15", "person22", "person24"];
const VALIDATION = ["person03", "person12", "person18", "person20", "person26"];
// A training photograph nearer than this to a held-out one of its person is used in neither: about the nearest
// hundredth of all pairs of one person (README.md has the figures).
const TOO_LIKE = 13;

const faces = await comparableFaces();
const photographs: object[] = [];
for (const person of names(join(FOLDER, "photos"))) {
  const paths = names(join(FOLDER, "photos", person)).map((file) => `photos/${person}/${file}`);
  const splits = splitPhotographs(paths.length, (train, heldOut) => {
    const [a, b] = [faces.get(paths[train]!), faces.get(paths[heldOut]!)];
    return a !== undefined && b !== undefined && faceDistance(a, b) < TOO_LIKE;
  });
  for (const [i, path] of paths.entries()) {
    const bytes = await Deno.readFile(join(FOLDER, path));
    const { width, height } = await readPicture(bytes, path);
    const identity_split = TEST.includes(person) ? "test" : VALIDATION.includes(person) ? "validation" : "train";
    const sha256 = sha256Of(bytes);
    photographs.push({ path, sha256, person, width, height, identity_split, photo_split: splits[i] });
  }
}
const manifest = {
  name: "caltech_faces",
  licence: "CC-BY-4.0",
  source: "Caltech-101, category Faces_easy (Fei-Fei, Fergus and Perona 2004)",
  photographs,
};
await writeFileWhole(join(FOLDER, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

function names(path: string): string[] {
  return Array.from(Deno.readDirSync(path), (entry) => entry.name).sort();
}
