import assert from "node:assert/strict";
import { join } from "node:path";
import { assertDisjoint, BUNDLED_FACES, readManifest, readMasks } from "doppel/data/mod.ts";
import { hullMask } from "doppel/faces/mod.ts";
import { shareCovered } from "doppel/evaluation/mod.ts";
import { PERSON_WITH_HANDS, readMaskedFaces, readMaskedSet } from "../../datasets/caltech_faces/mask_trials.ts";

Deno.test("caltech_faces has masks of 28 photographs, each of the size of its photograph", async () => {
  const { photographs } = await readManifest(BUNDLED_FACES);
  const { masks, unused } = await readMasks(join(BUNDLED_FACES, "masks"), {
    photographs: photographs.map(({ path }) => path),
    photoFolder: BUNDLED_FACES,
  });
  assert.deepEqual([masks.length, unused], [28, []]);
});

Deno.test("caltech_faces' masks lie on their faces: they have nearly all of the landmarks' hull but what covers it", async () => {
  for (const { person, landmarks, layers } of await readMaskedFaces(64)) {
    const share = shareCovered(layers.face, hullMask(landmarks, 64, 64));
    // The fringes of two persons hang before the brows; under a hand the landmarks are guessed.
    const isHard = ["person05", "person13", "person20"].includes(person);
    assert.ok(share > (isHard ? 0.8 : 0.93), `${person}: ${share.toFixed(3)}`);
  }
});

Deno.test("readMaskedSet() learns from 20 persons and measures on 6 others, some with a hand before the face", async () => {
  const { train, textures, heldOut, synthetic, hands } = await readMaskedSet(32);
  const { photographs } = await readManifest(BUNDLED_FACES);
  const tests = photographs.filter(({ identity_split }) => identity_split === "test").map(({ person }) => person);
  assertDisjoint({ train: train.map(({ person }) => person), measure: [...tests, PERSON_WITH_HANDS] });
  assert.deepEqual([train.length, new Set(train.map(({ person }) => person)).size], [20, 20]);
  assert.deepEqual([heldOut.length, hands.length, synthetic.length], [5, 3, 40]);
  assert.ok(textures.length > 80);
  for (const { truth, covered } of [...hands, ...synthetic]) {
    assert.ok(truth.data.some((value) => value === 1));
    truth.data.forEach((value, i) => assert.ok(value + covered!.data[i]! < 1 + 1e-6, "seen and covered part the face"));
  }
});
