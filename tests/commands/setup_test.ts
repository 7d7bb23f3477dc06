import { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTerminal } from "doppel/commands/mod.ts";
import { jupyterPlaces, projectRoot } from "doppel/notebook/mod.ts";
import { runChild } from "../../lib/commands/setup/child.ts";
import { kernelStep } from "../../lib/commands/setup/kernel.ts";
import { librariesFor } from "../../lib/commands/setup/libraries.ts";
import { takeLock } from "../../lib/commands/setup/lock.ts";
import { npmPackages } from "../../lib/commands/setup/npm.ts";
import { readStamp, writeWhole } from "../../lib/commands/setup/stamp.ts";
import { tensorFlowStep } from "../../lib/commands/setup/tensorflow.ts";
import type { Step } from "../../lib/commands/setup/step.ts";
import { makeMissing, setUp, setupSteps } from "../../lib/commands/setup.ts";

const setupFile = fileURLToPath(new URL("../../lib/commands/setup.ts", import.meta.url));
const silent = createTerminal({
  out: { write() {}, interactive: false },
  err: { write() {}, interactive: false },
});

/** Gives a test an empty project folder. */
async function withRoot(work: (root: string) => Promise<void> | void): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "doppel-setup-"));
  try {
    await work(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

Deno.test("setup imports no package: it runs before there are any", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", setupFile] }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: { specifier: string }[] };
  const foreign = modules.map((module) => module.specifier).filter((name) => !/^(file:|node:)/.test(name));
  ok(modules.length > 10);
  deepEqual(foreign, []);
});

Deno.test({
  name: "setup takes less than a second when all is there (needs set-up)",
  ignore: !setupSteps(projectRoot, false).every((step) => step.isDone()),
  async fn() {
    const start = performance.now();
    equal(await setUp({ terminal: silent }), 0);
    ok(performance.now() - start < 1000);
  },
});

Deno.test("makeMissing() makes what an earlier step took away", async () => {
  const there = new Set(["second"]);
  const made: string[] = [];
  const step = (title: string, takes: string[] = []): Step => ({
    title,
    bytes: 0,
    isDone: () => there.has(title),
    make() {
      for (const other of takes) there.delete(other);
      there.add(title);
      made.push(title);
      return Promise.resolve();
    },
  });
  const context = { root: "/", terminal: silent, run: () => Promise.resolve("") };
  await makeMissing([step("first", ["second"]), step("second")], context);
  await makeMissing([step("first"), step("second")], context);
  deepEqual(made, ["first", "second"]);
});

Deno.test("npmPackages() reads names and versions of deno.json", async () => {
  await withRoot((root) => {
    const imports = {
      "a": "npm:@scope/a@1.2.3",
      "b": "npm:b@4.5.6-rc.1",
      "own/": "./lib/",
      "b/x": "npm:b@4.5.6-rc.1/x",
    };
    writeFileSync(join(root, "deno.json"), JSON.stringify({ imports }));
    deepEqual(npmPackages(root), [
      { name: "@scope/a", version: "1.2.3" },
      { name: "b", version: "4.5.6-rc.1" },
      { name: "b", version: "4.5.6-rc.1" },
    ]);
  });
});

Deno.test("librariesFor() knows the wheel of each machine and refuses the others in one sentence", () => {
  equal(librariesFor("cpu", "linux-x86_64").package, "tensorflow-cpu");
  equal(librariesFor("gpu", "linux-x86_64").package, "tensorflow");
  deepEqual(Object.keys(librariesFor("cpu", "darwin-aarch64").files), [
    "libtensorflow_framework.2.dylib",
    "libtensorflow_cc.2.dylib",
  ]);
  throws(() => librariesFor("gpu", "darwin-aarch64"), {
    message:
      "Cannot set up TensorFlow (gpu): expected one of linux-x86_64, got darwin-aarch64 (other machines have no wheel)",
  });
});

Deno.test("tensorFlowStep() notices a missing, a cut and a foreign library", async () => {
  await withRoot((root) => {
    const step = tensorFlowStep(root, "cpu");
    const folder = join(root, ".venv", "tensorflow", "2.21.0-cpu");
    const [framework, cc] = Object.keys(librariesFor("cpu").files).map((name) => join(folder, name));
    equal(step.isDone(), false);
    mkdirSync(folder, { recursive: true });
    writeFileSync(framework!, "12345");
    writeFileSync(cc!, "1234567");
    equal(step.isDone(), false); // No stamp, and not the sizes of the known wheel.
    const names = Object.keys(librariesFor("cpu").files);
    writeFileSync(join(folder, "doppel.json"), JSON.stringify({ files: { [names[0]!]: 5, [names[1]!]: 7 } }));
    equal(step.isDone(), true);
    writeFileSync(cc!, "123456");
    equal(step.isDone(), false);
    rmSync(cc!);
    equal(step.isDone(), false);
  });
});

Deno.test("kernelStep() makes a kernel that names no path, and makes it again when the Deno it links to has gone", async () => {
  await withRoot(async (root) => {
    const { deno, kernel, folders } = jupyterPlaces(root);
    mkdirSync(join(root, ".venv", "bin"), { recursive: true });
    const step = kernelStep(root);
    const make = () => step.make({ root, terminal: silent, run: () => Promise.resolve("") });
    equal(step.isDone(), false);
    await make();
    equal(step.isDone(), true);
    const { argv, interrupt_mode: mode } = JSON.parse(readFileSync(kernel, "utf8"));
    equal(mode, "signal");
    equal(argv[0], "{resource_dir}/../../../../bin/deno");
    ok(!readFileSync(kernel, "utf8").includes(root));
    ok(existsSync(folders.config));
    rmSync(deno);
    symlinkSync(join(root, "gone"), deno);
    equal(step.isDone(), false);
    await make();
    equal(step.isDone(), true);
  });
});

Deno.test("writeWhole() leaves nothing of a file that cannot be written", async () => {
  await withRoot((root) => {
    const path = join(root, "stamp.json");
    writeWhole(path, { a: 1 });
    deepEqual(readStamp(path), { a: 1 });
    const folder = join(root, "folder");
    mkdirSync(join(folder, "inside"), { recursive: true });
    throws(() => writeWhole(folder, { a: 2 }));
    deepEqual([...Deno.readDirSync(root)].map((entry) => entry.name).sort(), ["folder", "stamp.json"]);
    writeFileSync(path, '{"a":'); // A spoilt stamp is no stamp.
    equal(readStamp(path), undefined);
  });
});

Deno.test("takeLock() waits for the holder and is not blocked by a killed one", async () => {
  await withRoot(async (root) => {
    const path = join(root, "setup.lock");
    const first = await takeLock(path, root);
    let waited = false;
    const second = takeLock(path, root, { onWait: () => waited = true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    equal(waited, true);
    first[Symbol.dispose]();
    (await second)[Symbol.dispose]();

    // A holder that is killed leaves its lock file and the program that it had started.
    const orphan = new Deno.Command("bash", { args: ["-c", "sleep 60; true", root], detached: true }).spawn();
    const stranger = new Deno.Command("bash", { args: ["-c", "sleep 60; true", "elsewhere"], detached: true }).spawn();
    writeFileSync(path, String(stranger.pid));
    (await takeLock(path, root))[Symbol.dispose]();
    writeFileSync(path, String(orphan.pid));
    (await takeLock(path, root))[Symbol.dispose]();
    equal((await orphan.status).signal, "SIGKILL");
    stranger.kill("SIGTERM"); // Still there: it was not this project's.
    equal((await stranger.status).signal, "SIGTERM");
  });
});

/** Runs a shell line that stands for pip or Deno. */
const shell = (line: string, offline?: string) =>
  runChild({ action: "fetch it", command: "bash", args: ["-c", line], cwd: "/", ...(offline ? { offline } : {}) });

Deno.test("runChild() words what went wrong in one sentence", async () => {
  const remedy = "give an index";
  const cases: [string, string][] = [
    [
      "echo \"WARNING: Retrying after connection broken by 'NewConnectionError: [Errno 111] Connection refused': http://127.0.0.1:9/simple\" >&2; echo 'ERROR: No matching distribution found for uv' >&2; exit 1",
      "Cannot fetch it: expected an answer from http://127.0.0.1:9/simple, got Connection refused (give an index)",
    ],
    [
      "echo 'ERROR: No matching distribution found for uv==9' >&2; exit 1",
      "Cannot fetch it: expected the packages to be there, got No matching distribution found for uv==9 (give an index)",
    ],
    [
      "echo 'OSError: [Errno 28] No space left on device' >&2; exit 1",
      "Cannot fetch it: expected free space on the disk, got none left (/)",
    ],
    [
      "echo working; echo 'error: lock is out of date'; echo bye; exit 3",
      'Cannot fetch it: expected success, got "lock is out of date"',
    ],
    ["exit 3", 'Cannot fetch it: expected success, got "exit code 3"'],
  ];
  for (const [line, message] of cases) await rejects(shell(line, remedy), { name: "Problem", message });
  await rejects(runChild({ action: "fetch it", command: "no-such-program", args: [] }), {
    message: "Cannot fetch it: expected the program no-such-program, got none",
  });
});

Deno.test("runChild() ends the program and what it started when stopped", async () => {
  await withRoot(async (root) => {
    const controller = new AbortController();
    const running = runChild(
      { action: "wait", command: "bash", args: ["-c", "(sleep 0.5; touch alive) & sleep 60; true"], cwd: root },
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(new DOMException("SIGINT", "AbortError")), 100);
    await rejects(running, { name: "AbortError" });
    await new Promise((resolve) => setTimeout(resolve, 700));
    equal(existsSync(join(root, "alive")), false);
  });
});

Deno.test("extract.py takes whole files out of a wheel, or none (needs python3)", async () => {
  await withRoot(async (root) => {
    const script = fileURLToPath(new URL("../../lib/commands/setup/extract.py", import.meta.url));
    const wheel = join(root, "x.whl");
    const python = (...args: string[]) => new Deno.Command("python3", { args }).output();
    const make = `import zipfile,sys
with zipfile.ZipFile(sys.argv[1], "w") as z:
    z.writestr("tensorflow/a.so", b"a" * 1000)
    z.writestr("tensorflow/b.so", b"b" * 10)`;
    equal((await python("-c", make, wheel)).code, 0);
    const out = join(root, "out");
    const good = await python(script, wheel, out, "tensorflow/a.so", "tensorflow/b.so");
    equal(new TextDecoder().decode(good.stdout), "1000\n1010\n");
    deepEqual([...Deno.readDirSync(out)].map(({ name }) => name).sort(), ["a.so", "b.so"]);
    rmSync(out, { recursive: true });
    const bad = await python(script, wheel, out, "tensorflow/a.so", "tensorflow/missing.so");
    equal(bad.code, 1);
    match(new TextDecoder().decode(bad.stderr), /KeyError.*missing\.so/);
    deepEqual([...Deno.readDirSync(out)], []);
  });
});
