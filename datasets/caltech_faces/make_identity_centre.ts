/**
 * Writes `lib/faces/identity_centre.json`: the mean of the persons' mean descriptors by `face_api`. Needs `faces.json` (see
 * `make_faces.ts`). Half a minute.
 *
 *     deno run -A datasets/caltech_faces/make_identity_centre.ts
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFaceSet } from "doppel/data/mod.ts";
import { centreOf, describeFaces, ENCODER_SHAPES, meanVector } from "doppel/faces/mod.ts";
import { writeFileWhole } from "doppel/image/mod.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const { faces } = await readFaceSet(folder, { size: ENCODER_SHAPES.face_api.side });
const means: Float32Array[] = [];
for (const own of Map.groupBy(faces, ({ person }) => person).values()) {
  means.push(meanVector(await describeFaces(own.map(({ picture }) => picture), { encoder: "face_api" })));
}
const descriptor = Array.from(centreOf(means), (value) => Number(value.toFixed(5))).join(" ");
const path = join(folder, "../../lib/faces/identity_centre.json");
await writeFileWhole(path, `${JSON.stringify({ descriptor }, null, 2)}\n`);
