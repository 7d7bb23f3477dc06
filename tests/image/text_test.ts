import assert from "node:assert/strict";
import {
  createPicture,
  drawCover,
  drawText,
  labelPicture,
  type Picture,
  pictureGrid,
  textPath,
  textSize,
} from "doppel/image/mod.ts";
import { Problem } from "doppel/problem.ts";

const inked = (a: Picture, b: Picture) => a.data.reduce((n, value, i) => n + (value === b.data[i] ? 0 : 1), 0);

Deno.test("drawText() draws each character of ASCII differently, within the room that textSize() tells", () => {
  const seen = new Map<string, string>();
  for (let code = 33; code < 127; code++) {
    const character = String.fromCharCode(code);
    const { width, height } = textSize(character, 12);
    const blank = createPicture(width + 8, height + 8, 1);
    const drawn = drawText(blank, character, { x: 4, y: 4, size: 12, colour: [1] });
    let frame = 0;
    for (let y = 0; y < drawn.height; y++) {
      for (let x = 0; x < drawn.width; x++) {
        if (x < 3 || y < 3 || x >= drawn.width - 3 || y >= drawn.height - 3) frame += drawn.data[y * drawn.width + x]!;
      }
    }
    assert.equal(frame, 0, `${character} leaves its room`);
    const big = drawText(createPicture(60, 60, 1), character, { x: 10, y: 10, size: 24, colour: [1] });
    const key = big.data.join();
    assert.ok(big.data.some((value) => value === 1), `${character} leaves no ink`);
    assert.equal(seen.get(key), undefined, `${character} looks like ${seen.get(key)}`);
    seen.set(key, character);
  }
});

Deno.test("textPath() draws what drawText() draws, dots included", () => {
  for (const text of ["Doppel", "i?!", "aWg 07"]) {
    const { path, width } = textPath(text, 24);
    const pen = 24 / 6 * 0.85;
    const room = { width: Math.ceil(width) + 20, height: 60 };
    const place = `translate(${10 + pen / 2} ${10 + pen / 2})`;
    const round = `fill="none" stroke="#000" stroke-width="${pen}" stroke-linecap="round" stroke-linejoin="round"`;
    const cover = drawCover(`<path transform="${place}" d="${path}" ${round}/>`, room.width, room.height);
    const drawn = drawText(createPicture(room.width, room.height, 1), text, { x: 10, y: 10, size: 24, colour: [1] });
    const ink = (data: Float32Array) => data.reduce((sum, value) => sum + value, 0);
    const apart = ink(drawn.data.map((value, i) => Math.abs(value - cover.data[i]!)));
    assert.ok(apart < 0.12 * ink(drawn.data), `${text}: ${apart} of ${ink(drawn.data)}`);
    assert.ok(Math.abs(textSize(text, 24).width - width - pen) <= 1, text);
  }
  assert.deepEqual(textPath("", 9), { path: "", width: 0 });
});

Deno.test("drawText() drops accents, boxes the unknown, and does not touch its input", () => {
  const paper = createPicture(60, 20, 3, 1);
  const draw = (text: string) => drawText(paper, text, { x: 3, y: 3 }).data;
  assert.deepEqual(draw("e"), draw("é"));
  assert.deepEqual(draw("漢"), draw("字"));
  assert.notDeepEqual(draw("漢"), draw(" "));
  assert.ok(paper.data.every((value) => value === 1));
  assert.deepEqual(drawText(paper, "far", { x: 500, y: -90 }).data, paper.data);
});

Deno.test("labelPicture() is readable on black, white and grey, from 64 px up", () => {
  for (const side of [64, 96, 320]) {
    for (const ground of [0, 0.5, 1]) {
      const picture = createPicture(side, side, 3, ground);
      const labelled = labelPicture(picture);
      const changed = Array.from(labelled.data, (value, i) => value === picture.data[i] ? [] : [value]).flat();
      const plate = labelled.data.reduce((a, b) => Math.min(a, b));
      assert.ok(changed.reduce((a, b) => Math.max(a, b)) - plate > 0.6, `contrast at ${side} px on ${ground}`);
      assert.deepEqual(labelled.data.slice(0, side * 3), picture.data.slice(0, side * 3), "top row is untouched");
      const share = inked(labelled, picture) / picture.data.length;
      assert.ok(share > 0.001 && share < 0.15, `covers ${share} at ${side} px on ${ground}`);
    }
  }
});

Deno.test("labelPicture() goes into the asked-for corner, and refuses what is too small to read", () => {
  const picture = createPicture(128, 128, 3, 1);
  const corner = (where: "top-left" | "bottom-right") => {
    const { data } = labelPicture(picture, "A", { corner: where });
    const at = Array.from(data.keys()).filter((i) => data[i] !== 1).map((i) => Math.floor(i / 3));
    return [at[0]! < 128 * 64, at[0]! % 128 < 64];
  };
  assert.deepEqual(corner("top-left"), [true, true]);
  assert.deepEqual(corner("bottom-right"), [false, false]);
  assert.throws(
    () => labelPicture(createPicture(16, 16, 3)),
    (error) => error instanceof Problem && /at least \d+x\d+ pixels, got 16x16/.test(error.message),
  );
});

Deno.test("pictureGrid() puts each picture where it belongs", () => {
  const colour = (value: number, side = 10) => createPicture(side, side, 1, value);
  const grid = pictureGrid([[colour(0.1), colour(0.2, 6)], [colour(0.3)]], { gap: 2, background: 1 });
  // Columns 10 and 6 wide, rows 10 and 10 high, three gaps of 2 each way.
  assert.deepEqual([grid.width, grid.height, grid.channels], [22, 26, 3]);
  const at = (x: number, y: number) => Math.round(grid.data[(y * 22 + x) * 3]! * 10) / 10;
  assert.deepEqual([at(2, 2), at(11, 11), at(12, 5), at(14, 4), at(14, 3), at(2, 14), at(14, 18)], [
    0.1,
    0.1,
    1,
    0.2,
    1,
    0.3,
    1,
  ]);
});

Deno.test("pictureGrid() writes labels beside the pictures, never on them", () => {
  const black = createPicture(40, 40, 3, 0);
  const grid = pictureGrid([[black, black]], { rowLabels: ["DF"], columnLabels: ["source", "a long heading"] });
  let [ink, pixels] = [0, 0];
  for (let i = 0; i < grid.data.length; i += 3) {
    if (grid.data[i]! === 0) pixels++;
    else if (grid.data[i]! < 1) ink++;
  }
  assert.ok(ink > 100);
  assert.ok(pixels >= 2 * 1600);
  assert.ok(grid.width > 80 + textSize("DF").width);
  assert.throws(() => pictureGrid([[black]], { rowLabels: ["a", "b"] }), /expected 1 rowLabels, got 2/);
  assert.throws(() => pictureGrid([]), /expected at least one picture, got none/);
});
