import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createTerminal, execute } from "doppel/commands/mod.ts";
import { convert } from "doppel/commands/convert.ts";
import { BUNDLED_FACES } from "doppel/data/mod.ts";
import { describeModel, type Environment } from "doppel/experiment/mod.ts";
import { findOneFace } from "doppel/faces/mod.ts";
import { df, dfSizes } from "doppel/generators/mod.ts";
import {
  createPicture,
  probeVideo,
  readPicture,
  readProvenance,
  readVideoProvenance,
  resizePicture,
  writePicture,
} from "doppel/image/mod.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";
import { checkpointName, prefixed, saveCheckpoint } from "doppel/training/mod.ts";
import { ffmpeg, ffmpegHere, frameTicks, h264, namesIn, soundChecksum, tone } from "../image/video_fixtures.ts";

const root = join(import.meta.dirname!, "..", "..");
const folder = Deno.makeTempDirSync({ prefix: "doppel-convert-" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** Runs the command and keeps what it complains of. */
async function run(...args: string[]): Promise<{ code: number; err: string }> {
  let err = "";
  const terminal = createTerminal({
    out: { write: () => {}, interactive: false },
    err: { write: (text) => err += text, interactive: false },
  });
  return { code: await execute(convert, args, { terminal }), err };
}

await useTensorFlow();
/** A model folder with fresh weights: what it makes of a face is grey, and is seen. */
async function modelFolder(name: string, resolution: number): Promise<string> {
  const model = df({ ...dfSizes.small, resolution, encoder: 4, decoder: 4 }, 1);
  await saveCheckpoint(join(at(name), checkpointName), prefixed("model", model.weights.named()), {
    ...{ step: 9, model: "df", sizes: { ...model.sizes } },
  });
  await describeModel(at(name), {
    ...{ model: "df", sizes: { ...model.sizes }, face_type: "full", settings: {}, created: "2026-01-01T00:00:00Z" },
    persons: { source: { name: "anna", faces: 3 }, destination: { name: "bert", faces: 3 } },
    environment: {} as Environment,
  });
  model.weights.dispose();
  return at(name);
}
const model = await modelFolder("model", 64);
const larger = await modelFolder("larger", 96);
const large = await readPicture(join(BUNDLED_FACES, "photos/person01/image_0001.jpg"));
const [width, height] = [240, 276];
const photo = resizePicture(large, width, height, { interpolation: "area" });
Deno.mkdirSync(at("photos/deeper"), { recursive: true });
await writePicture(at("photos/face.png"), photo);
await writePicture(at("photos/deeper/face.jpg"), photo);
await writePicture(at("photos/meadow.png"), createPicture(width, height, 3, [0.3, 0.6, 0.3]));
Deno.writeTextFileSync(at("photos/notes.txt"), "not looked at");
const one = ["--model", model, "--mask", "dst"];

Deno.test("convert() of a photograph changes the face alone, labels it and says what made it", async () => {
  const [bare, labelled] = [at("bare.png"), at("labelled.jpg")];
  assert.deepEqual(await run(...one, "--target", at("photos/face.png"), "--out", bare, "--label", "none"), {
    ...{ code: 0, err: "" },
  });
  const [before, after] = [await readPicture(at("photos/face.png")), await readPicture(bare)];
  const { box } = await findOneFace(before);
  let [inside, outside] = [0, 0];
  after.data.forEach((value, i) => {
    if (value === before.data[i]) return;
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const near = x > box.x - box.width / 2 && x < box.x + box.width * 1.5 && y > box.y - box.height / 2 &&
      y < box.y + box.height * 1.5;
    if (near) inside++;
    else outside++;
  });
  assert.ok(inside > 3000 && outside === 0, `${inside} values changed near the face, ${outside} elsewhere`);
  const provenance = await readProvenance(bare);
  assert.deepEqual(
    ["synthetic", "generator", "model", "face_of", "target", "steps"].map((key) => provenance?.[key]),
    ["true", "df", "model", "anna", "face.png", "9"],
  );
  assert.equal((await run(...one, "--target", at("photos/face.png"), "--out", labelled)).code, 0);
  assert.equal((await readProvenance(labelled))?.["synthetic"], "true");
  const corner = 3 * (width * (height - 3) + 3);
  const plate = (await readPicture(labelled)).data.subarray(corner, corner + 9);
  assert.ok(plate.every((value, i) => value < before.data[corner + i]! / 2), "the label's dark plate");
});

Deno.test("convert() of a folder lists files without a face and converts the others", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "lib/commands/convert.ts", ...one, "--target", at("photos"), "--out", at("out")],
    cwd: root,
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
  assert.equal(code, 0, err);
  assert.match(
    err,
    /Passed over meadow\.png: Cannot convert photograph: expected a face, got none that the detector sees/,
  );
  assert.match(err, /1 other files are neither photographs nor videos/);
  assert.match(out, /2 of 3 files converted\./);
  assert.deepEqual([namesIn(at("out")), namesIn(at("out/deeper"))], [["deeper", "face.png"], ["face.png"]]);
});

Deno.test({
  name: "convert() of a video keeps its sound, times and faceless frames (needs ffmpeg: task setup)",
  ignore: ffmpegHere() === undefined,
  async fn() {
    const video = at("film.mp4");
    ffmpeg(
      ...["-loop", "1", "-framerate", "10", "-t", "0.6", "-i", at("photos/face.png")],
      ...["-f", "lavfi", "-i", `color=c=gray:s=${width}x${height}:r=10:d=0.4`, ...tone(1)],
      ...["-filter_complex", "[0:v]setsar=1,format=yuv420p[a];[1:v]setsar=1,format=yuv420p[b];[a][b]concat=n=2:v=1[v]"],
      ...["-map", "[v]", "-map", "2:a", "-c:a", "aac", ...h264, video],
    );
    const out = at("swap.mp4");
    assert.deepEqual(await run(...one, "--target", video, "--out", out, "--motion-blur", "50"), { code: 0, err: "" });
    const info = await probeVideo(out, { count: true });
    assert.deepEqual([info.width, info.height, info.frames, info.hasAudio], [width, height, 10, true]);
    assert.equal(soundChecksum(out), soundChecksum(video));
    assert.deepEqual(frameTicks(out), frameTicks(video));
    const provenance = await readVideoProvenance(out);
    assert.deepEqual([provenance?.["generator"], provenance?.["target"]], ["df", "film.mp4"]);

    const faceless = at("grey.mp4");
    ffmpeg("-f", "lavfi", "-i", `color=c=gray:s=${width}x${height}:r=10:d=0.3`, ...h264, faceless);
    const { code, err } = await run(...one, "--target", faceless, "--out", at("grey_swap.mp4"));
    assert.deepEqual([code, existsSync(at("grey_swap.mp4"))], [1, false]);
    assert.match(err, /^Cannot convert video: expected a face that is replaced, got none in 3 frames/);
  },
});

Deno.test("convert() says in one sentence what is wrong, and writes nothing", async () => {
  const face = ["--target", at("photos/face.png")];
  const to = ["--out", at("never.png")];
  const cases: [string[], RegExp][] = [
    [[...face, ...to], /^Cannot convert: expected --model DIR, got none/],
    [["--model", at("missing"), ...face, ...to], /^Cannot open model: expected a folder of task train, got none/],
    [["--model", at("photos"), ...face, ...to], /^Cannot open model: .+, got one without a checkpoint/],
    [
      ["--model", join(model, checkpointName), ...face, ...to],
      /expected --face-type with a checkpoint that has no model\.json/,
    ],
    [["--model", model, "--model", larger, ...face, ...to], /expected both of 64 px, full, got 96 px, full/],
    [
      [...one, "--target", at("missing.png"), ...to],
      /^Cannot convert: expected a photograph, a video or a folder, got none/,
    ],
    [
      [...one, "--target", at("photos/notes.txt"), ...to],
      /expected a photograph, a video or a folder, got "notes.txt"/,
    ],
    [[...one, "--target", at("photos/meadow.png"), ...to], /^Cannot convert photograph: expected a face, got none/],
    [
      [...one, ...face, "--out", at("never.gif")],
      /expected a name ending in \.png, \.jpg or \.jpeg, or a folder, got "\.gif"/,
    ],
    [[...one, ...face, "--out", at("photos/face.png")], /expected another file to write to, got the target itself/],
    [[...one, ...face, ...to, "--motion-blur", "9"], /expected a video for --motion-blur/],
    [["--model", model, ...face, ...to, "--mask", "XSeg-dst"], /expected --segment DIR for a mask with XSeg, got none/],
    [["--model", model, ...face, ...to, "--segment", model], /^Cannot load segmentation network: .+ got one of df/],
    [[...one, ...face, ...to, "--enhance", model], /expected a super_resolution network, got one of df/],
    [
      [...one, ...face, ...to, "--blur", "3"],
      /^Cannot run convert: expected a number from 0 to 0\.5, got "3" \(--blur\)/,
    ],
    [
      [...one, ...face, ...to, "--mode", "seamles"],
      /^Cannot run convert: .+got "seamles"; did you mean seamless\? \(--mode\)/,
    ],
  ];
  for (const [args, expected] of cases) {
    const { code, err } = await run(...args);
    assert.match(err, expected);
    assert.equal(err.trim().split("\n").length, 1);
    assert.ok(code === 1 || code === 2);
  }
  assert.ok(!existsSync(at("never.png")) && !existsSync(at("never.gif")));
});
