import { deepEqual, equal, rejects } from "node:assert/strict";
import { correctClaims, decideClaim } from "doppel/evaluation/mod.ts";
import { readResults, writeResults } from "doppel/experiment/mod.ts";
import { results, withRun } from "./fixtures.ts";

const claim = results.claims[0]!;

Deno.test("writeResults() and readResults() hand decided claims through unchanged", () =>
  withRun(async (run) => {
    const rule = { statement: "s", source: "p", unit: "AUC", draws: 200 };
    const claims = correctClaims([
      decideClaim({ ...rule, id: 1, samples: [[0.1], [0.2], [0.3]] }),
      decideClaim({ ...rule, id: 2, parts: [{ name: "b", samples: [0, 0.1], band: [-1, 1] }] }),
      decideClaim({ ...rule, id: 29, parts: [], untestable: "no clips" }),
    ]);
    await writeResults(run.results, { ...results, claims });
    deepEqual((await readResults(run.results)).claims, JSON.parse(JSON.stringify(claims)));
  }));

Deno.test("writeResults() refuses what breaks the contract and leaves the earlier results alone", () =>
  withRun(async (run) => {
    await writeResults(run.results, results);
    const before = await Deno.readTextFile(run.results);
    const wrong: [unknown, RegExp][] = [
      [{ ...results, claims: [{ ...claim, verdict: "true" }] }, /at claims.0.verdict, got "true" \(.*results.json\)/],
      [
        { ...results, claims: [{ ...claim, interval: [0.2, 0.1] }] },
        /an interval from low to high at claims.0.interval/,
      ],
      [{ ...results, claims: [{ ...claim, estimate: null }] }, /behind every verdict but inconclusive at claims.0/],
      [{ ...results, claims: [{ ...claim, unti: "" }] }, /no such key at claims.0.unti/],
      [{ ...results, seeds: [] }, /expected >=1 at seeds, got 0/],
      [{ ...results, rows: [{ id: NaN }] }, /finite numbers, got NaN/],
      [{ ...results, preset: undefined }, /expected string at preset, got undefined/],
    ];
    for (const [value, message] of wrong) {
      await rejects(writeResults(run.results, value as typeof results), { name: "Problem", message });
    }
    equal(await Deno.readTextFile(run.results), before);
  }));

Deno.test("readResults() checks as well", () =>
  withRun(async (run) => {
    await rejects(readResults(run.results), /Cannot read results: expected a file, got none/);
    await Deno.writeTextFile(run.results, JSON.stringify({ ...results, extra: 1 }));
    await rejects(readResults(run.results), /Cannot read results: expected no such key at extra/);
  }));
