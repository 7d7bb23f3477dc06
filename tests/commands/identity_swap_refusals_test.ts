import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { at, first, other, run, set } from "./identity_swap_fixtures.ts";

Deno.test("train() and convert() with aei and hear say in one sentence what is wrong, and write nothing", async () => {
  const none = ["--out", at("none.png")];
  const photo = ["--target", at("set/bert/one.png"), ...none];
  const source = ["--source", at("set/anna/one.png")];
  const cases: ["train" | "convert", string[], RegExp][] = [
    ["train", ["aei", "--out", at("none")], /^Cannot train aei: expected --source DIR, got none/],
    [
      "train",
      ["aei", "--source", at("set/anna"), "--out", at("none")],
      /^Cannot train aei: expected one sub-folder a person, of two persons or more, got 1/,
    ],
    [
      "train",
      ["aei", "--source", set, "--out", at("none"), "--size", "compact96"],
      /^Cannot train aei: expected one of small, paper, got compact96/,
    ],
    [
      "train",
      ["aei", "--out", at("none"), "--warp", "0.1"],
      /^Cannot train aei: expected one of its options, got --warp/,
    ],
    ["train", ["df", "--out", at("none"), "--aei", first], /^Cannot train df: expected one of its options, got --aei/],
    ["train", ["hear", "--source", set, "--out", at("none")], /^Cannot train hear: expected --aei MODEL, got none/],
    [
      "train",
      ["hear", "--source", set, "--aei", at("missing"), "--out", at("none")],
      /^Cannot open model: expected a folder of task train, got none/,
    ],
    ["convert", ["--model", first, ...photo], /^Cannot convert with aei: expected --source PATH, whose face to make/],
    [
      "convert",
      ["--model", first, "--source", set, ...photo],
      /^Cannot read source: expected a person's name by --source-person, got a folder of anna, bert/,
    ],
    [
      "convert",
      ["--model", first, "--source", at("missing"), ...photo],
      /^Cannot read source: expected a photograph or a folder of them, got none/,
    ],
    [
      "convert",
      ["--model", first, ...source, ...photo, "--to", "source"],
      /expected an option that .+ aei has, got --to/,
    ],
    [
      "convert",
      ["--model", first, ...source, ...photo, "--mask", "learned-prd"],
      /expected a mask without learned, since aei predicts none, got learned-prd/,
    ],
    ["convert", ["--model", first, "--model", other, ...source, ...photo], /expected one model of aei, .+, got 2/],
    ["convert", ["--model", first, ...source, ...photo, "--hear", other], /expected a model of hear, got one of aei/],
    ["convert", ["--model", first, ...source, ...photo, "--face-type", "head"], /expected face type full, got head/],
  ];
  for (const [what, args, expected] of cases) {
    const { code, err } = await run(what, ...args);
    assert.match(err.split("\n").filter((one) => one !== "").at(-1) ?? "", expected);
    assert.equal(err.trim().split("\n").length, 1, err);
    assert.ok(code === 1 || code === 2);
  }
  assert.ok(!existsSync(at("none")) && !existsSync(at("none.png")));
});
