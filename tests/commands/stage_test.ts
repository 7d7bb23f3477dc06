import { deepEqual, match } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCheck, runTests, type StageContext } from "../../lib/commands/test/stage.ts";

/** Makes a project of its own with the given files and gives a context in it. */
async function withProject(
  files: Record<string, string>,
  work: (context: StageContext) => Promise<void>,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppel-stage-"));
  try {
    mkdirSync(join(root, "tests"));
    for (const [name, text] of Object.entries({ "deno.json": "{}", ...files })) writeFileSync(join(root, name), text);
    await work({ root, signal: new AbortController().signal, onLine() {} });
  } finally {
    rmSync(root, { recursive: true });
  }
}

Deno.test("runTests() counts passed, failed and skipped, and a file that does not load", async () => {
  const files = {
    "tests/a_test.ts": `Deno.test("good", () => {});
      Deno.test("bad", async (t) => { await t.step("inner", () => { throw new Error("boom"); }); });
      Deno.test({ name: "gpu (needs a GPU)", ignore: true, fn() {} });`,
    "tests/b_test.ts": `throw new Error("does not load");`,
  };
  await withProject(files, async (context) => {
    const { passed, failed, skipped, output } = await runTests(["tests"], context);
    deepEqual({ passed, failed, skipped: skipped.map(({ name }) => name) }, {
      passed: 1,
      failed: 2,
      skipped: ["gpu (needs a GPU)"],
    });
    match(output, /boom/);
    match(output, /does not load/);
  });
});

Deno.test("runTests() does not call skipped what a filter leaves out", async () => {
  const files = { "tests/a_test.ts": `Deno.test("one", () => {}); Deno.test("two", () => {});` };
  await withProject(files, async (context) => {
    const { passed, failed, skipped } = await runTests(["--filter=two", "tests"], context);
    deepEqual({ passed, failed, skipped }, { passed: 1, failed: 0, skipped: [] });
  });
});

Deno.test("runCheck() counts a stage as one", async () => {
  await withProject({ "tests/ugly.ts": "const  a=1" }, async (context) => {
    const { passed, failed, output } = await runCheck(["fmt", "--check"], context);
    deepEqual({ passed, failed }, { passed: 0, failed: 1 });
    match(output, /ugly\.ts/);
  });
});
