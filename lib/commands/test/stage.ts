/**
 * The stages of `deno task test`.
 *
 * @module
 */

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TextLineStream } from "../../notebook/mod.ts";
import { readJunit, type TestResult } from "./junit.ts";

/** How a stage went. */
export interface StageResult {
  readonly passed: number;
  readonly failed: number;
  /** The tests that were skipped. */
  readonly skipped: readonly TestResult[];
  /** Everything it printed. */
  readonly output: string;
}

/** What a stage works with. */
export interface StageContext {
  readonly root: string;
  readonly signal: AbortSignal;
  /** Is told each line of output. */
  readonly onLine: (line: string) => void;
}

/**
 * Runs Deno once and counts it as one test.
 *
 * @param args The arguments.
 * @param context Where, and how to stop it.
 * @returns One passed or one failed.
 */
export async function runCheck(args: readonly string[], context: StageContext): Promise<StageResult> {
  const { code, output } = await runDeno(args, context);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [], output };
}

/**
 * Runs `deno test` and counts from its JUnit report. What fails outside any test, as a file that throws while it
 * loads, is not in the report and counts as one more.
 *
 * @param args Further arguments: files, filter.
 * @param context Where, and how to stop it.
 * @returns The counts.
 */
export async function runTests(args: readonly string[], context: StageContext): Promise<StageResult> {
  const folder = mkdtempSync(join(tmpdir(), "doppel-test-"));
  const report = join(folder, "junit.xml");
  try {
    const { code, output } = await runDeno(["test", "-A", "--no-check", `--junit-path=${report}`, ...args], context);
    const tests = existsSync(report) ? readJunit(readFileSync(report, "utf8")) : [];
    const count = (outcome: TestResult["outcome"]) => tests.filter((test) => test.outcome === outcome).length;
    const broken = new Set(output.match(/^\S+ \(uncaught error\)$/gm));
    const failed = count("failed") + broken.size;
    return {
      passed: count("passed"),
      failed: failed === 0 && code !== 0 ? 1 : failed,
      // The report calls skipped what a filter left out, too; only what was ignored is printed as such.
      skipped: tests.filter((test) => test.outcome === "skipped" && output.includes(`${test.name} ... ignored`)),
      output,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs Deno and keeps what it prints. */
async function runDeno(
  args: readonly string[],
  { root, signal, onLine }: StageContext,
): Promise<{ code: number; output: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: root,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  const lines: string[] = [];
  const drain = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const line of stream.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())) {
      lines.push(line);
      onLine(line);
    }
  };
  await Promise.all([drain(child.stdout), drain(child.stderr)]);
  const { code } = await child.status;
  signal.throwIfAborted();
  return { code, output: lines.join("\n") };
}
