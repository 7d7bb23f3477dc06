import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Command, createTerminal, execute } from "doppel/commands/mod.ts";
import { detect } from "doppel/commands/detect.ts";
import { train } from "doppel/commands/train.ts";
import { BUNDLED_FACES } from "doppel/data/mod.ts";
import { openDetector, readDetectorDescription, readMetrics } from "doppel/experiment/mod.ts";
import { createPicture, readPicture, resizePicture, writePicture } from "doppel/image/mod.ts";
import { readCheckpointNotes } from "doppel/training/mod.ts";

const root = join(import.meta.dirname!, "..", "..");
const folder = Deno.makeTempDirSync({ prefix: "doppel-detect-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** Runs a command and keeps what it complains of. */
async function run(command: unknown, args: readonly string[], signal?: AbortSignal) {
  let err = "";
  const terminal = createTerminal({
    out: { write: () => {}, interactive: false },
    err: { write: (text) => err += text, interactive: false },
  });
  const code = await execute(command as Command, args, { terminal, ...(signal ? { signal } : {}) });
  return { code, err };
}

/** Smooth pictures; a forged one has a pattern of checks over it. */
async function writeSet(name: string, splits: readonly string[], phase = 0): Promise<string> {
  for (const [part, split] of splits.entries()) {
    for (let i = 0; i < 8; i++) {
      const forged = i % 2 === 1;
      const data = Float32Array.from({ length: 40 * 40 * 3 }, (_, j) => {
        const [x, y] = [Math.floor(j / 3) % 40, Math.floor(j / 120)];
        const smooth = 0.5 + 0.2 * Math.sin(x / 7 + i + 3 * part) + 0.2 * Math.cos(y / 9 + i + phase);
        return smooth + (forged ? ((x + y) % 2 ? 0.1 : -0.1) : 0);
      });
      const path = at(`${name}/${split}/${forged ? "fake" : "real"}/${i}_${split}.png`);
      await writePicture(path, createPicture(40, 40, 3, data));
    }
  }
  return at(name);
}
const set = await writeSet("set", ["train", "validation", "test"]);
const tiny = [
  ...["--size", "tiny", "--whole", "--batch", "4", "--worsened", "0", "--validate-every", "20"],
  // Within the set alone, the pattern's pixels are what there is to be seen: no resizing.
  ...["--crop", "0,0,32,32"],
];
const model = at("model");

Deno.test("train() of a detector leaves a folder that detect() reads, with threshold and figures", async () => {
  const how = ["--data", set, ...tiny, "--steps", "60", "--rate", "0.003", "--out", model];
  assert.deepEqual(await run(train, ["meso_inception", ...how]), { code: 0, err: "" });
  const description = (await readDetectorDescription(model))!;
  assert.deepEqual(description.pictures, {
    ...{ resolution: 32, crop: { x: 0, y: 0, width: 32, height: 32 }, margin: null, quality: 95 },
  });
  assert.deepEqual(description.environment.data, {
    ...{ split_by: "folder", train_real: 4, train_forged: 4, validation_real: 4, validation_forged: 4 },
    ...{ test_real: 4, test_forged: 4 },
  });
  const { validation, test } = description.figures;
  assert.ok(validation!.auc > 0.9 && test!.auc > 0.9, `AUC ${validation!.auc}, ${test!.auc}`);
  const measured = (await readMetrics(join(model, "metrics.jsonl"))).filter((row) => "validation_auc" in row);
  assert.deepEqual(measured.map(({ step }) => step), [20, 40, 60]);

  Deno.writeTextFileSync(join(set, "test", "real", "broken.png"), "no picture");
  const out = at("scores.csv");
  const { code, err } = await run(detect, ["--model", model, join(set, "test"), "--out", out]);
  Deno.removeSync(join(set, "test", "real", "broken.png"));
  assert.equal(code, 0);
  assert.equal(err, "");
  const [head, ...rows] = Deno.readTextFileSync(out).trim().split("\n");
  assert.equal(head, "file,score,faces,decision,problem");
  const broken = rows.filter((row) => row.includes("broken.png"));
  assert.match(broken.join(), /^[^,]+broken\.png,,,,"?Cannot read picture: expected a whole picture file/);
  const scored = rows.filter((row) => !row.includes("broken")).map((row) => row.split(","));
  assert.equal(scored.length, 8);
  const right = scored.filter(([file, , , decision]) => decision === (file!.includes("/fake/") ? "forged" : "real"));
  assert.ok(right.length >= 7, `${right.length} of 8`);
});

Deno.test("train() of a detector stopped and called again gives the unbroken one's bits and figures", async () => {
  const how = ["forensic_transfer", "--data", set, ...tiny, "--steps", "6", "--validate-every", "2"];
  const [whole, stopped] = [at("whole"), at("stopped")];
  assert.equal((await run(train, [...how, "--out", whole])).code, 0);
  const controller = new AbortController();
  const first = run(train, [...how, "--out", stopped], controller.signal);
  let isOver = false;
  void first.finally(() => isOver = true);
  while (!isOver && !existsSync(join(stopped, "model.json"))) await new Promise((resolve) => setTimeout(resolve, 2));
  controller.abort(new DOMException("SIGINT", "AbortError"));
  assert.equal((await first).code, 130);
  assert.ok((await readCheckpointNotes(join(stopped, "last.safetensors"))).step < 6, "stopped in between");
  assert.deepEqual((await readDetectorDescription(stopped))!.figures, { validation: null, test: null });
  assert.equal((await run(train, ["forensic_transfer", "--out", stopped, "--resume"])).code, 0);
  for (const name of ["last.safetensors", "best.safetensors"]) {
    const [a, b] = [whole, stopped].map((model) => Deno.readFileSync(join(model, name)));
    assert.equal(Buffer.compare(a!, b!), 0, name);
  }
  const [a, b] = [(await readDetectorDescription(whole))!, (await readDetectorDescription(stopped))!];
  assert.deepEqual([b.figures, b.threshold], [a.figures, a.threshold]);
});

Deno.test("train() brings a detector to other forgeries by each method, and prepares pictures as before", async () => {
  const other = await writeSet("other", ["train", "validation"], 2);
  for (const method of ["fine-tune", "l2-sp", "tgd"]) {
    const out = at(method);
    const args = ["--init", model, "--method", method, "--data", other, "--steps", "2", "--batch", "4", "--out", out];
    assert.deepEqual(await run(train, ["meso_inception", ...args]), { code: 0, err: "" });
    const description = (await readDetectorDescription(out))!;
    assert.equal(description.from!.method, method);
    assert.deepEqual(description.pictures, (await readDetectorDescription(model))!.pictures);
    assert.deepEqual([description.figures.test, typeof description.threshold], [null, "number"]);
    const opened = await openDetector(out);
    opened.model.weights.dispose();
  }
});

Deno.test("detect() cuts faces out, scores JSON to the terminal, and lists what it cannot score", async () => {
  const photos = at("photos");
  const face = await readPicture(join(BUNDLED_FACES, "photos/person01/image_0001.jpg"));
  await writePicture(join(photos, "face.png"), resizePicture(face, 240, 276, { interpolation: "area" }));
  await writePicture(join(photos, "meadow.png"), createPicture(120, 90, 3, [0.3, 0.6, 0.3]));
  Deno.writeTextFileSync(join(photos, "notes.txt"), "not looked at");
  const checkpoint = join(model, "best.safetensors");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "lib/commands/detect.ts", "--model", checkpoint, "--json", photos],
    cwd: root,
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
  assert.equal(code, 0, err);
  assert.match(err, /Passed over .+meadow\.png: no face was found in it/);
  assert.match(err, /1 other files are no photographs\./);
  assert.match(err, /A checkpoint by itself does not say how its pictures were prepared/);
  const [scored, meadow] = JSON.parse(out);
  assert.deepEqual([scored.faces, scored.decision, scored.problem, meadow.score, meadow.faces], [
    1,
    null,
    null,
    null,
    0,
  ]);
  assert.ok(scored.score >= 0 && scored.score <= 1);
});

Deno.test("train() of a detector and detect() say in one sentence what is wrong, and write nothing", async () => {
  const none = ["--out", at("none")];
  const data = ["--data", set];
  const cases: [unknown, string[], RegExp][] = [
    [
      train,
      ["classifier", ...none],
      /^Cannot train classifier: expected --data DIR, or --real DIR and --fake DIR, got none/,
    ],
    [train, ["classifier", ...none, ...data, "--real", set], /got --data and --real/],
    [train, ["classifier", ...none, ...data, "--size", "huge"], /^Cannot run train: expected one of small/],
    [train, ["classifier", ...none, ...data, "--size", "compact96"], /expected one of small, small_residual, tiny/],
    [train, ["classifier", ...none, ...data, "--gan", "1"], /expected one of its options, got --gan/],
    [train, ["classifier", ...none, ...data, "--method", "tgd"], /expected --init RUN with --method, got none/],
    [train, ["classifier", ...none, ...data, "--batch", "3"], /expected an even batch, half of it forged, got 3/],
    [
      train,
      ["classifier", ...none, ...data, "--init", model],
      /a detector of classifier to begin with, got one of meso/,
    ],
    [
      train,
      ["linear_probe", ...none, ...data, "--init", model, "--method", "tgd"],
      /expected --method fine-tune or l2-sp/,
    ],
    [train, ["classifier", ...none, ...data, "--whole", "--crop", "1,2"], /expected X,Y,WIDTH,HEIGHT in whole pixels/],
    [train, ["classifier", ...none, "--data", at("x")], /^Cannot read labelled pictures: expected a folder, got none/],
    [train, ["df", "--out", model], /^Cannot read model: /],
    [detect, [set], /^Cannot detect: expected --model MODEL, got none/],
    [detect, ["--model", model], /^Cannot run detect: expected <images>/],
    [detect, ["--model", model, at("x")], /^Cannot detect: expected a photograph or a folder, got none/],
    [detect, ["--model", at("x"), set], /^Cannot open detector: expected a folder of task train, got none/],
    [detect, ["--model", set, set], /^Cannot open detector: .+, got one without a checkpoint/],
    [detect, ["--model", model, join(set, "train/real/0_train.png"), "--whole", "--margin", "1"], /got both/],
  ];
  for (const [command, args, expected] of cases) {
    const { code, err } = await run(command, args);
    assert.match(err, expected);
    assert.equal(err.trim().split("\n").length, 1, err);
    assert.ok(code === 1 || code === 2);
  }
  assert.ok(!existsSync(at("none")));
});
