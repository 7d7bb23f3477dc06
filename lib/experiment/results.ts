/**
 * `results.json`: the contract between an experiment, its report, its notebook and whoever compares runs.
 *
 * @module
 */

import * as v from "valibot";
import { cannot } from "doppel/problem.ts";
import { readJson, writeJson } from "./records.ts";

const text = v.pipe(v.string(), v.minLength(1));
const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const verdict = v.picklist(["supported", "contradicted", "inconclusive"]);
const interval = v.pipe(
  v.tuple([number, number]),
  v.readonly(),
  v.check(([low, high]) => low <= high, "an interval from low to high"),
);
const band = v.pipe(v.tuple([number, number]), v.readonly());
const record = v.record(v.string(), v.unknown());

/** One part of a claim, as it was decided. */
const partSchema = v.strictObject({
  name: text,
  verdict,
  estimate: number,
  interval,
  unit: v.string(),
  margin: v.optional(number),
  band: v.optional(band),
  seeds: count,
  by_seed: v.pipe(v.array(number), v.readonly()),
  p: number,
  reason: text,
});

const claimSchema = v.pipe(
  v.strictObject({
    id: text,
    statement: text,
    source: text,
    verdict,
    estimate: v.nullable(number),
    interval: v.nullable(interval),
    unit: v.string(),
    seeds: count,
    cost_s: v.pipe(number, v.minValue(0)),
    reason: v.optional(text),
    p: v.optional(v.nullable(number)),
    p_holm: v.optional(v.nullable(number)),
    parts: v.optional(v.pipe(v.array(partSchema), v.readonly())),
  }),
  v.check(
    (claim) => claim.verdict === "inconclusive" || (claim.estimate !== null && claim.interval !== null),
    "an estimate and an interval behind every verdict but inconclusive",
  ),
);

/** The form of `results.json`. */
export const resultsSchema = v.strictObject({
  experiment: text,
  preset: text,
  seeds: v.pipe(v.array(count), v.minLength(1), v.readonly()),
  environment: record,
  rows: v.pipe(v.array(record), v.readonly()),
  claims: v.pipe(v.array(claimSchema), v.readonly()),
});

/** What an experiment found. */
export type Results = v.InferOutput<typeof resultsSchema>;

/** One claim of {@linkcode Results}. */
export type ResultClaim = v.InferOutput<typeof claimSchema>;

/**
 * Writes results, after checking them.
 *
 * @param path Where, usually `run.results`.
 * @param results The results.
 * @throws {Problem} When they break the contract; nothing is written then.
 */
export async function writeResults(path: string, results: Results): Promise<void> {
  await writeJson(path, checked(results, "write results", path));
}

/**
 * Reads results and checks them.
 *
 * @param path The file.
 * @returns The results.
 * @throws {Problem} When the file is not there or breaks the contract.
 */
export async function readResults(path: string): Promise<Results> {
  return checked(await readJson(path, "results"), "read results", path);
}

function checked(value: unknown, action: string, path: string): Results {
  const result = v.safeParse(resultsSchema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const expected = issue.expected === "never" ? "no such key" : issue.expected ?? issue.message;
  throw cannot(action, `${expected} at ${v.getDotPath(issue) ?? "the top"}`, issue.received, path);
}
