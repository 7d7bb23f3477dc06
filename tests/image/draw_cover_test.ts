import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { createPicture, drawCover, encodePicture, fillPolygons, readPictureSize } from "doppel/image/mod.ts";
import sharp from "sharp";

const sum = (data: Float32Array) => data.reduce((total, value) => total + value, 0);

Deno.test("fillPolygons() covers as much as the shoelace formula says, whichever way round", () => {
  const point = fc.tuple(fc.double({ min: 2, max: 38, noNaN: true }), fc.double({ min: 2, max: 28, noNaN: true }));
  fc.assert(fc.property(point, point, point, (a, b, c) => {
    const area = Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2;
    const [there, back] = [[a, b, c], [c, b, a]].map((corners) =>
      fillPolygons([Float32Array.from(corners.flat())], 40, 30)
    );
    const perimeter = Math.hypot(a[0] - b[0], a[1] - b[1]) + Math.hypot(c[0] - b[0], c[1] - b[1]) +
      Math.hypot(a[0] - c[0], a[1] - c[1]);
    // A sixteenth of a pixel along the border is what anti-aliasing is good for.
    assert.ok(Math.abs(sum(there!.data) - area) < 0.5 + perimeter / 16, `${sum(there!.data)} and ${area}`);
    assert.ok(Math.abs(sum(there!.data) - sum(back!.data)) < 0.5);
  }));
});

Deno.test("fillPolygons() unites polygons without a seam or a hole, and puts half a pixel at half", () => {
  const box = (x0: number, y0: number, x1: number, y1: number, turned = false) => {
    const corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]];
    return Float32Array.from((turned ? corners.toReversed() : corners).flat());
  };
  const touching = fillPolygons([box(0, 0, 4.5, 6), box(4.5, 0, 10, 6, true)], 10, 6);
  assert.ok(touching.data.every((value) => value === 1), "no seam at x = 4.5");
  const crossing = fillPolygons([box(0, 0, 6, 6), box(3, 0, 10, 6, true)], 10, 6);
  assert.ok(crossing.data.every((value) => value === 1), "no hole where two that turn apart overlap");
  const half = fillPolygons([box(0, 0, 4.5, 6)], 10, 6);
  assert.deepEqual([3, 4, 5].map((x) => Math.round(half.data[x]! * 10) / 10), [1, 0.5, 0]);
  assert.equal(sum(fillPolygons([box(-5, -5, 4, 100)], 10, 6).data), 24, "cut off at the border");
  assert.equal(sum(fillPolygons([], 10, 6).data), 0);
});

Deno.test("drawCover() counts opacity, not colour", () => {
  const cover = (attributes: string) => drawCover(`<rect width="4" height="4" ${attributes}/>`, 4, 4).data[0]!;
  assert.deepEqual([cover('fill="#000"'), cover('fill="#fff"')], [1, 1]);
  assert.ok(Math.abs(cover('fill="#fff" fill-opacity="0.5"') - 0.5) < 0.01);
});

Deno.test("readPictureSize() gives the size of the upright picture, or a sentence", async () => {
  const folder = await Deno.makeTempDir({ prefix: "doppel-size-" });
  try {
    const png = await encodePicture(createPicture(30, 20, 3));
    await Deno.writeFile(join(folder, "a.png"), png);
    assert.deepEqual(await readPictureSize(join(folder, "a.png")), { width: 30, height: 20 });
    await Deno.writeFile(
      join(folder, "turned.jpg"),
      await sharp(png).jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    );
    assert.deepEqual(await readPictureSize(join(folder, "turned.jpg")), { width: 20, height: 30 });
    await assert.rejects(readPictureSize(join(folder, "b.png")), /Cannot read picture size: expected an existing file/);
    await Deno.writeTextFile(join(folder, "text.png"), "no picture");
    await assert.rejects(
      readPictureSize(join(folder, "text.png")),
      /^Problem: .*expected a picture file, got .*unsupported/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
