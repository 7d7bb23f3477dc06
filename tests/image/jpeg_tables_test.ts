// jpeg_tables_truth.json: 16x16 pixels of noise saved by Pillow 13 (libjpeg-turbo) at four qualities, and the tables that Pillow
// reads from those files, row by row.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createPicture, encodePicture, readJpegTables, readPictureCoding } from "doppel/image/mod.ts";
import truth from "./jpeg_tables_truth.json" with { type: "json" };

Deno.test("readJpegTables() and readPictureCoding() read what Pillow reads", async () => {
  for (const { file, quality, chroma, progressive, first, second } of truth) {
    const bytes = new Uint8Array(Buffer.from(file, "base64"));
    const found = readJpegTables(bytes);
    assert.deepEqual(found.tables.map((table) => table.join(" ")), [first, second]);
    assert.deepEqual([found.quality, found.isExact], [quality, true]);
    assert.deepEqual(await readPictureCoding(bytes), {
      ...{ format: "jpeg", width: 16, height: 16, bytes: bytes.length, chroma, isProgressive: progressive, quality },
      ...{ tables: `${first}; ${second}`, metadata: [], metadataBytes: 0 },
    });
  }
});

Deno.test("readPictureCoding() tells the files of the project apart by quality, chroma and metadata", async () => {
  const picture = createPicture(24, 16, 3, 0.5);
  const coding = async (options: Parameters<typeof encodePicture>[1]) =>
    await readPictureCoding(await encodePicture(picture, options));
  const png = await coding({ format: "png" });
  assert.deepEqual([png.format, png.quality, png.tables, png.width, png.height], ["png", null, null, 24, 16]);
  for (const quality of [1, 49, 50, 95]) assert.equal((await coding({ format: "jpeg", quality })).quality, quality);
  assert.equal((await coding({ format: "jpeg", chroma: "4:4:4" })).chroma, "4:4:4");
  const labelled = await coding({ format: "jpeg", provenance: { generator: "df" } });
  assert.deepEqual(labelled.metadata, ["xmp"]);
  assert.ok(labelled.metadataBytes > 100);
});

Deno.test("readJpegTables() says in one sentence what is wrong", async () => {
  const jpeg = await encodePicture(createPicture(8, 8, 3), { format: "jpeg" });
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(9), /expected a JPEG file with quantisation tables, got another format \(x\.jpg\)$/],
    [jpeg.subarray(0, 30), /got a file that is cut short/],
    [jpeg.subarray(0, 4), /got (none|a file that is cut short)/],
    [Uint8Array.of(0xff, 0xd8, 1, 2, 3, 4, 5), /got damaged data/],
  ];
  for (const [bytes, expected] of cases) assert.throws(() => readJpegTables(bytes, "x.jpg"), expected);
  await assert.rejects(
    readPictureCoding(new Uint8Array(9), "x.jpg"),
    /^Problem: Cannot read picture: expected a picture/,
  );
});
