import assert from "node:assert/strict";
import { aei, type AeiModel, aeiSizes, maskMeans, swapFaces, swapPhotos } from "doppel/generators/mod.ts";
import { BUNDLED_FACES, readFaceList } from "doppel/data/mod.ts";
import { createPicture, type Picture, readPicture } from "doppel/image/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const { faces: [listed] } = await readFaceList(BUNDLED_FACES);
const photo = await readPicture(`${BUNDLED_FACES}/${listed!.path}`);
const target = { photo, landmarks: listed!.landmarks };
const identity = new Float32Array(8).fill(Math.sqrt(1 / 8));
/** Paints every face red, to see where it goes. */
const painter = {
  ...aei(aeiSizes.tiny, 1),
  swap: (faces: tf.Tensor4D) => tf.onesLike(faces).mul(tf.tensor1d([1, 0, 0])),
} as AeiModel;
const differs = (a: Picture, b: Picture, pixel: number) =>
  [0, 1, 2].some((channel) => a.data[pixel * 3 + channel] !== b.data[pixel * 3 + channel]);

Deno.test("swapFaces() makes of each face what the model makes of it alone, in batches of any size", async () => {
  const model = aei(aeiSizes.tiny, 1);
  const faces = [0.2, 0.5, 0.8].map((grey) =>
    createPicture(16, 16, 3, Float32Array.from({ length: 768 }, (_, i) => grey + (i % 5) / 50))
  );
  const identities = [identity, identity.map((own) => -own), identity];
  const before = tf.memory().numTensors;
  const together = await swapFaces(model, faces, identities);
  const apart = await swapFaces(model, faces, identities, { batch: 2 });
  assert.equal(tf.memory().numTensors, before);
  together.forEach(({ data }, i) =>
    data.forEach((own, k) => assert.ok(Math.abs(own - apart[i]!.data[k]!) < 1e-5, `face ${i}`))
  );
  const [plain] = await swapFaces(model, [faces[1]!], identity);
  assert.notDeepEqual(plain!.data, together[1]!.data);
  await assert.rejects(
    swapFaces(model, faces, [identity]),
    /Cannot swap faces: expected 3 embeddings, one a face, got 1/,
  );
  await assert.rejects(swapFaces(model, faces, new Float32Array(128)), /expected embeddings of 8 numbers, got 128/);
  await assert.rejects(swapFaces(model, [createPicture(8, 8, 3)], identity), /faces of 16x16 pixels/);
  model.weights.dispose();
});

Deno.test("maskMeans() gives one mean a level, 1 where a mask lets nothing but the identity through", async () => {
  const model = aei(aeiSizes.tiny, 1);
  const before = tf.memory().numTensors;
  const faces = [0.2, 0.8].map((grey) => createPicture(16, 16, 3, grey));
  for (const [name, variable] of Object.entries(model.weights.named())) {
    const level = /level(\d)\/.*mask\/(kernel|bias)/.exec(name);
    if (level) {
      tf.tidy(() => variable.assign(tf.fill(variable.shape, level[2] === "bias" && level[1] === "2" ? 40 : 0)));
    }
  }
  assert.deepEqual(await maskMeans(model, faces, identity), [0.5, 1, 0.5, 0.5]);
  assert.equal(tf.memory().numTensors, before);
  model.weights.dispose();
  const added = aei({ ...aeiSizes.tiny, fusion: "add" }, 1);
  await assert.rejects(maskMeans(added, faces, identity), /Cannot average masks: .+ "aad", got one with "add"/);
  added.weights.dispose();
});

Deno.test("swapPhotos() puts the whole square back with a soft edge, and touches nothing else", async () => {
  const [{ picture, mask, face, aligned }] = await swapPhotos(painter, [target], identity, { label: false }) as [
    Awaited<ReturnType<typeof swapPhotos>>[number],
  ];
  assert.deepEqual([face.width, aligned.width], [16, 16]);
  let [full, steepest] = [0, 0];
  mask.data.forEach((own, i) => {
    if (own === 0) assert.ok(!differs(picture, photo, i), `pixel ${i} changed`);
    if (own > 0.999) {
      full++;
      assert.ok(picture.data[i * 3]! > 0.99 && picture.data[i * 3 + 1]! < 0.01);
    }
    if (i % mask.width > 0) steepest = Math.max(steepest, Math.abs(own - mask.data[i - 1]!));
  });
  const hull = (await swapPhotos(painter, [target], identity, { label: false, mask: "hull" }))[0]!;
  const area = ({ data }: Picture) => data.reduce((sum, own) => sum + own, 0);
  assert.ok(full > 0 && steepest < 0.25, `${full} full pixels, steepest edge ${steepest}`);
  assert.ok(area(hull.mask) < area(mask) && area(hull.mask) > 0.2 * area(mask));
});

Deno.test("swapPhotos() labels every photograph unless it is switched off on purpose", async () => {
  const [labelled] = await swapPhotos(painter, [target], identity);
  const [bare] = await swapPhotos(painter, [target], identity, { label: false });
  const corner = (photo.height - 3) * photo.width + 2;
  assert.ok(!differs(bare!.picture, photo, corner) && differs(labelled!.picture, photo, corner));
});
