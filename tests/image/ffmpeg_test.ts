import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findFfmpeg } from "doppel/image/mod.ts";
import { explainFfmpeg } from "../../lib/image/ffmpeg.ts";
import { inFolder } from "./video_fixtures.ts";

/** Sets variables for the length of a test. */
async function withVariables(variables: Record<string, string>, work: () => Promise<void>): Promise<void> {
  const before = Object.keys(variables).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  try {
    await work();
  } finally {
    for (const [name, value] of before) value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  }
}

Deno.test("findFfmpeg() looks into .venv, then at DOPPEL_FFMPEG, then on the PATH, and says what to do", () =>
  inFolder(async (at, folder) => {
    mkdirSync(at("bin"));
    await withVariables({ PATH: `${at("nothing")}:${at("bin")}`, DOPPEL_FFMPEG: "" }, () => {
      assert.throws(() => findFfmpeg("read video", folder), {
        name: "Problem",
        message:
          "Cannot read video: expected ffmpeg, got none (neither in .venv nor on the PATH; npx deno@2.9.6 task setup)",
      });
      writeFileSync(at("bin/ffmpeg"), "");
      assert.equal(findFfmpeg("read video", folder), at("bin/ffmpeg"));
      Deno.env.set("DOPPEL_FFMPEG", at("none"));
      assert.throws(() => findFfmpeg("read video", folder), /got none \(DOPPEL_FFMPEG=.*none; npx/);
      writeFileSync(at("own"), "");
      Deno.env.set("DOPPEL_FFMPEG", at("own"));
      assert.equal(findFfmpeg("read video", folder), at("own"));
      const binaries = at("lib/python3.11/site-packages/imageio_ffmpeg/binaries");
      mkdirSync(binaries, { recursive: true });
      writeFileSync(join(binaries, "README.md"), "");
      assert.equal(findFfmpeg("read video", folder), at("own")); // A wheel without a program.
      writeFileSync(join(binaries, "ffmpeg-linux-x86_64-v9.0.2"), "");
      assert.equal(findFfmpeg("read video", folder), join(binaries, "ffmpeg-linux-x86_64-v9.0.2"));
      return Promise.resolve();
    });
  }));

Deno.test("explainFfmpeg() picks the first error, and knows a full disk", () => {
  const complaints = [
    { level: "warning", text: "odd" },
    { level: "error", text: 'Unknown encoder "libx264".' },
    { level: "error", text: "Error opening output" },
  ];
  assert.equal(
    explainFfmpeg("write video", complaints, "a.mp4").message,
    `Cannot write video: expected success of ffmpeg, got "Unknown encoder 'libx264'" (a.mp4)`,
  );
  assert.equal(
    explainFfmpeg("write video", [...complaints, { level: "error", text: "x: No space left on device" }], "a.mp4")
      .message,
    "Cannot write video: expected free space on the disk, got none left (a.mp4)",
  );
  assert.match(explainFfmpeg("read video", [], "a.mp4").message, /got "a sudden end of ffmpeg" \(a.mp4\)$/);
});
