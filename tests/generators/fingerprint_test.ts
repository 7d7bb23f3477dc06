import assert from "node:assert/strict";
import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
import {
  cropBatch,
  fingerprint,
  fingerprintSizes,
  reconstructPictures,
  UP_SAMPLERS,
  type UpSampler,
} from "doppel/generators/mod.ts";
import { createPicture, mirrorPicture, type Picture } from "doppel/image/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const { faces } = await readFaceSet(BUNDLED_FACES, { size: 64, persons: ["person05"], perPerson: 4 });
const pictures = faces.map(({ picture }) => picture);

/** Mean power of the grey picture by distance from frequency 0, in 32 rings up to half the sampling rate. */
function radialPower(picture: Picture): number[] {
  const { width: side, data } = picture;
  const power = tf.tidy(() => {
    const grey = tf.tensor3d(data, [side, side, 3]).mean(2) as tf.Tensor2D;
    const centred = grey.sub(grey.mean());
    const columns = tf.spectral.fft(tf.complex(centred, tf.zerosLike(centred)));
    const both = tf.spectral.fft(tf.transpose(columns));
    return tf.real(both).square().add(tf.imag(both).square()).dataSync();
  });
  const [sums, counts] = [new Array<number>(side / 2).fill(0), new Array<number>(side / 2).fill(0)];
  power.forEach((value, i) => {
    const [u, v] = [i % side, Math.floor(i / side)].map((k) => k > side / 2 ? k - side : k) as [number, number];
    const ring = Math.floor(Math.hypot(u, v));
    if (ring >= side / 2) return;
    sums[ring]! += value;
    counts[ring]! += 1;
  });
  return sums.map((sum, ring) => sum / counts[ring]!);
}

/** Share of the upper quarter of the spectrum, averaged over three seeds of first weights. */
async function highShare(upSampler: UpSampler): Promise<number> {
  const shares: number[] = [];
  for (const seed of [1, 2, 3]) {
    const model = fingerprint(fingerprintSizes.tiny, upSampler, seed);
    for (const made of await reconstructPictures(model, pictures)) {
      const rings = radialPower(made);
      const sum = (part: number[]) => part.reduce((total, value) => total + value, 0);
      shares.push(sum(rings.slice(24)) / sum(rings.slice(1)));
    }
    model.weights.dispose();
  }
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

Deno.test("fingerprint() with transposed convolutions leaves several times the high frequencies that bilinear leaves", async () => {
  const [transposed, bilinear] = [await highShare("transposed"), await highShare("bilinear")];
  assert.ok(transposed > 5 * bilinear, `${transposed} and ${bilinear}`);
});

Deno.test("fingerprint() begins with the same encoder and blocks for every up-sampler, and does the same at every place", async () => {
  for (const upSampler of UP_SAMPLERS) {
    const models = [fingerprint(fingerprintSizes.tiny, upSampler, 3), fingerprint(fingerprintSizes.tiny, "nearest", 3)];
    for (const name of ["head/kernel", "down2/kernel", "block1/conv1/kernel"]) {
      const [own, other] = models.map(({ weights }) => [...weights.named()[name]!.dataSync()]);
      assert.deepEqual(own, other, name);
    }
    const [first, second] = await reconstructPictures(models[0]!, [pictures[0]!, moved(pictures[0]!, 8)]);
    // Away from the border, where zeros stand outside.
    for (let y = 28; y < 36; y++) {
      for (let x = 26; x < 32; x++) {
        const [a, b] = [first!.data[(y * 64 + x) * 3]!, second!.data[(y * 64 + x + 8) * 3]!];
        assert.ok(Math.abs(a - b) < 1e-4, `${upSampler} at ${x}, ${y}: ${a} and ${b}`);
      }
    }
    models.forEach(({ weights }) => weights.dispose());
  }
});

Deno.test("reconstructPictures() gives each picture back in its size, and refuses what the network cannot halve twice", async () => {
  const model = fingerprint(fingerprintSizes.tiny, "pixel_shuffle", 1);
  const before = tf.memory().numTensors;
  const [made] = await reconstructPictures(model, [createPicture(20, 12, 3, 0.5)]);
  assert.deepEqual([made!.width, made!.height, made!.channels], [20, 12, 3]);
  assert.ok(made!.data.every((value) => value >= 0 && value <= 1));
  assert.equal(tf.memory().numTensors, before);
  await assert.rejects(
    reconstructPictures(model, [createPicture(18, 12, 3)]),
    /Cannot reconstruct pictures: expected sides that are multiples of 4, got 18x12/,
  );
  await assert.rejects(reconstructPictures(model, [createPicture(8, 8, 1)]), /colour pictures of shape \[8, 8, 3\]/);
  model.weights.dispose();
});

Deno.test("cropBatch() cuts squares out of the pictures, some mirrored, the same for the same step", () => {
  const ramp = createPicture(24, 20, 3, Float32Array.from({ length: 1440 }, (_, i) => i / 1440));
  const options = { size: 40, crop: 8, seed: 3, step: 5 };
  const batch = cropBatch([ramp], options);
  assert.deepEqual(cropBatch([ramp], options), batch);
  assert.notDeepEqual(cropBatch([ramp], { ...options, step: 6 }), batch);
  const rows = (picture: Picture) => {
    const found = new Set<string>();
    for (let y = 0; y < 20; y++) {
      for (let x = 0; x <= 16; x++) {
        found.add(picture.data.slice((y * 24 + x) * 3, (y * 24 + x + 8) * 3).join(" "));
      }
    }
    return found;
  };
  const [straight, mirrored] = [rows(ramp), rows(mirrorPicture(ramp))];
  const counts = { straight: 0, mirrored: 0 };
  for (let i = 0; i < 40; i++) {
    const first = batch.slice(i * 192, i * 192 + 24).join(" ");
    if (straight.has(first)) counts.straight++;
    else if (mirrored.has(first)) counts.mirrored++;
  }
  assert.equal(counts.straight + counts.mirrored, 40, "every square is a piece of the picture");
  assert.ok(counts.straight > 8 && counts.mirrored > 8, JSON.stringify(counts));
  assert.throws(() => cropBatch([], options), /expected at least one picture, got none/);
  assert.throws(() => cropBatch([ramp], { ...options, crop: 21 }), /a whole crop of 1 to 20 pixels, got 21/);
});

/** A picture moved to the right, its left edge repeated. */
function moved({ width, height, data }: Picture, by: number): Picture {
  const out = new Float32Array(data.length);
  for (let i = 0; i < width * height; i++) {
    const from = Math.floor(i / width) * width + Math.max(0, i % width - by);
    out.set(data.subarray(from * 3, from * 3 + 3), i * 3);
  }
  return createPicture(width, height, 3, out);
}
