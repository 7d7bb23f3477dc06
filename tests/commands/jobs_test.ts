import assert from "node:assert/strict";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { readResults } from "doppel/experiment/mod.ts";
import { runCommand } from "../run_command.ts";

const settings = [
  'domains=["graphics","nearest"]',
  'sources=["graphics","nearest"]',
  'variants=["matched"]',
  'detectors=["ft","classifier"]',
  'adaptations=["ft"]',
  'pairs=["nearest>graphics"]',
  "chains=[]",
].flatMap((set) => ["--set", set]);

const run = (args: readonly string[], stopAt?: string) =>
  runCommand("run", ["cross_domain_detection", ...args], { ...(stopAt && { stopAt }), env: { DOPPEL_THREADS: "1" } });

const onlyFolder = (path: string) => join(path, [...Deno.readDirSync(path)][0]!.name);
const rowsOf = async (folder: string) =>
  (await readResults(join(folder, "results.json"))).rows.map((row) => ({ ...row, seconds: 0 }));

Deno.test({
  name: "run() with two jobs, stopped and resumed, shares the cells out and comes to the figures of one process",
  ignore: availableParallelism() < 2,
  async fn() {
    const temporary = Deno.makeTempDirSync();
    try {
      const [alone, beside] = [join(temporary, "alone"), join(temporary, "beside")];
      const single = await run(["--preset", "smoke", "--out", alone, ...settings]);
      assert.equal(single.code, 0, single.error);
      const stopped = await run(["--preset", "smoke", "--out", beside, "--jobs", "2", ...settings], "Domain ");
      assert.equal(stopped.code, 130, stopped.error);
      const folder = onlyFolder(beside);
      const log = join(folder, "job2.log");
      const { code, error, out } = await run(["--resume", folder, "--jobs", "2"]);
      assert.equal(code, 0, error);
      assert.ok(!error.includes("failed"), error);
      const said = await Deno.readTextFile(log);
      assert.match(said, /(Domain \d of 2|Cell \d of 5): /, `the other process did something: ${said}`);
      const own = [...out.matchAll(/Cell \d of 5: (.+)/g)].map(([, cell]) => cell);
      const others = [...said.matchAll(/Cell \d of 5: (.+)/g)].map(([, cell]) => cell);
      assert.equal(new Set([...own, ...others]).size, 5);
      assert.equal(own.length + others.length, 5, "no cell is done twice");
      assert.deepEqual(await rowsOf(folder), await rowsOf(onlyFolder(alone)));
      assert.ok(![...Deno.readDirSync(folder)].some(({ name }) => name === "claims"));
    } finally {
      Deno.removeSync(temporary, { recursive: true });
    }
  },
});

Deno.test("run() refuses more jobs than there are cores", async () => {
  const { code, error } = await run(["--preset", "smoke", "--jobs", "64"]);
  if (availableParallelism() < 64) {
    assert.equal(code, 1);
    assert.match(error, /^Cannot work side by side: expected at most \d+ jobs, one for each core, got 64 \(--jobs\)$/m);
  }
});
