import assert from "node:assert/strict";
import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
import { centreOf, describeFaces, identityDirections, identityEncoder } from "doppel/faces/mod.ts";
import { compile, tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const { faces } = await readFaceSet(BUNDLED_FACES, { size: 64, persons: ["person05", "person09"], perPerson: 2 });
const pictures = faces.map(({ picture }) => picture);
const described = await describeFaces(pictures, { encoder: "face_api_grey" });
const centre = centreOf(described);
const batch = () =>
  tf.tensor4d(Float32Array.from(pictures.flatMap(({ data }) => [...data])), [pictures.length, 64, 64, 3]);
const largest = (a: Float32Array, b: Float32Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

Deno.test("identityEncoder() says of photographs what describeFaces() says", async () => {
  const encoder = await identityEncoder();
  const vectors = tf.tidy(() => encoder.embed(batch()).dataSync() as Float32Array);
  described.forEach((vector, i) => {
    const off = largest(vectors.slice(i * 128, (i + 1) * 128), vector);
    assert.ok(off < 1e-5, `photograph ${i} is off by ${off}`);
  });
  encoder.dispose();
});

Deno.test("identityEncoder() says the same of a photograph and of its luminance", async () => {
  const encoder = await identityEncoder();
  const off = tf.tidy(() => {
    const grey = batch().mul(tf.tensor1d([0.299, 0.587, 0.114])).sum(3, true).tile([1, 1, 1, 3]) as tf.Tensor4D;
    return encoder.embed(batch()).sub(encoder.embed(grey)).abs().max().dataSync()[0]!;
  });
  assert.ok(off < 1e-4, String(off));
  encoder.dispose();
});

Deno.test("identityEncoder() with a centre gives the directions from it, as identityDirections() does", async () => {
  const encoder = await identityEncoder({ centre });
  const vectors = tf.tidy(() => encoder.embed(batch()).dataSync() as Float32Array);
  const directions = identityDirections(described, centre);
  directions.forEach((direction, i) => {
    assert.ok(Math.abs(Math.hypot(...direction) - 1) < 1e-6);
    assert.ok(largest(vectors.slice(i * 128, (i + 1) * 128), direction) < 1e-4);
  });
  encoder.dispose();
});

Deno.test("identityEncoder() has the gradient of finite differences, and the same inside of compile()", async () => {
  const encoder = await identityEncoder({ centre });
  const before = tf.memory().numTensors;
  const towards = tf.tensor2d(identityDirections(described, centre)[0]!, [1, 128]);
  // The first face is to become the second: a cosine that is far from its top.
  const face = tf.tidy(() => batch().slice([3, 0, 0, 0], [1, 64, 64, 3]));
  const cosine = (x: tf.Tensor) => encoder.embed(x as tf.Tensor4D).mul(towards).sum() as tf.Scalar;
  const gradient = tf.tidy(() => tf.grad(cosine)(face));
  const step = compile((x: tf.Tensor4D) => tf.grad(cosine)(x));
  const compiled = await step(face);
  const [length, off] = tf.tidy(() =>
    [gradient.square().sum().sqrt(), gradient.sub(compiled).abs().max()].map((tensor) => tensor.dataSync()[0]!)
  ) as unknown as [number, number];
  assert.ok(length > 0 && off < 1e-5 * length, `${off} of ${length}`);
  // Along the gradient itself the derivative is its length.
  const eps = 1e-2;
  const at = (t: number) => tf.tidy(() => cosine(face.add(gradient.mul(t / length))).dataSync()[0]!);
  const measured = (at(eps) - at(-eps)) / (2 * eps);
  assert.ok(Math.abs(measured / length - 1) < 0.02, `${measured} by differences, ${length} by the gradient`);
  step.dispose();
  const again = compile((x: tf.Tensor4D) => encoder.embed(x));
  tf.dispose(await again(face));
  again.dispose();
  tf.dispose([towards, face, gradient, compiled]);
  encoder.dispose();
  assert.ok(tf.memory().numTensors <= before);
});

Deno.test("identityEncoder() and identityDirections() say what is wrong", async () => {
  await assert.rejects(
    identityEncoder({ centre: new Float32Array(3) }),
    /Cannot open identity encoder: expected a centre of 128 numbers, got 3/,
  );
  const zero = new Float32Array(2);
  assert.throws(() => identityDirections([zero], zero), /expected one other than the centre, got the centre itself/);
  assert.throws(() => identityDirections([new Float32Array(3)], zero), /expected 2 numbers, got 3/);
});
