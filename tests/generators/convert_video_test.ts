import assert from "node:assert/strict";
import { join } from "node:path";
import { BUNDLED_FACES } from "doppel/data/mod.ts";
import { alignFace, findOneFace } from "doppel/faces/mod.ts";
import {
  type ConvertedFrame,
  convertFrames,
  type ConvertFramesOptions,
  convertPhotos,
  df,
  facePredictor,
  liae,
  predictFaces,
} from "doppel/generators/mod.ts";
import {
  createPicture,
  fromBytes,
  type Picture,
  readPicture,
  resizePicture,
  toBytes,
  type VideoFrame,
} from "doppel/image/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const sizes = { resolution: 64, encoder: 4, decoder: 4, code: 8, mask: 2 };
const model = df(sizes, 1);
const large = await readPicture(join(BUNDLED_FACES, "photos/person01/image_0001.jpg"));
const photo = resizePicture(large, 320, Math.round(320 * large.height / large.width), { interpolation: "area" });
const blank = createPicture(photo.width, photo.height, 3, [0.3, 0.6, 0.3]);
const { landmarks } = await findOneFace(photo);
const bytes = toBytes(photo);

async function* film(...pictures: Picture[]): AsyncGenerator<VideoFrame> {
  for (const [index, { width, height, ...rest }] of pictures.entries()) {
    yield { index, time: index / 25, duration: 0.04, width, height, data: toBytes({ width, height, ...rest }) };
  }
}
async function converted(pictures: Picture[], options: ConvertFramesOptions): Promise<ConvertedFrame[]> {
  return await Array.fromAsync(convertFrames(model, film(...pictures), { mask: "dst", ...options }));
}
const unlike = (a: Uint8Array, b: Uint8Array) => a.reduce((most, byte, i) => Math.max(most, Math.abs(byte - b[i]!)), 0);

for (const [name, built] of Object.entries({ df: model, liae: liae(sizes, 1) })) {
  Deno.test(`facePredictor() of ${name} predicts what predictFaces() does`, async () => {
    const { picture } = alignFace(photo, landmarks, { size: 64 });
    const predictor = facePredictor([built], { to: "source" });
    const [recorded, again] = [await predictor.predict([picture]), await predictor.predict([picture])];
    assert.deepEqual([recorded, again], Array(2).fill(await predictFaces(built, [picture])));
    await predictor.dispose();
  });
}

Deno.test("convertFrames() makes of a frame what convertPhotos() makes of the photograph", async () => {
  for (const options of [{}, { faceScale: 20 }, { mode: "seamless" as const }]) {
    const [frame] = await converted([fromBytes(bytes, photo.width, photo.height, 3)], { ...options, label: false });
    const [swap] = await convertPhotos(model, [{ photo, landmarks }], { mask: "dst", ...options, label: false });
    assert.ok(unlike(frame!.data, bytes) > 40, "the face has changed");
    const off = unlike(frame!.data, toBytes(swap!.picture));
    assert.ok(off <= 4, `${JSON.stringify(options)}: off by ${off} of 255`);
    swap!.mask.data.forEach((value, i) => {
      if (value === 0) assert.equal(frame!.data[3 * i], bytes[3 * i]);
    });
  }
});

Deno.test("convertFrames() passes frames without a face through bit for bit, in their order, and counts", async () => {
  const frames = await converted([blank, photo, photo, blank, photo], { label: false });
  assert.deepEqual(frames.map(({ index, found, replaced }) => [index, found, replaced]), [
    ...[[0, 0, 0], [1, 1, 1], [2, 1, 1], [3, 0, 0], [4, 1, 1]],
  ]);
  for (const at of [0, 3]) assert.deepEqual(frames[at]!.data, toBytes(blank));
  for (const at of [1, 2, 4]) assert.ok(unlike(frames[at]!.data, bytes) > 40);
});

Deno.test("convertFrames() labels every frame unless told not to", async () => {
  const [frame] = await converted([blank], {});
  assert.ok(unlike(frame!.data, toBytes(blank)) > 40);
});

Deno.test("convertFrames() counts faces for which the model sees no place", async () => {
  const blind = {
    ...model,
    convert: (x: tf.Tensor4D) => ({
      face: x.mul(1) as tf.Tensor4D,
      mask: tf.zerosLike(x.slice([0, 0, 0, 0], [-1, -1, -1, 1])),
    }),
  };
  const [frame] = await Array.fromAsync(convertFrames(blind, film(photo), { label: false }));
  assert.deepEqual([frame!.found, frame!.replaced], [1, 0]);
  assert.deepEqual(frame!.data, bytes);
});

Deno.test("convertFrames() ends its source and leaves no tensor behind, also when stopped halfway", async () => {
  await converted([photo], {});
  const before = tf.memory().numTensors;
  let isEnded = false;
  async function* watched() {
    try {
      yield* film(photo, photo, photo, photo);
    } finally {
      isEnded = true;
    }
  }
  for await (const frame of convertFrames(model, watched(), { mask: "dst" })) if (frame.index === 1) break;
  assert.ok(isEnded);
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("convertFrames() refuses what makes no sense for a video", async () => {
  await assert.rejects(converted([photo], { motionBlur: 101 }), /expected a motion blur from 0 to 100, got 101/);
  await assert.rejects(converted([photo], { mask: "XSeg-dst" }), /expected a segmentation network for XSeg-dst/);
});
