import { deepEqual, equal, rejects } from "node:assert/strict";
import { join } from "node:path";
import { frameOf, readJson, writeJson } from "doppel/experiment/mod.ts";

Deno.test("frameOf() keeps missing values missing in columns of every kind", () => {
  const frame = frameOf([
    { whole: 1, real: 0.5, yes: true, text: "a", list: [1, 2], mixed: 1 },
    {},
    { whole: 3, real: 2, yes: false, text: "b", list: [], mixed: "x" },
  ]);
  deepEqual(frame.toRecords(), [
    { whole: 1, real: 0.5, yes: true, text: "a", list: "[1,2]", mixed: "1" },
    { whole: null, real: null, yes: null, text: null, list: null, mixed: null },
    { whole: 3, real: 2, yes: false, text: "b", list: "[]", mixed: "x" },
  ]);
  const types = ["Int32", "Float64", "Bool", "String", "String", "String"];
  deepEqual(frame.dtypes.map(String), types.map((type) => `DataType(${type})`));
  deepEqual(frameOf([{ a: 1 }], ["b", "a"]).toRecords(), [{ b: null, a: 1 }]);
  equal(frameOf([], ["a"]).height, 0);
});

Deno.test("writeJson() and readJson() keep a value, and refuse numbers that JSON has no word for", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "a", "b.json");
  await writeJson(path, { a: [1, null, "x"] });
  deepEqual(await readJson(path, "settings"), { a: [1, null, "x"] });
  await rejects(writeJson(path, { deep: { loss: -Infinity } }), /expected finite numbers, got -Infinity \(loss\)/);
  deepEqual(await Array.fromAsync(Deno.readDir(join(folder, "a")), ({ name }) => name), ["b.json"]);
  await rejects(readJson(join(folder, "c.json"), "settings"), /Cannot read settings: expected a file, got none/);
  await Deno.remove(folder, { recursive: true });
});
