import { deepEqual, equal, throws } from "node:assert/strict";
import { command, execute, helpOf } from "doppel/commands/mod.ts";
import { readArguments } from "../../lib/commands/_arguments.ts";

const train = command({
  name: "train",
  summary: "Train a model",
  positionals: [
    { name: "model", summary: "Which model" },
    { name: "photos", summary: "Folders of photographs", many: true, optional: true },
  ],
  options: {
    preset: { type: "choice", summary: "How long", choices: ["smoke", "quick"], default: "quick" },
    maxSteps: { type: "integer", summary: "Stop after this many steps", min: 1 },
    rate: { type: "number", summary: "Learning rate", min: 0, max: 1, default: 0.5 },
    set: { type: "text", summary: "Change a setting", value: "KEY=VALUE", many: true },
    json: { type: "flag", summary: "Print JSON" },
  },
  examples: ["train df --preset smoke"],
  run() {},
});

const read = (...args: string[]) => readArguments(train, args);
const refuses = (args: string[], message: string) => throws(() => read(...args), { name: "Problem", message });

Deno.test("readArguments() gives every value its type", () => {
  const args = ["df", "a", "b", "--max-steps", "20", "--rate=0.1", "--set", "x=1", "--set", "y=-2", "--json"];
  deepEqual(read(...args), {
    positionals: { model: "df", photos: ["a", "b"] },
    options: { preset: "quick", maxSteps: 20, rate: 0.1, set: ["x=1", "y=-2"], json: true },
  });
});

Deno.test("readArguments() fills in what is left out", () => {
  deepEqual(read("df"), {
    positionals: { model: "df", photos: [] },
    options: { preset: "quick", maxSteps: undefined, rate: 0.5, set: [], json: false },
  });
});

Deno.test("readArguments() takes what follows -- as it is", () => {
  const result = read("--", "df", "--json");
  deepEqual(result !== "help" && result.positionals, { model: "df", photos: ["--json"] });
});

Deno.test("readArguments() names the closest option to one it does not know", () => {
  refuses(
    ["df", "--max-step", "3"],
    "Cannot run train: expected --max-steps or another of its options, got --max-step (see --help)",
  );
  refuses(["df", "--jsno"], "Cannot run train: expected --json or another of its options, got --jsno (see --help)");
  refuses(["df", "--quantum"], "Cannot run train: expected one of its options, got --quantum (see --help)");
});

Deno.test("readArguments() refuses values of the wrong kind", () => {
  const steps = (got: string) => `Cannot run train: expected a whole number of at least 1, got "${got}" (--max-steps)`;
  refuses(["df", "--max-steps", "ten"], steps("ten"));
  refuses(["df", "--max-steps", "0"], steps("0"));
  refuses(["df", "--max-steps", "2.5"], steps("2.5"));
  refuses(["df", "--max-steps", "-5"], steps("-5"));
  refuses(["df", "--rate", "2"], 'Cannot run train: expected a number from 0 to 1, got "2" (--rate)');
  refuses(["df", "--json=yes"], 'Cannot run train: expected no value, got "yes" (--json)');
  refuses(
    ["df", "--preset", "quik"],
    'Cannot run train: expected one of smoke, quick, got "quik"; did you mean quick? (--preset)',
  );
});

Deno.test("readArguments() refuses an option without its value", () => {
  refuses(["df", "--preset"], "Cannot run train: expected a value after --preset, got none (see --help)");
  refuses(["df", "--set", "--json"], "Cannot run train: expected a value after --set, got --json (see --help)");
});

Deno.test("readArguments() refuses missing and surplus arguments", () => {
  refuses([], "Cannot run train: expected <model> (which model), got nothing (see --help)");
  const one = command({
    name: "report",
    summary: "Report",
    positionals: [{ name: "run", summary: "A run" }],
    run() {},
  });
  throws(() => readArguments(one, ["a", "b"]), {
    message: 'Cannot run report: expected at most 1 argument, got "b" as one more (see --help)',
  });
});

Deno.test("readArguments() refuses values given to names that every object has", () => {
  refuses(["df", "--constructor"], "Cannot run train: expected one of its options, got --constructor (see --help)");
});

Deno.test("helpOf() names every argument, option, bound and default", () => {
  equal(
    helpOf(train),
    `deno task train <model> [<photos>...] [options]

Train a model.

Arguments:
  <model>   Which model
  <photos>  Folders of photographs

Options:
  --preset NAME    How long (smoke, quick; default quick)
  --max-steps N    Stop after this many steps (at least 1)
  --rate N         Learning rate (at least 0; at most 1; default 0.5)
  --set KEY=VALUE  Change a setting (may be given again)
  --json           Print JSON
  --help           Print this

Examples:
  deno task train df --preset smoke`,
  );
});

Deno.test("command() types the values that run() gets", async () => {
  const typed = command({
    name: "typed",
    summary: "Typed",
    positionals: [{ name: "one", summary: "One" }, { name: "two", summary: "Two", optional: true }],
    options: {
      size: { type: "choice", summary: "Size", choices: ["s", "m"], default: "s" },
      count: { type: "integer", summary: "Count" },
    },
    run({ one, two }, { size, count }) {
      const a: string = one;
      const b: string | undefined = two;
      const c: "s" | "m" = size;
      const d: number | undefined = count;
      // @ts-expect-error A choice is no free text.
      const e: "l" = size;
      deepEqual([a, b, c, d, e], ["x", undefined, "m", 3, "m"]);
      return 7;
    },
  });
  equal(await execute(typed, ["x", "--size", "m", "--count", "3"]), 7);
});
