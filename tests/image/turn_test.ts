import assert from "node:assert/strict";
import sharp from "sharp";
import { applyAffine, fromBytes, type Quarters, toBytes, turnMatrix, turnPicture } from "doppel/image/mod.ts";

const bytes = Uint8Array.from({ length: 7 * 4 * 3 }, (_, i) => (i * 37) % 256);

Deno.test("turnPicture() turns as libvips does, for colour and masks", async () => {
  for (const channels of [1, 3] as const) {
    const own = bytes.slice(0, 7 * 4 * channels);
    for (const quarters of [0, 1, 2, 3] as const) {
      const turned = turnPicture(fromBytes(own, 7, 4, channels), quarters);
      const raw = { raw: { width: 7, height: 4, channels } };
      const { data, info } = await sharp(own, raw).rotate(90 * quarters).raw().toBuffer({ resolveWithObject: true });
      assert.deepEqual([turned.width, turned.height], [info.width, info.height]);
      const expected = channels === info.channels ? [...data] : [...data].filter((_, i) => i % info.channels === 0);
      assert.deepEqual([...toBytes(turned)], expected, `${quarters} quarters, ${channels} channels`);
    }
  }
});

Deno.test("turnMatrix() says where turnPicture() moves each pixel", () => {
  const picture = fromBytes(Uint8Array.from({ length: 28 }, (_, i) => i), 7, 4, 1);
  for (const quarters of [0, 1, 2, 3] as Quarters[]) {
    const turned = turnPicture(picture, quarters);
    const matrix = turnMatrix(7, 4, quarters);
    for (let i = 0; i < 28; i++) {
      const [x, y] = applyAffine(matrix, (i % 7) + 0.5, Math.floor(i / 7) + 0.5);
      assert.equal(turned.data[Math.floor(y) * turned.width + Math.floor(x)], picture.data[i]);
    }
  }
});
