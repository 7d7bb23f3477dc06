import { equal, ok, throws } from "node:assert/strict";
import {
  attributeDistance,
  eyeDistance,
  featureDistance,
  identityGain,
  landmarkError,
  retrievalRank,
} from "doppel/evaluation/mod.ts";

const near = (got: number, want: number) => ok(Math.abs(got - want) < 1e-6, `${got} is not ${want}`);

/** 68 points with the left eye round (30, 40) and the right round (70, 40), moved and scaled. */
const face = (move: (x: number, y: number, i: number) => [number, number] = (x, y) => [x, y]) =>
  Float32Array.from(
    Array.from({ length: 68 }, (_, i) => {
      if (i >= 36 && i < 42) return move(30 + (i % 2 ? 2 : -2), 40, i);
      if (i >= 42 && i < 48) return move(70 + (i % 2 ? 2 : -2), 40, i);
      return move(i, 2 * i, i);
    }).flat(),
  );

Deno.test("landmarkError() is the mean distance over the distance of the eyes", () => {
  equal(eyeDistance(face()), 40);
  near(landmarkError(face((x, y) => [x + 3, y + 4]), face()), 5 / 40);
  const error = landmarkError(face((x, y, i) => [x + i / 10, y]), face());
  near(error, 3.35 / 40);
  near(landmarkError(face((x, y, i) => [3 * (x + i / 10), 3 * y]), face((x, y) => [3 * x, 3 * y])), error);
  throws(() => landmarkError(face().slice(2), face()), /got 67 and 68/);
});

Deno.test("attributeDistance() averages distances over those of random pairs", () => {
  near(attributeDistance({ landmarks: 0.05, expression: 0.3 }, { landmarks: 0.2, expression: 0.6 }), 0.375);
  near(featureDistance([1, 2, 3], new Float32Array([1, 5, 7])), 5);
  throws(() => attributeDistance({ pose: 1 }, { pose: 0 }), /random pairs above 0/);
});

const vector = (...values: number[]) => new Float32Array(values);
const centre = vector(10, 10);

Deno.test("identityGain() is 1 from a right angle to the source's own direction, whatever the centre", () => {
  near(identityGain({ swap: vector(13, 10), target: vector(10, 12), source: vector(11, 10), centre }), 1);
  near(identityGain({ swap: vector(10, 12), target: vector(10, 12), source: vector(11, 10), centre }), 0);
  near(identityGain({ swap: vector(9, 10), target: vector(12, 10), source: vector(11, 10), centre }), -2);
});

Deno.test("retrievalRank() counts the persons at least as near as the right one", () => {
  const gallery = [
    { person: "ann", embedding: vector(11, 10) },
    { person: "ann", embedding: vector(10, 11) },
    { person: "bob", embedding: vector(11, 11) },
    { person: "cat", embedding: vector(9, 10) },
  ];
  equal(retrievalRank(vector(12, 10), gallery, { person: "ann", centre }), 1);
  equal(retrievalRank(vector(12, 12), gallery, { person: "ann", centre }), 2);
  equal(retrievalRank(vector(12, 12), gallery, { person: "cat", centre }), 3);
  equal(
    retrievalRank(vector(11, 10), [...gallery, { person: "eve", embedding: vector(12, 10) }], {
      person: "ann",
      centre,
    }),
    2,
  );
  throws(() => retrievalRank(vector(12, 10), gallery, { person: "dan", centre }), /dan in the gallery/);
});
