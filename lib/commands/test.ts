/**
 * `deno task test`: format, lint, types and tests, each with its time; the last line counts them.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { formatSeconds, projectRoot } from "../notebook/mod.ts";
import { cannot } from "../problem.ts";
import { command } from "./_command.ts";
import { exitCode, main } from "./_main.ts";
import { note, progress, say } from "./_terminal.ts";
import type { TestResult } from "./test/junit.ts";
import { runCheck, runTests, type StageContext, type StageResult } from "./test/stage.ts";

const typed = ["lib", "datasets", "experiments", "tests"];

/** The command `test`. */
export const test = command({
  name: "test",
  summary: "Check format, lint and types, and run the tests",
  description: [
    "With files or a filter only those tests are run. The last line is the count: one for each stage and each test.",
    'A test that can be skipped names what it needs in its name, as in "device() finds the GPU (needs a GPU)".',
  ].join("\n"),
  positionals: [{ name: "path", summary: "Test files or folders", optional: true, many: true }],
  options: { filter: { type: "text", summary: "Run only tests whose name contains this" } },
  examples: ["test", "test tests/image", 'test --filter "colour"'],
  async run({ path }, { filter }, { signal }) {
    const missing = path.find((path) => !existsSync(path));
    if (missing) throw cannot("test", "an existing file or folder", "none", missing);
    const results: StageResult[] = [];
    for (const [name, work] of stagesFor(path, filter)) results.push(await runStage(name, work, signal));
    const skipped = results.flatMap((result) => result.skipped);
    for (const test of skipped) say(`skipped: ${test.file}: ${test.name}${reasonOf(test)}`);
    const sum = (of: (result: StageResult) => number) => results.reduce((sum, result) => sum + of(result), 0);
    const failed = sum((result) => result.failed);
    if (skipped.length + sum((result) => result.passed + result.failed) === 0) {
      throw cannot("test", "at least one test", "none", [...path, filter ?? ""].join(" ").trim());
    }
    say(countLine(sum((result) => result.passed), failed, skipped.length));
    return failed > 0 ? exitCode.failed : exitCode.done;
  },
});

/**
 * The last line, in the words that continuous integration looks for.
 *
 * @param passed How many passed.
 * @param failed How many failed.
 * @param skipped How many were skipped.
 * @returns "12 passed, 0 failed", with ", 1 skipped" when some were.
 */
export function countLine(passed: number, failed: number, skipped: number): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

type Stage = (context: StageContext) => Promise<StageResult>;

/** The stages that were asked for. */
function stagesFor(paths: readonly string[], filter: string | undefined): [string, Stage][] {
  const isPart = paths.length > 0 || filter !== undefined;
  const files = paths.length > 0 ? paths.map((path) => join(Deno.cwd(), path)) : ["tests"];
  const tests: Stage = (context) => runTests([...(filter ? [`--filter=${filter}`] : []), ...files], context);
  if (isPart) return [["tests", tests]];
  const rooms = typed.filter((folder) => existsSync(join(projectRoot, folder)));
  return [
    ["format", (context) => runCheck(["fmt", "--check"], context)],
    ["lint", (context) => runCheck(["lint"], context)],
    ["types", (context) => runCheck(["check", ...rooms], context)],
    ["tests", tests],
  ];
}

/** Runs a stage with a progress line; a failure is printed in full. */
async function runStage(name: string, work: Stage, signal: AbortSignal): Promise<StageResult> {
  const line = progress(name, { unit: "test" });
  const start = performance.now();
  let done = 0;
  let file = "";
  const onLine = (text: string) => {
    file = text.match(/^running \d+ tests? from (\S+)/)?.[1] ?? file;
    if (/^\S.* \.\.\. .*(ok|FAILED|ignored) \(/.test(text)) done++;
    if (name === "tests") line.update(done, { detail: file });
  };
  try {
    const result = await work({ root: projectRoot, signal, onLine });
    line.clear();
    const time = formatSeconds((performance.now() - start) / 1000);
    const { passed, failed, skipped } = result;
    say(
      `${name}: ${name === "tests" ? countLine(passed, failed, skipped.length) : failed ? "failed" : "ok"} (${time})`,
    );
    if (failed > 0) note(result.output);
    return result;
  } finally {
    line.clear();
  }
}

/** What to say of a skipped test whose name tells no reason. */
function reasonOf({ name }: TestResult): string {
  return /\((needs|without|only) [^)]*\)/.test(name) ? "" : " (its name gives no reason)";
}

if (import.meta.main) await main(test);
