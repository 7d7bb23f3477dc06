import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { BUNDLED_FACES, readFaceList } from "doppel/data/mod.ts";
import {
  alignFace,
  centredCosine,
  centreOf,
  describeFaces,
  type IdentityEncoder,
  meanVector,
} from "doppel/faces/mod.ts";
import { readPicture } from "doppel/image/mod.ts";

Deno.test("centredCosine() agrees with hand-worked values", () => {
  const vector = (...values: number[]) => Float32Array.from(values);
  assert.equal(centredCosine(vector(2, 1), vector(1, 2), vector(1, 1)), 0);
  assert.equal(centredCosine(vector(2, 1), vector(5, 1), vector(1, 1)), 1);
  assert.equal(centredCosine(vector(2, 1), vector(-5, 1), vector(1, 1)), -1);
  // (3, 4) and (4, 3) around the origin: 24 / 25
  assert.ok(Math.abs(centredCosine(vector(3, 4), vector(4, 3), vector(0, 0)) - 0.96) < 1e-9);
  assert.throws(() => centredCosine(vector(1, 1), vector(2, 1), vector(1, 1)), /the centre itself/);
  assert.throws(() => centredCosine(vector(1), vector(2, 1), vector(1, 1)), /descriptors of one length, got 1, 2, 2/);
});

Deno.test("centredCosine() is symmetric, bounded, and blind to a common shift", () => {
  const vector = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 4 }).map((v) =>
    Float32Array.from(v)
  );
  fc.assert(fc.property(vector, vector, vector, vector, (a, b, centre, shift) => {
    const moved = (v: Float32Array) => v.map((value, i) => value + shift[i]!);
    fc.pre(a.some((v, i) => v !== centre[i]) && b.some((v, i) => v !== centre[i]));
    const cosine = centredCosine(a, b, centre);
    assert.ok(cosine >= -1 && cosine <= 1);
    assert.equal(cosine, centredCosine(b, a, centre));
    assert.equal(cosine, centredCosine(moved(a), moved(b), moved(centre)));
  }));
});

Deno.test("centreOf() weighs persons alike, and meanVector() refuses nothing and mixtures", () => {
  const vector = (...values: number[]) => Float32Array.from(values);
  const [many, one] = [meanVector([vector(0, 0), vector(0, 2), vector(0, 4)]), meanVector([vector(6, 2)])];
  assert.deepEqual(centreOf([many, one]), vector(3, 2));
  assert.throws(() => meanVector([]), /expected at least one, got none/);
  assert.throws(() => meanVector([vector(1), vector(1, 2)]), /expected length 1, got length 2/);
});

// All photographs of persons with five, every third of the others; at the last count of all 426: face_api 426, human 425.
const photographs = (await readFaceList(BUNDLED_FACES)).faces.map((face) => ({
  ...face,
  person: face.path.split("/")[1]!,
}));
const chosen = photographs.filter(({ person }, i) => {
  const own = photographs.filter((other) => other.person === person);
  return own.length <= 5 || own.indexOf(photographs[i]!) % 3 === 0;
});
const persons = [...new Set(chosen.map(({ person }) => person))];

for (
  const [encoder, side] of [["face_api", 150], ["face_api_grey", 150], ["human", 224]] as [IdentityEncoder, number][]
) {
  Deno.test(`describeFaces() with ${encoder} identifies at least 99 % of the bundled persons' photographs at rank 1`, async () => {
    assert.ok(chosen.length >= 140 && persons.length === 26);
    const crops = await Promise.all(
      chosen.map(async ({ path, landmarks }) =>
        alignFace(await readPicture(join(BUNDLED_FACES, path)), landmarks, { size: side }).picture
      ),
    );
    const vectors = await describeFaces(crops, { encoder });
    const of = (person: string) => vectors.filter((_, i) => chosen[i]!.person === person);
    const centre = centreOf(persons.map((person) => meanVector(of(person))));
    const hits = vectors.filter((vector, i) => {
      let [best, who] = [-Infinity, ""];
      vectors.forEach((other, k) => {
        const cosine = k === i ? -Infinity : centredCosine(vector, other, centre);
        if (cosine > best) [best, who] = [cosine, chosen[k]!.person];
      });
      return who === chosen[i]!.person;
    });
    assert.ok(hits.length >= 0.99 * vectors.length, `${hits.length} of ${vectors.length}`);
  });
}
