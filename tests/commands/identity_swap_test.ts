import assert from "node:assert/strict";
import { join } from "node:path";
import { openAei, openHear, readMetrics, readModelDescription } from "doppel/experiment/mod.ts";
import { alignFace, describeFaces, findOneFace, identityDirections, meanVector } from "doppel/faces/mod.ts";
import { aeiSizes, hear, hearSizes, swapPhotos } from "doppel/generators/mod.ts";
import { probeVideo, readPicture, readProvenance, readVideoProvenance } from "doppel/image/mod.ts";
import { checkpointName, prefixed, saveCheckpoint } from "doppel/training/mod.ts";
import { ffmpeg, ffmpegHere, h264 } from "../image/video_fixtures.ts";
import { at, first, other, run, set } from "./identity_swap_fixtures.ts";

const fine = { code: 0, err: "" };
const hearOf = (out: string, ...more: string[]) =>
  run("train", "hear", "--source", set, "--aei", first, "--out", at(out), "--steps", "1", "--batch", "2", ...more);

Deno.test("train() of aei leaves a model folder with samples, and goes on with it", async () => {
  const how = [
    "--source",
    set,
    "--use-all",
    "--same-pairs",
    "0.5",
    "--identity-weight",
    "3",
    "--batch",
    "2",
    "--morphs",
    "2",
  ];
  const whole = at("whole");
  assert.deepEqual(await run("train", "aei", ...how, "--steps", "1", "--out", whole), fine);
  const description = await readModelDescription(whole);
  assert.deepEqual([description!.model, description!.face_type], ["aei", "full"]);
  assert.deepEqual(description!.sizes["attributes"], [...aeiSizes.small.attributes]);
  assert.deepEqual(description!.environment.data, { faces: 4, persons: 2 });
  assert.deepEqual(["samePairs", "identityWeight", "batch"].map((key) => description!.settings[key]), [0.5, 3, 2]);
  const [line] = await readMetrics(join(whole, "metrics.jsonl"));
  for (const name of ["identity", "attributes", "reconstruction", "adversarial", "discriminator"]) {
    assert.ok(Number.isFinite(line![name]), name);
  }
  const grid = join(whole, "samples", "step_000001.png");
  const { width, height } = await readPicture(grid);
  assert.ok(width > 3 * 128 && height > 3 * 128, "targets in a row, and a row for each of two sources");
  assert.equal((await readProvenance(grid))?.["generator"], "aei");

  assert.deepEqual(await run("train", "aei", "--out", whole), fine, "nothing is left to do");
  const opened = await openAei(whole);
  assert.deepEqual([opened.model.name, opened.steps, opened.centre.length], ["aei", 1, 128]);
  opened.model.weights.dispose();
  const { code, err } = await run("train", "aei", "--out", whole, "--same-pairs", "0.9");
  assert.deepEqual([code, /^Cannot go on training: expected --same-pairs 0\.5, as at the beginning/.test(err)], [
    1,
    true,
  ]);
});

Deno.test("train() of hear refines one aei and no other, alone and in a conversion", async () => {
  assert.deepEqual(await hearOf("hear", "--hard-faces", "0"), fine);
  const description = await readModelDescription(at("hear"));
  const opened = await openAei(first);
  assert.deepEqual([description!.model, description!.sizes["resolution"]], ["hear", 32]);
  assert.deepEqual(description!.stage, { sha256: opened.sha256, steps: 7 });
  assert.equal((await readProvenance(at("hear/samples/step_000001.png")))?.["generator"], "aei+hear");
  const both = await openHear(at("hear"), opened);
  assert.deepEqual([both.steps, both.hear.name, both.model.name], [1, "hear", "aei"]);
  both.dispose();

  const strange = await openAei(other);
  await assert.rejects(
    openHear(at("hear"), strange),
    /Cannot open HEAR-Net: expected the AEI-Net that HEAR-Net was trained on, of 7 steps, got another/,
  );
  [opened, strange].forEach(({ model }) => model.weights.dispose());
  Deno.copyFileSync(join(first, checkpointName), at("first.safetensors"));
  Deno.copyFileSync(join(other, checkpointName), join(first, checkpointName));
  const changed = await hearOf("hear");
  Deno.copyFileSync(at("first.safetensors"), join(first, checkpointName));
  assert.match(changed.err, /^Cannot go on training: expected the AEI-Net of the beginning, of 7 steps, got another/);

  const target = at("set/bert/one.png");
  const swap = (...args: string[]) =>
    run("convert", "--model", first, "--source", at("set/anna/one.png"), "--target", target, ...args);
  assert.deepEqual(await swap("--out", at("alone.png")), fine);
  assert.deepEqual(await swap("--hear", at("hear"), "--out", at("refined.png")), fine);
  const provenance = await readProvenance(at("refined.png"));
  assert.deepEqual(
    ["synthetic", "generator", "model", "steps", "face_of", "target"].map((key) => provenance?.[key]),
    ["true", "aei+hear", "first+hear", "7+1", "one.png", "one.png"],
  );
  const [alone, refined] = [await readPicture(at("alone.png")), await readPicture(at("refined.png"))];
  assert.ok(alone.data.some((value, i) => value !== refined.data[i]), "the second stage changes the swap");

  const strength = ["--extrapolate", "0.25"];
  assert.deepEqual(await swap("--hear", at("hear"), ...strength, "--out", at("further.png")), fine);
  assert.equal((await readProvenance(at("further.png")))?.["extrapolation"], "0.25");
  const further = await readPicture(at("further.png"));
  assert.ok(further.data.some((value, i) => value !== refined.data[i]), "another identity makes another face");
});

Deno.test("convert() by aei puts in the mean identity of the source's photographs, and labels it", async () => {
  const target = at("set/bert/one.png");
  const args = ["--model", first, "--source", set, "--source-person", "anna", "--target", target];
  assert.deepEqual(await run("convert", ...args, "--out", at("bare.png"), "--label", "none"), fine);
  const { model, centre } = await openAei(first);
  const faces = await Promise.all(["one", "two"].map(async (name) => {
    const photo = await readPicture(at(`set/anna/${name}.png`));
    const { landmarks } = await findOneFace(photo);
    return alignFace(photo, landmarks, { size: 32, faceType: "full" }).picture;
  }));
  const identity = identityDirections(
    [meanVector(await describeFaces(faces, { encoder: "face_api_grey" }))],
    centre,
  )[0]!;
  const photo = await readPicture(target);
  const { landmarks } = await findOneFace(photo);
  const [expected] = await swapPhotos(model, [{ photo, landmarks }], identity, { label: false });
  model.weights.dispose();
  const got = await readPicture(at("bare.png"));
  const off = expected!.picture.data.reduce((most, value, i) => Math.max(most, Math.abs(value - got.data[i]!)), 0);
  assert.ok(off < 1.5 / 255, `${off} off, where rounding to bytes allows for 0.5 / 255`);
  assert.ok(got.data.filter((value, i) => value !== photo.data[i]).length > 3000, "the face is changed");

  assert.deepEqual(await run("convert", ...args, "--out", at("labelled.png")), fine);
  const labelled = await readPicture(at("labelled.png"));
  const corner = 3 * (photo.width * (photo.height - 3) + 3);
  const plate = labelled.data.subarray(corner, corner + 9);
  assert.ok(plate.every((value, i) => value < photo.data[corner + i]! / 2), "the label's dark plate");
  const provenance = await readProvenance(at("labelled.png"));
  assert.deepEqual([provenance?.["generator"], provenance?.["face_of"]], ["aei", "anna"]);
});

Deno.test({
  name: "convert() by aei and hear swaps a video (needs ffmpeg: task setup)",
  ignore: ffmpegHere() === undefined,
  async fn() {
    const film = at("film.mp4");
    const frames = ["-loop", "1", "-framerate", "10", "-t", "0.3", "-i", at("set/bert/one.png")];
    ffmpeg(...frames, "-vf", "scale=240:160,format=yuv420p", ...h264, film);
    const refine = hear({ ...hearSizes.tiny, resolution: 32 }, 1);
    const notes = { step: 3, model: "hear", sizes: { ...refine.sizes } };
    await saveCheckpoint(join(at("film_hear"), checkpointName), prefixed("model", refine.weights.named()), notes);
    refine.weights.dispose();
    const out = at("swap.mp4");
    const args = ["--model", first, "--hear", at("film_hear"), "--source", at("set/anna")];
    assert.deepEqual(await run("convert", ...args, "--target", film, "--out", out), fine);
    assert.equal((await probeVideo(out, { count: true })).frames, 3);
    const provenance = await readVideoProvenance(out);
    assert.deepEqual([provenance?.["generator"], provenance?.["face_of"]], ["aei+hear", "anna"]);
  },
});
