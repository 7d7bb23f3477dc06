import assert from "node:assert/strict";
import { decideQuestion } from "doppel/evaluation/mod.ts";

const rule = { id: 1, statement: "A is above B", source: "section 1", unit: "AUC", draws: 200 };
const made = { name: "A above B", needs: ["a", "b"], make: () => ({ name: "A above B", samples: [[1], [2], [3]] }) };
const empty = { name: "C above B", needs: ["b"], make: () => undefined };
const all = () => undefined;

Deno.test("decideQuestion() decides by all parts", () => {
  const { verdict, parts } = decideQuestion({ ...rule, parts: [made] }, all);
  assert.deepEqual([verdict, parts.map(({ name }) => name)], ["supported", ["A above B"]]);
});

Deno.test("decideQuestion() gives the reason where something did not run, was not measured or cannot be asked", () => {
  const reason = (parts: readonly typeof empty[], missing: (needed: string) => string | undefined = all) => {
    const decided = decideQuestion({ ...rule, parts }, missing);
    assert.equal(decided.verdict, "inconclusive");
    return decided.reason;
  };
  const part = { ...empty, make: made.make as unknown as () => undefined };
  assert.equal(reason([part], (arm) => arm === "b" ? "the arm b did not run" : undefined), "the arm b did not run");
  assert.equal(reason([part, empty]), "nothing to compare: C above B");
  assert.equal(decideQuestion({ ...rule, untestable: "no clips", parts: [] }, all).reason, "no clips");
});
