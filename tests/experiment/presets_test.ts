import { deepEqual, equal, throws } from "node:assert/strict";
import * as v from "valibot";
import { closest, definePreset, resolveConfig } from "doppel/experiment/mod.ts";

const schema = v.strictObject({
  arms: v.array(v.picklist(["df", "liae"])),
  training: v.strictObject({
    steps: v.pipe(v.number(), v.integer(), v.minValue(1)),
    learning_rate: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    precision: v.optional(v.picklist(["float32", "bfloat16"]), "float32"),
    warm_up: v.optional(v.number()),
  }),
  mask: v.boolean(),
  note: v.string(),
});
const cost = { seconds: 240, on: "2 CPU cores" };
const config = { arms: ["df" as const], training: { steps: 10, learning_rate: 3e-4 }, mask: true, note: "a" };
const quick = definePreset(schema, { name: "quick", why: "minutes", cost, config });
const set = (...overrides: string[]) => resolveConfig(schema, quick, overrides);

Deno.test("resolveConfig() fills in defaults and replaces nested values, numbers, booleans, words and lists", () => {
  deepEqual(set(), { ...config, training: { ...config.training, precision: "float32" } });
  const changed = set(
    "training.steps=3000",
    "training.learning_rate=1e-4",
    "mask=false",
    "note=two words",
    "arms=df,liae",
  );
  deepEqual(changed.training, { steps: 3000, learning_rate: 1e-4, precision: "float32" });
  deepEqual([changed.mask, changed.note, changed.arms], [false, "two words", ["df", "liae"]]);
  deepEqual(set('arms=["liae"]').arms, ["liae"]);
  deepEqual(set("arms=liae").arms, ["liae"]);
  equal(set("training.warm_up=5").training.warm_up, 5);
  equal(quick.config.training.steps, 10);
});

Deno.test("resolveConfig() names the closest key for an unknown one", () => {
  const message = (wrong: string) =>
    `Cannot set ${wrong}: expected a known key, perhaps training.steps, got an unknown one`;
  throws(() => set("training.stpes=3"), { message: `${message("training.stpes")} (--set training.stpes=3)` });
  throws(() => set("steps=3"), { message: `${message("steps")} (--set steps=3)` });
  throws(
    () => set("zzzzzzzzz=3"),
    /expected one of arms, training.steps, training.learning_rate, .*, got an unknown one/,
  );
});

Deno.test("resolveConfig() says what was expected of a wrong type, a value out of range, and a malformed override", () => {
  const cases: [string, RegExp][] = [
    ["training.steps=many", /^Cannot set training.steps: expected a number, got "many" \(--set training.steps=many\)$/],
    ["training.steps=0", /^Cannot set training.steps: expected at least 1, got 0 /],
    ["training.steps=2.5", /^Cannot set training.steps: expected a whole number, got 2.5 /],
    ["training.learning_rate=2", /^Cannot set training.learning_rate: expected at most 1, got 2 /],
    ["training.precision=half", /^Cannot set training.precision: expected "float32" or "bfloat16", got "half" /],
    ["mask=1", /^Cannot set mask: expected true or false, got 1 /],
    ["arms=df,aei", /^Cannot set arms.1: expected "df" or "liae", got "aei" /],
    ["training.steps", /^Cannot change a setting: expected key=value, got "training.steps" \(--set\)$/],
    ["note=null", /^Cannot set note: expected a word, got null /],
  ];
  for (const [override, message] of cases) throws(() => set(override), { name: "Problem", message });
});

Deno.test("definePreset() refuses settings that do not fit, and unknown ones", () => {
  const wrong = { ...config, training: { ...config.training, step: 3 } };
  throws(() => definePreset(schema, { name: "smoke", why: "", cost, config: wrong }), {
    message:
      "Cannot set training.step: expected a known key, perhaps training.steps, got an unknown one (preset smoke)",
  });
});

Deno.test("closest() forgives a swap, a missing letter and a missing group, and no more", () => {
  const names = ["training.steps", "training.batch", "data.size"];
  equal(closest("trainnig.steps", names), "training.steps");
  equal(closest("batc", names), "training.batch");
  equal(closest("model.size", names), "data.size");
  equal(closest("xxxx", names), undefined);
});
