import assert from "node:assert/strict";
import {
  attributeRetrievalRank,
  type FaceAttributes,
  maskedDifference,
  occlusionErrors,
  retrievalAccuracy,
} from "doppel/evaluation/mod.ts";
import { createPicture, type Picture } from "doppel/image/mod.ts";
import { randomSource, uniform } from "doppel/random.ts";

/** A square of one value before a ground of another. */
function squareIn(
  side: number,
  [left, top, size]: [number, number, number],
  channels: 1 | 3 = 1,
  [on, off] = [1, 0],
): Picture {
  const out = createPicture(side, side, channels, off!);
  for (let y = top; y < top + size; y++) {
    out.data.fill(on!, (y * side + left) * channels, (y * side + left + size) * channels);
  }
  return out;
}

const face = squareIn(20, [4, 4, 12]);
const occluder = squareIn(20, [0, 8, 8]);
const photograph = squareIn(20, [0, 8, 8], 3, [0.9, 0.4]);

Deno.test("occlusionErrors() measures what is left of the occluder, and what it does to the rest", () => {
  const untouched = occlusionErrors({ swap: photograph, photograph, occluder, face });
  assert.deepEqual(untouched, { inside: 0, outside: 0 });
  // Painted over: all of the face in one colour.
  const painted = createPicture(20, 20, 3, 0.6);
  const { inside, outside } = occlusionErrors({ swap: painted, photograph, occluder, face });
  assert.ok(Math.abs(inside! - 0.3) < 1e-6 && Math.abs(outside! - 0.2) < 1e-6, `${inside} ${outside}`);
  const clean = createPicture(20, 20, 3, 0.55);
  const swapped = occlusionErrors({ swap: painted, photograph, clean, occluder, face });
  assert.ok(Math.abs(swapped.inside! - 0.3) < 1e-6 && Math.abs(swapped.outside! - 0.05) < 1e-6);
});

Deno.test("occlusionErrors() counts nothing beyond the face, and nothing at the occluder's edge", () => {
  const elsewhere = createPicture(20, 20, 3, photograph.data.slice());
  elsewhere.data.fill(0, 0, 4 * 20 * 3);
  assert.deepEqual(occlusionErrors({ swap: elsewhere, photograph, occluder, face }), { inside: 0, outside: 0 });
  // One column beside the occluder is wrong; the default margin of a pixel leaves it out.
  const edge = createPicture(20, 20, 3, photograph.data.slice());
  for (let y = 8; y < 16; y++) edge.data.fill(1, (y * 20 + 8) * 3, (y * 20 + 9) * 3);
  assert.equal(occlusionErrors({ swap: edge, photograph, occluder, face }).outside, 0);
  const seen = occlusionErrors({ swap: edge, photograph, occluder, face }, { margin: 0 });
  assert.ok(Math.abs(seen.outside! - 8 * 0.6 / (144 - 32)) < 1e-6, `${seen.outside}`);
});

Deno.test("occlusionErrors() says nothing of an occluder beside the face, and refuses masks of another size", () => {
  const beside = { swap: photograph, photograph, occluder: squareIn(20, [0, 0, 3]), face };
  assert.deepEqual(occlusionErrors(beside), { inside: undefined, outside: 0 });
  const whole = { ...beside, occluder: createPicture(20, 20, 1, 1) };
  assert.deepEqual(occlusionErrors(whole), { inside: 0, outside: undefined });
  assert.equal(maskedDifference(photograph, photograph, createPicture(20, 20, 1)), undefined);
  assert.throws(
    () => occlusionErrors({ ...beside, occluder: createPicture(9, 20, 1) }),
    /masks as large as the photograph/,
  );
});

const random = { landmarks: 0.2, expression: 1 };
/** A face of its own: 68 landmarks about a place, and three expression features. */
function attributesOf(name: string): FaceAttributes {
  const source = randomSource(1, name);
  const landmarks = Array.from({ length: 136 }, (_, i) => (i % 2 ? 30 : i < 84 ? 20 : 44) + uniform(source, -3, 3));
  return { landmarks, expression: [0, 1, 2].map(() => uniform(source, 0, 1)) };
}
const gallery = ["a", "b", "c", "d"].map((photo) => ({ photo, ...attributesOf(photo) }));
const between = (one: FaceAttributes, other: FaceAttributes, share: number): FaceAttributes => ({
  landmarks: Array.from(one.landmarks, (value, i) => value + share * (other.landmarks[i]! - value)),
  expression: Array.from(one.expression, (value, i) => value + share * (other.expression[i]! - value)),
});

Deno.test("attributeRetrievalRank() finds the photograph whose attributes a swap kept", () => {
  const [a, b] = [gallery[0]!, gallery[1]!];
  assert.equal(attributeRetrievalRank(a, gallery, { photo: "a", random }), 1);
  assert.equal(attributeRetrievalRank(between(a, b, 0.2), gallery, { photo: "a", random }), 1);
  assert.ok(attributeRetrievalRank(between(a, b, 0.9), gallery, { photo: "a", random }) > 1);
  assert.equal(attributeRetrievalRank(between(a, b, 0.9), gallery, { photo: "b", random }), 1);
  const twin = [...gallery, { ...a, photo: "twin" }];
  assert.equal(attributeRetrievalRank(a, twin, { photo: "a", random }), 2, "one just as near counts against");
  assert.throws(() => attributeRetrievalRank(a, gallery, { photo: "e", random }), /expected e in the gallery/);
});

Deno.test("retrievalAccuracy() is the share of ranks up to the one asked for", () => {
  assert.equal(retrievalAccuracy([1, 2, 1, 7]), 0.5);
  assert.equal(retrievalAccuracy([1, 2, 1, 7], { top: 5 }), 0.75);
  assert.throws(() => retrievalAccuracy([]), /expected at least one, got none/);
});
