/**
 * Finds the faces of the bundled photographs and writes `faces.json`, so that experiments need not. About a minute.
 *
 *     deno run -A datasets/caltech_faces/make_faces.ts
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { readPicture, writeFileWhole } from "doppel/image/mod.ts";
import { facePackages, findFaces } from "doppel/faces/mod.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const minScore = 0.5;
const round = (value: number) => Math.round(value * 100) / 100;

const faces: object[] = [];
const missed: object[] = [];
for (const person of names(join(folder, "photos"))) {
  for (const file of names(join(folder, "photos", person))) {
    const path = `photos/${person}/${file}`;
    const found = await findFaces(await readPicture(join(folder, path)), { minScore });
    const [face] = found;
    if (!face) {
      missed.push({ path, reason: `the detector finds no face with a score of ${minScore} or more` });
      continue;
    }
    const { box } = face;
    faces.push({
      path,
      box: [box.x, box.y, box.width, box.height].map(round).join(" "),
      score: Math.round(face.score * 10_000) / 10_000,
      landmarks: Array.from(face.landmarks, round).join(" "),
    });
  }
}
const faceApi = "@vladmandic/face-api";
const list = { packages: { [faceApi]: (await facePackages())[faceApi] }, min_score: minScore, faces, missed };
await writeFileWhole(join(folder, "faces.json"), `${JSON.stringify(list, null, 2)}\n`);

function names(path: string): string[] {
  return Array.from(Deno.readDirSync(path), (entry) => entry.name).sort();
}
