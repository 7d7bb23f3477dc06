import assert from "node:assert/strict";
import { join } from "node:path";
import { BUNDLED_FACES, readFaceList } from "doppel/data/mod.ts";
import { type ConvertOptions, convertPhotos, df, type FacePairModel, MERGE_MODES } from "doppel/generators/mod.ts";
import { createPicture, type Picture, readPicture, resizePicture } from "doppel/image/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const model = df({ resolution: 64, encoder: 4, decoder: 4, code: 8, mask: 2 }, 1);
const { faces } = await readFaceList(BUNDLED_FACES);
const photo = await readPicture(join(BUNDLED_FACES, faces[0]!.path));
const target = { photo, landmarks: faces[0]!.landmarks };

/** A model that paints every face in one colour and sees a face everywhere, nowhere, or where it is told. */
const painter = (mask: number): FacePairModel => ({
  ...model,
  convert: (x) => ({
    face: tf.fill(x.shape, 0.5) as tf.Tensor4D,
    mask: tf.fill([x.shape[0], 64, 64, 1], mask) as tf.Tensor4D,
  }),
});
const differs = (a: Picture, b: Picture, pixel: number) =>
  [0, 1, 2].some((channel) => a.data[pixel * 3 + channel] !== b.data[pixel * 3 + channel]);

for (const faceType of ["mid_full", "full", "whole"] as const) {
  Deno.test(`convertPhotos() with face type ${faceType} changes the face and leaves every other pixel bit for bit`, async () => {
    const [result] = await convertPhotos(model, [target], { faceType, mask: "dst", label: false });
    const { picture, mask } = result!;
    assert.deepEqual([picture.width, picture.height], [photo.width, photo.height]);
    let [inside, outside] = [0, 0];
    for (let i = 0; i < mask.data.length; i++) {
      if (mask.data[i]! > 0.5) inside += differs(picture, photo, i) ? 1 : 0;
      if (mask.data[i] === 0) outside += differs(picture, photo, i) ? 1 : 0;
    }
    assert.equal(outside, 0);
    const covered = mask.data.filter((value) => value > 0.5).length;
    assert.ok(covered > 5000 && inside > covered * 0.98, `${inside} of ${covered} pixels of the face changed`);
    assert.ok(mask.data.some((value) => value > 0.05 && value < 0.95), "the mask has a soft edge");
  });
}

Deno.test("convertPhotos() pastes no edge of the aligned square, even where the model sees a face everywhere", async () => {
  const [result] = await convertPhotos(painter(1), [target], { colour: "none", label: false });
  const { mask } = result!;
  let steepest = 0;
  for (let y = 1; y < mask.height; y++) {
    for (let x = 1; x < mask.width; x++) {
      const at = y * mask.width + x;
      const here = mask.data[at]!;
      steepest = Math.max(steepest, Math.abs(here - mask.data[at - 1]!), Math.abs(here - mask.data[at - mask.width]!));
    }
  }
  assert.ok(steepest < 0.25, `the mask jumps by ${steepest} between neighbours`);
});

Deno.test("convertPhotos() gives the face the photograph's colours unless told not to", async () => {
  const average = ({ data }: Picture, mask: Picture) => {
    const sums = [0, 0, 0];
    let count = 0;
    for (let i = 0; i < mask.data.length; i++) {
      if (mask.data[i]! < 0.99) continue;
      count++;
      for (const channel of [0, 1, 2]) sums[channel]! += data[i * 3 + channel]!;
    }
    return sums.map((sum) => sum / count);
  };
  const [fitted] = await convertPhotos(painter(1), [target], { label: false });
  const [plain] = await convertPhotos(painter(1), [target], { colour: "none", label: false });
  const wanted = average(photo, fitted!.mask);
  const gap = (values: number[]) => Math.max(...values.map((value, i) => Math.abs(value - wanted[i]!)));
  const [near, far] = [fitted!, plain!].map(({ picture, mask }) => gap(average(picture, mask)));
  assert.ok(near! < 0.12 && near! < far! / 2, `off by ${near} with the transfer, by ${far} without`);
});

Deno.test("convertPhotos() labels every picture unless it is switched off on purpose", async () => {
  const [labelled] = await convertPhotos(model, [target], { mask: "dst" });
  const [bare] = await convertPhotos(model, [target], { mask: "dst", label: false });
  const corner = (photo.height - 3) * photo.width + 2;
  assert.ok(!differs(bare!.picture, photo, corner));
  assert.ok(differs(labelled!.picture, photo, corner));
});

Deno.test("convertPhotos() refuses to paste nothing", async () => {
  await assert.rejects(
    convertPhotos(painter(0), [target]),
    /^Problem: Cannot convert photograph: expected a face mask by learned-prd\*learned-dst, got an empty one/,
  );
});

const everything: Readonly<Record<string, ConvertOptions>> = {
  ...Object.fromEntries(MERGE_MODES.map((mode) => [`mode ${mode}`, { mode }])),
  "lct": { colour: "lct" },
  "mkl": { colour: "mkl" },
  "idt": { colour: "idt" },
  "sot": { colour: "sot" },
  "a wider mask": { erode: -0.05 },
  "a narrower mask": { erode: 0.05 },
  "sharpening": { sharpen: 5 },
  "a median": { sharpen: -20 },
  "motion blur": { motionBlur: { length: 7, angle: 30 } },
  "poor quality": { denoise: 100, degrade: 50, degradeColour: 50 },
  "a larger face": { faceScale: 20 },
  "an enhanced face": {
    enhance: (faces) => Promise.resolve(faces.map((face) => resizePicture(face, 128, 128))),
    enhancePower: 50,
  },
  "a segmentation": {
    mask: "learned-prd*learned-dst*XSeg-prd*XSeg-dst",
    segment: (faces) => Promise.resolve(faces.map(({ width, height }) => createPicture(width, height, 1, 1))),
  },
};
for (const [name, options] of Object.entries(everything)) {
  Deno.test(`convertPhotos() with ${name} leaves every pixel outside the mask bit for bit`, async () => {
    const [result] = await convertPhotos(painter(0.9), [target], { ...options, label: false });
    const { picture, mask } = result!;
    assert.deepEqual([picture.width, picture.height, mask.width, mask.height], [
      ...[photo.width, photo.height],
      ...[photo.width, photo.height],
    ]);
    let [outside, inside] = [0, 0];
    for (let i = 0; i < mask.data.length; i++) {
      if (mask.data[i] === 0) outside += differs(picture, photo, i) ? 1 : 0;
      else inside += differs(picture, photo, i) ? 1 : 0;
    }
    assert.equal(outside, 0);
    assert.equal(inside > 3000, options.mode !== "original", `${inside} pixels changed inside`);
    assert.ok(picture.data.every((value) => value >= 0 && value <= 1), "values in [0, 1]");
  });
}

Deno.test("convertPhotos() with a larger face changes more of the photograph", async () => {
  const covered = async (faceScale: number) => {
    const [result] = await convertPhotos(painter(1), [target], { faceScale, mask: "dst", label: false });
    return result!.mask.data.filter((value) => value > 0.5).length;
  };
  const [small, plain, large] = [await covered(-30), await covered(0), await covered(30)];
  assert.ok(small < plain * 0.6 && plain * 1.4 < large, `${small}, ${plain}, ${large} pixels`);
});

Deno.test("convertPhotos() asks for a segmentation network where the mask needs one", async () => {
  await assert.rejects(
    convertPhotos(painter(1), [target], { mask: "XSeg-dst" }),
    /Cannot combine masks: expected a segmentation network for XSeg-dst, got none \(XSeg-dst\)/,
  );
});

Deno.test("convertPhotos() leaves no tensor behind", async () => {
  const before = tf.memory().numTensors;
  await convertPhotos(model, [target, target], { mask: "dst" });
  assert.equal(tf.memory().numTensors, before);
});
