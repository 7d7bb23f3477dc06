/**
 * Averages the landmarks in `faces.json` into the mean face that all photographs are aligned to, and writes it to
 * `lib/faces/mean_face.json`.
 *
 *     deno run -A datasets/caltech_faces/make_template.ts
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { readFaceList } from "doppel/data/mod.ts";
import { procrustesMean } from "doppel/faces/mod.ts";
import { writeFileWhole } from "doppel/image/mod.ts";

const { faces } = await readFaceList(fileURLToPath(new URL(".", import.meta.url)));
const mean = procrustesMean(faces.map((face) => face.landmarks));
const template = {
  source: "generalised Procrustes mean of datasets/caltech_faces/faces.json, mirror-symmetric",
  faces: faces.length,
  points: Array.from(mean, (value) => Number(value.toFixed(5))).join(" "),
};
const target = fileURLToPath(new URL("../../lib/faces/mean_face.json", import.meta.url));
await writeFileWhole(target, `${JSON.stringify(template, null, 2)}\n`);
