import assert from "node:assert/strict";
import {
  createPicture,
  cropFrame,
  cropPicture,
  frameLabel,
  fromBytes,
  labelPicture,
  pasteIntoFrame,
  toBytes,
} from "doppel/image/mod.ts";
import { randomSource, uniform } from "doppel/random.ts";

/** A frame of noise. */
function noise(width: number, height: number) {
  const random = randomSource(1, "frame");
  const data = Uint8Array.from({ length: width * height * 3 }, () => Math.floor(uniform(random, 0, 256)));
  return { width, height, data };
}

Deno.test("frameLabel() writes what labelPicture() writes, and touches nothing else", () => {
  const { width, height, data } = noise(160, 120);
  const labelled = data.slice();
  frameLabel(width, height, "FAKE 1")(labelled);
  const expected = toBytes(labelPicture(fromBytes(data, width, height, 3), "FAKE 1"));
  let changed = 0;
  labelled.forEach((byte, i) => {
    assert.ok(Math.abs(byte - expected[i]!) <= 1, `byte ${i} is ${byte}, not ${expected[i]}`);
    if (expected[i] === data[i]) assert.ok(Math.abs(byte - data[i]!) <= 1);
    if (byte !== data[i]) changed++;
  });
  assert.ok(changed > 500);
});

Deno.test("cropFrame() and pasteIntoFrame() take a part out of a frame and put it back", () => {
  const frame = noise(40, 30);
  const region = { x: 5, y: 7, width: 12, height: 9 };
  const part = cropFrame(frame, region);
  assert.deepEqual(part, cropPicture(fromBytes(frame.data, 40, 30, 3), region));
  const before = frame.data.slice();
  pasteIntoFrame(frame, part, region);
  assert.deepEqual(frame.data, before);
  pasteIntoFrame(frame, createPicture(12, 9, 3, 2), region);
  frame.data.forEach((byte, i) => {
    const [x, y] = [Math.floor(i / 3) % 40, Math.floor(i / 120)];
    const inside = x >= 5 && x < 17 && y >= 7 && y < 16;
    assert.equal(byte, inside ? 255 : before[i]);
  });
  assert.throws(
    () => pasteIntoFrame(frame, part, { ...region, width: 11 }),
    /expected the picture of shape \[9, 11, 3\]/,
  );
});
