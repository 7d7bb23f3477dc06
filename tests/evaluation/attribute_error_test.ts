import assert from "node:assert/strict";
import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
import {
  attributeDistances,
  attributeError,
  type FaceAttributes,
  mean,
  randomPairDistances,
} from "doppel/evaluation/mod.ts";
import { describeExpressions } from "doppel/faces/mod.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";

const near = (got: number, want: number, within = 1e-6) =>
  assert.ok(Math.abs(got - want) <= within, `${got} is not within ${within} of ${want}`);

/** 68 points in which the eyes are 40 pixels apart, moved to the right, and an expression of two numbers. */
function face(shift: number, ...expression: number[]): FaceAttributes {
  const landmarks = Array.from({ length: 68 }, (_, i) => {
    if (i >= 36 && i < 42) return [30 + shift, 40];
    return i >= 42 && i < 48 ? [70 + shift, 40] : [i + shift, 2 * i];
  });
  return { landmarks: landmarks.flat(), expression };
}

Deno.test("attributeError() is the mean of landmark error and expression distance over those of random pairs", () => {
  const [swap, target] = [face(2, 3, 4), face(0, 0, 0)];
  assert.deepEqual(attributeDistances(swap, target), { landmarks: 2 / 40, expression: 5 });
  // 0.05 of 0.2 and 5 of 10.
  near(attributeError(swap, target, { landmarks: 0.2, expression: 10 }), (0.25 + 0.5) / 2);
  assert.equal(attributeError(target, target, { landmarks: 0.2, expression: 10 }), 0);
  assert.throws(() => attributeError(swap, face(0, 1), { landmarks: 1, expression: 1 }), /equal lengths, got 2 and 1/);
});

Deno.test("randomPairDistances() draws pairs of different persons only, the same for the same seed", () => {
  const crowd = [
    { person: "ann", ...face(0, 0) },
    { person: "ann", ...face(100, 50) },
    { person: "bob", ...face(0, 1) },
    { person: "bob", ...face(100, 51) },
  ];
  // Pairs of one person are 2.5 eye distances and 50 apart; of two persons 0 or 2.5, and 1, 49 or 51: half each.
  const drawn = randomPairDistances(crowd);
  near(drawn.landmarks, 1.25, 0.05);
  near(drawn.expression, (1 + 1 + 49 + 51) / 4, 1);
  assert.deepEqual(randomPairDistances(crowd), drawn);
  assert.notDeepEqual(randomPairDistances(crowd, { seed: 2 }), drawn);
  assert.throws(() => randomPairDistances(crowd.slice(0, 2)), /faces of at least two persons, got 1/);
});

Deno.test("attributeError() is 1 on average between strangers and clearly less between photographs of one person", async () => {
  await useTensorFlow();
  const { faces } = await readFaceSet(BUNDLED_FACES, { size: 112, perPerson: 3 });
  const expressions = await describeExpressions(faces.map(({ picture }) => picture));
  const described = faces.map(({ person, landmarks }, i) => ({ person, landmarks, expression: expressions[i]! }));
  const random = randomPairDistances(described);
  const [same, different]: [number[], number[]] = [[], []];
  for (const a of described) {
    for (const b of described) {
      if (a !== b) (a.person === b.person ? same : different).push(attributeError(a, b, random));
    }
  }
  near(mean(different), 1, 0.02);
  assert.ok(mean(same) < 0.75, `${mean(same)}`);
});
