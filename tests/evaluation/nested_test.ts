import { deepEqual, throws } from "node:assert/strict";
import { leavesOf, nestRows, pairedDifferences } from "doppel/evaluation/mod.ts";

const rows = [
  { arm: "df", seed: 1, pair: "a-b", picture: 1, id: 0.5 },
  { arm: "liae", seed: 1, pair: "a-b", picture: 1, id: 0.25 },
  { arm: "liae", seed: 2, pair: "a-b", picture: 1, id: 0.75 },
  { arm: "df", seed: 2, pair: "a-b", picture: 1, id: 0.5 },
  { arm: "df", seed: 1, pair: "b-a", picture: 1, id: 1 },
  { arm: "liae", seed: 1, pair: "b-a", picture: 1, id: 0 },
];
const levels = ["seed", "pair", "picture"];

Deno.test("pairedDifferences() subtracts within the same seed, pair and picture, whatever the order of rows", () => {
  const nested = pairedDifferences(rows, { value: "id", arm: "df", against: "liae", levels });
  deepEqual(nested, [[[0.25], [1]], [[-0.25]]]);
  deepEqual(leavesOf(nested), [0.25, 1, -0.25]);
});

Deno.test("pairedDifferences() refuses arms whose measurements do not match", () => {
  const options = { value: "id", arm: "df", against: "liae", levels };
  throws(() => pairedDifferences(rows.slice(0, 3), options), /partner in df for every row of liae, got seed 2/);
  throws(() => pairedDifferences(rows.toSpliced(1, 1), options), /partner in liae for every row of df, got seed 1/);
  throws(() => pairedDifferences(rows, { ...options, arm: "aei" }), /expected rows with arm aei, got none/);
});

Deno.test("nestRows() groups in order of appearance and refuses doubles, gaps and numbers that are not finite", () => {
  const df = rows.filter((row) => row.arm === "df");
  deepEqual(nestRows(df, { levels: ["seed", "pair"], value: "id" }), [[0.5, 1], [0.5]]);
  deepEqual(nestRows(df, { levels: ["seed", "pair"], value: (row) => ({ p: row.pair }) }), [
    [{ p: "a-b" }, { p: "b-a" }],
    [{ p: "a-b" }],
  ]);
  throws(() => nestRows(rows, { levels: ["seed", "pair"], value: "id" }), /one row a pair, got 2 rows/);
  throws(() => nestRows(df, { levels: ["fold"], value: "id" }), /a column "fold"/);
  throws(
    () => nestRows([{ seed: 1, id: NaN }], { levels: ["seed"], value: "id" }),
    /finite number in column "id", got NaN/,
  );
});
