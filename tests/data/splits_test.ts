import assert from "node:assert/strict";
import fc from "fast-check";
import { assertDisjoint, splitIdentities, splitPhotographs } from "doppel/data/mod.ts";

const persons = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 60 });
const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const share = fc.double({ min: 0, max: 0.45, noNaN: true });

Deno.test("assertDisjoint() passes disjoint splits and names what leaks", () => {
  assertDisjoint({ train: ["a", "a", "b"], test: ["c"], validation: [] });
  assert.throws(
    () => assertDisjoint({ train: ["a", "b"], validation: ["c"], test: ["d", "b"] }),
    /^Problem: Cannot use splits: expected nothing in two of them, got b in train and test$/,
  );
  fc.assert(fc.property(persons, fc.nat(), fc.nat(), (names, i, j) => {
    fc.pre(names.length > 1);
    const cut = 1 + i % (names.length - 1);
    const [train, test] = [names.slice(0, cut), names.slice(cut)];
    assertDisjoint({ train, test });
    assert.throws(() => assertDisjoint({ train, test: [...test, train[j % train.length]!] }));
  }));
});

Deno.test("splitIdentities() puts every person into exactly one split, whatever the order, and the same for the same seed", () => {
  fc.assert(fc.property(persons, seed, share, share, (names, seed, validation, test) => {
    const split = splitIdentities(names, { seed, validation, test });
    assert.deepEqual([...split.keys()].sort(), [...names].sort());
    const members = (which: string) => names.filter((name) => split.get(name) === which);
    assertDisjoint({ train: members("train"), validation: members("validation"), test: members("test") });
    const counted = names.length < 5 ? 0 : names.length;
    assert.equal(members("test").length, Math.floor(counted * test));
    assert.equal(members("validation").length, Math.floor(counted * validation));
    assert.deepEqual(splitIdentities(names.toReversed(), { seed, validation, test }), split);
  }));
});

Deno.test("splitIdentities() depends on the seed and deals evenly", () => {
  const names = Array.from({ length: 10 }, (_, i) => `p${i}`);
  const counts = new Map(names.map((name) => [name, 0]));
  for (let seed = 1; seed <= 500; seed++) {
    for (const [name, split] of splitIdentities(names, { seed })) {
      if (split === "test") counts.set(name, counts.get(name)! + 1);
    }
  }
  // 500 draws of probability 0.2: mean 100, deviation 8.9; five deviations allowed.
  for (const [name, count] of counts) assert.ok(Math.abs(count - 100) < 45, `${name}: ${count}`);
  assert.throws(() => splitIdentities(["a", "a"], { seed: 1 }), /each person once/);
  assert.throws(
    () => splitIdentities(names, { seed: 1, validation: 0.5, test: 0.5 }),
    /leave some for training, got 0.5 and 0.5/,
  );
});

Deno.test("splitPhotographs() holds out every fourth and leaves a gap round what is too like it", () => {
  assert.deepEqual(splitPhotographs(9), [
    "train",
    "train",
    "train",
    "held_out",
    "train",
    "train",
    "train",
    "held_out",
    "train",
  ]);
  assert.deepEqual(splitPhotographs(3), ["train", "train", "train"]);
  const like = (train: number, heldOut: number) => Math.abs(train - heldOut) === 1;
  assert.deepEqual(splitPhotographs(6, like), ["train", "train", "gap", "held_out", "gap", "train"]);
  fc.assert(fc.property(fc.nat(40), fc.func(fc.boolean()), (count, tooLike) => {
    const split = splitPhotographs(count, tooLike);
    split.forEach((train, i) => {
      if (train !== "train") return;
      split.forEach((heldOut, k) => assert.ok(heldOut !== "held_out" || !tooLike(i, k)));
    });
    assert.equal(split.filter((which) => which === "held_out").length, Math.floor(count / 4));
  }));
});
