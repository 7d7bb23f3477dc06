import { deepEqual, equal, rejects, throws } from "node:assert/strict";
import { join } from "node:path";
import { openMetricsLog, readMetrics } from "doppel/experiment/mod.ts";

async function withFile(work: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(join(folder, "metrics.jsonl"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openMetricsLog() has every record on the disk at once, NaN and infinity too", () =>
  withFile(async (path) => {
    deepEqual(await readMetrics(path), []);
    const log = await openMetricsLog(path);
    log.append({ step: 1, loss: NaN });
    log.append({ step: 2, loss: -Infinity, name: "Grüße" });
    deepEqual(await readMetrics(path), [{ step: 1, loss: NaN }, { step: 2, loss: -Infinity, name: "Grüße" }]);
    log.close();
  }));

Deno.test("openMetricsLog() cuts off what a crash left of the last line, and goes on after it", () =>
  withFile(async (path) => {
    await Deno.writeTextFile(path, '{"step":1}\n{"step":2}\n{"step":3,"lo');
    const log = await openMetricsLog(path);
    log.append({ step: 3 });
    log.close();
    equal(await Deno.readTextFile(path), '{"step":1}\n{"step":2}\n{"step":3}\n');
  }));

Deno.test("openMetricsLog() lets several add to one file, and no line is lost or torn", () =>
  withFile(async (path) => {
    const code = `
      import { openMetricsLog } from "doppel/experiment/mod.ts";
      const log = await openMetricsLog(Deno.args[0]);
      for (let step = 0; step < 300; step++) {
        log.append({ process: Deno.args[1], step, text: "x".repeat(step) });
        if (step % 100 === 0) (await openMetricsLog(Deno.args[0])).close();
      }
      log.close();`;
    const script = `${path}.ts`;
    await Deno.writeTextFile(script, code);
    const config = join(import.meta.dirname!, "..", "..", "deno.json");
    const ended = await Promise.all(["a", "b"].map((name) =>
      new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--config", config, script, path, name] }).output()
    ));
    deepEqual(
      ended.map(({ code, stderr }) =>
        code && new TextDecoder().decode(stderr)
      ),
      [0, 0],
    );
    const records = await readMetrics(path);
    for (const name of ["a", "b"]) {
      const own = records.filter(({ process }) => process === name);
      deepEqual(
        own.map(({ step, text }) => [step, String(text).length]),
        Array.from({ length: 300 }, (_, i) => [i, i]),
      );
    }
  }));

Deno.test("openMetricsLog() drops the records behind the checkpoint that a run goes on from", () =>
  withFile(async (path) => {
    await Deno.writeTextFile(path, '{"step":1}\n{"step":2}\n{"step":3}\n');
    const log = await openMetricsLog(path, { keep: (record) => (record.step as number) <= 1 });
    log.append({ step: 2, again: true });
    log.close();
    deepEqual(await readMetrics(path), [{ step: 1 }, { step: 2, again: true }]);
  }));

Deno.test("openMetricsLog() refuses a broken line in the middle and says where", () =>
  withFile(async (path) => {
    await Deno.writeTextFile(path, '{"step":1}\nboom\n{"step":3}\n');
    await rejects(openMetricsLog(path), /expected one JSON record a line, got "boom" \(.*metrics.jsonl:2\)/);
  }));

Deno.test({
  name: "openMetricsLog() throws the system's error on a full disk",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFile(async (path) => {
      await Deno.symlink("/dev/full", path);
      const log = await openMetricsLog(path);
      throws(() => log.append({ step: 1 }), /No space left on device/);
      log.close();
    }),
});
