import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createTerminal, execute } from "doppel/commands/mod.ts";
import { train } from "doppel/commands/train.ts";
import { BUNDLED_FACES } from "doppel/data/mod.ts";
import { openPair, openUpscaler, openXSeg, readMetrics, readModelDescription } from "doppel/experiment/mod.ts";
import { readPicture, readProvenance } from "doppel/image/mod.ts";
import { readCheckpointNotes } from "doppel/training/mod.ts";

/** Runs the command and keeps what it complains of. */
async function run(args: readonly string[], signal?: AbortSignal): Promise<{ code: number; err: string }> {
  let err = "";
  const terminal = createTerminal({
    out: { write: () => {}, interactive: false },
    err: { write: (text) => err += text, interactive: false },
  });
  return { code: await execute(train, args, { terminal, ...(signal ? { signal } : {}) }), err };
}
const folder = Deno.makeTempDirSync({ prefix: "doppel-train-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const pair = [
  ...["--source", BUNDLED_FACES, "--source-person", "person03", "--destination", BUNDLED_FACES],
  ...["--destination-person", "person10", "--steps", "6", "--batch", "2", "--sample-every", "6"],
];

Deno.test("train() of df leaves a whole model folder, and stopped and called again the same checkpoint", async () => {
  const whole = at("whole");
  assert.deepEqual(await run(["df", ...pair, "--out", whole]), { code: 0, err: "" });
  const description = await readModelDescription(whole);
  assert.deepEqual([description!.model, description!.face_type], ["df", "full"]);
  const { source, destination } = description!.persons!;
  assert.deepEqual([source.name, destination.name], ["person03", "person10"]);
  assert.ok(source.faces > 2 && source.faces < 5, "one photograph in four is held out");
  assert.equal(description!.sizes["resolution"], 64);
  assert.equal(description!.settings["steps"], 6);
  assert.ok(description!.environment.versions["tensorflow"]);
  const steps = (await readMetrics(join(whole, "metrics.jsonl"))).map(({ step, source }) => [step, Number(source) > 0]);
  assert.deepEqual(steps, [[6, true]]);
  const grid = join(whole, "samples", "step_000006.png");
  assert.ok((await readPicture(grid)).height > 6 * 128);
  assert.equal((await readProvenance(grid))?.["generator"], "df");
  const { model, steps: trained } = await openPair(whole);
  assert.deepEqual([model.name, trained], ["df", 6]);
  model.weights.dispose();

  const stopped = at("stopped");
  const controller = new AbortController();
  const first = run(["df", ...pair, "--out", stopped], controller.signal);
  let isOver = false;
  void first.finally(() => isOver = true);
  while (!isOver && !existsSync(join(stopped, "model.json"))) await new Promise((resolve) => setTimeout(resolve, 2));
  controller.abort(new DOMException("SIGINT", "AbortError"));
  assert.equal((await first).code, 130);
  assert.ok((await readCheckpointNotes(join(stopped, "last.safetensors"))).step < 6, "stopped in between");
  assert.equal((await run(["df", "--out", stopped, "--resume"])).code, 0);
  const [unbroken, resumed] = [whole, stopped].map((name) => Deno.readFileSync(join(name, "last.safetensors")));
  assert.equal(Buffer.compare(unbroken!, resumed!), 0, "bit for bit the unbroken training");

  const changed = await run(["df", ...pair, "--out", whole, "--rate", "0.01"]);
  assert.equal(changed.code, 1);
  assert.match(
    changed.err,
    /^Cannot go on training: expected --rate 0\.0004, as at the beginning, got 0\.01 \(.+--continue/,
  );
  const more = await run([
    "df",
    "--out",
    at("gan"),
    ...pair,
    "--continue",
    whole,
    "--steps",
    "7",
    "--gan",
    "0.1",
  ]);
  assert.deepEqual(more, { code: 0, err: "" });
  assert.equal((await openPair(at("gan"))).steps, 7);
});

Deno.test("train() of super_resolution and xseg leaves networks that can be opened", async () => {
  const one = ["--steps", "1", "--batch", "1"];
  const set = at("set");
  Deno.mkdirSync(join(set, "anna"), { recursive: true });
  const [mask] = [...Deno.readDirSync(join(BUNDLED_FACES, "masks", "person01"))];
  const photo = mask!.name.replace(".json", ".jpg");
  Deno.copyFileSync(join(BUNDLED_FACES, "photos/person01", photo), join(set, "anna", photo));
  Deno.copyFileSync(join(BUNDLED_FACES, "masks/person01", mask!.name), join(set, "anna", mask!.name));
  assert.deepEqual(await run(["super_resolution", "--source", set, "--out", at("sharp"), ...one]), {
    code: 0,
    err: "",
  });
  (await openUpscaler(at("sharp"))).weights.dispose();
  assert.deepEqual(await run(["xseg", "--source", set, "--out", at("mask"), ...one]), { code: 0, err: "" });
  (await openXSeg(at("mask"))).weights.dispose();
});

Deno.test("train() says in one sentence what is wrong, and writes nothing", async () => {
  const none = ["--out", at("none")];
  Deno.mkdirSync(at("taken"));
  Deno.writeTextFileSync(at("taken/notes.txt"), "mine");
  const cases: [string[], RegExp][] = [
    [
      ["dff", ...none],
      /^Cannot train: expected one of df, liae, .+, linear_probe, got "dff"; did you mean df\?\n$/,
    ],
    [["df"], /^Cannot train: expected --out DIR, got none \(see --help\)\n$/],
    [["df", ...none], /^Cannot train df: expected --source DIR, got none/],
    [["df", ...none, "--resume"], /^Cannot go on training: expected a folder of task train, got none/],
    [["df", ...none, ...pair, "--source", at("missing")], /^Cannot read face set: expected a folder, got none/],
    [
      ["df", ...none, ...pair, "--source", BUNDLED_FACES, "--source-person", "x"],
      /expected persons of person01.+got "x"/,
    ],
    [
      ["liae", ...none, ...pair, "--size", "quick96"],
      /^Cannot train liae: expected one of small, compact96, paper, paper_ud/,
    ],
    [["liae", ...none, ...pair, "--true-face", "0.01"], /^Cannot train liae: expected no --true-face/],
    [["xseg", ...none, "--gan", "0.1"], /^Cannot train xseg: expected one of its options, got --gan/],
    [
      ["df", ...none, ...pair, "--pretrained", at("missing")],
      /^Cannot open model: expected a folder of task train, got none/,
    ],
    [
      ["df", ...pair, "--out", at("taken")],
      /^Cannot train: expected a new folder, or one to go on with, got one with notes\.txt/,
    ],
    [["df", ...none, "--size", "huge"], /^Cannot run train: expected one of small, .+got "huge"/],
    [["df", ...none, "--steps", "0"], /^Cannot run train: expected a whole number of at least 1, got "0"/],
  ];
  for (const [args, expected] of cases) {
    const { code, err } = await run(args);
    assert.match(err, expected);
    assert.equal(err.trim().split("\n").length, 1);
    assert.ok(code === 1 || code === 2);
  }
  assert.ok(!existsSync(at("none")));
});
