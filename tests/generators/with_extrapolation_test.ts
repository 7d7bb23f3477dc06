import assert from "node:assert/strict";
import { aei, type AeiEncoder, type AeiModel, aeiSizes, withExtrapolation } from "doppel/generators/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const normal = (x: number[]) => x.map((value) => value / Math.hypot(...x));
/** Whose face each target shows: one east, one between north and east. */
const own = [normal([1, 0, 0]), normal([1, 1, 0])];
const encoder: AeiEncoder = { embed: () => tf.tensor2d(own) };
/** A model that gives the identities away that it is told. */
function listening(): { model: AeiModel; told: () => number[][] } {
  let told: number[][] = [];
  const model = {
    ...aei(aeiSizes.tiny, 1),
    swap: (faces: tf.Tensor4D, identity: tf.Tensor2D) => {
      told = identity.arraySync();
      return faces.clone();
    },
  } as AeiModel;
  return { model, told: () => told };
}

Deno.test("withExtrapolation() moves each source away from its own target, on the sphere", () => {
  const { model, told } = listening();
  const source = normal([0, 1, 1]);
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    withExtrapolation(model, encoder, 0.5).swap(tf.zeros([2, 16, 16, 3]), tf.tensor2d([source, source]));
  });
  assert.equal(tf.memory().numTensors, before);
  own.forEach((target, i) => {
    const expected = normal(source.map((value, k) => 1.5 * value - 0.5 * target[k]!));
    expected.forEach((value, k) => assert.ok(Math.abs(value - told()[i]![k]!) < 1e-6, `target ${i}`));
    const nearness = (x: readonly number[]) => x.reduce((sum, value, k) => sum + value * target[k]!, 0);
    assert.ok(nearness(told()[i]!) < nearness(source) - 0.1, "further from the target than the source is");
  });
  model.weights.dispose();
});

Deno.test("withExtrapolation() leaves a target that gets its own identity as it is, and all with strength 0", () => {
  const { model, told } = listening();
  tf.tidy(() => {
    withExtrapolation(model, encoder, 0.75).swap(tf.zeros([2, 16, 16, 3]), tf.tensor2d(own));
  });
  own.flat().forEach((value, k) => assert.ok(Math.abs(value - told().flat()[k]!) < 1e-6));
  assert.equal(withExtrapolation(model, encoder, 0), model);
  for (const strength of [-0.1, NaN, Infinity]) {
    assert.throws(
      () => withExtrapolation(model, encoder, strength),
      /^Problem: Cannot extrapolate identities: expected a strength of 0 or more, got /,
    );
  }
  model.weights.dispose();
});
