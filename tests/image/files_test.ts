import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import {
  createPicture,
  encodePicture,
  fromBytes,
  type Picture,
  readPicture,
  readProvenance,
  toBytes,
  writePicture,
} from "doppel/image/mod.ts";
import { Problem } from "doppel/problem.ts";

const bytes = Uint8Array.from({ length: 20 * 12 * 3 }, (_, i) => (i * 37 + (i >> 4) * 11) % 256);
const picture = fromBytes(bytes, 20, 12, 3);
const raw = { raw: { width: 20, height: 12, channels: 3 as const } };

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "doppel-image-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const meanDifference = (a: Picture, b: Picture) =>
  a.data.reduce((sum, value, i) => sum + Math.abs(value - b.data[i]!), 0) / a.data.length;

Deno.test("fromBytes() and toBytes() give every byte back", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.deepEqual(toBytes(fromBytes(all, 16, 16, 1)), all);
  assert.deepEqual(toBytes(createPicture(2, 1, 1, new Float32Array([-0.5, 1.5]))), new Uint8Array([0, 255]));
  assert.throws(() => createPicture(0, 4, 3), /expected a positive whole size, got 0x4/);
});

Deno.test("writePicture() to PNG and readPicture() give every byte back", () =>
  inFolder(async (folder) => {
    const path = join(folder, "deep", "er", "a.png");
    await writePicture(path, picture);
    const back = await readPicture(path);
    assert.deepEqual([back.width, back.height, back.channels], [20, 12, 3]);
    assert.deepEqual(toBytes(back), bytes);
    assert.deepEqual(Array.from(Deno.readDirSync(join(folder, "deep", "er")), (e) => e.name), ["a.png"]);
  }));

Deno.test("writePicture() leaves nothing behind when it fails", () =>
  inFolder(async (folder) => {
    await assert.rejects(
      writePicture(join(folder, "a.bmp"), picture),
      /expected a name ending in .png, .jpg or .jpeg, got ".bmp"/,
    );
    await Deno.mkdir(join(folder, "b.png"));
    await assert.rejects(writePicture(join(folder, "b.png"), picture));
    await assert.rejects(writePicture(join(folder, "c.jpg"), picture, { quality: 101 }), Problem);
    assert.deepEqual(Array.from(Deno.readDirSync(folder), (e) => e.name), ["b.png"]);
  }));

Deno.test("encodePicture() to JPEG is the better the higher the quality, and keeps masks grey", async () => {
  const smooth = createPicture(
    64,
    64,
    3,
    Float32Array.from({ length: 64 * 64 * 3 }, (_, i) => (Math.floor(i / 3) % 64) / 64),
  );
  const error = async (quality: number) =>
    meanDifference(await readPicture(await encodePicture(smooth, { format: "jpeg", quality })), smooth);
  assert.ok(await error(95) < 0.01);
  assert.ok(await error(95) < await error(10));
  const mask = await encodePicture(createPicture(8, 8, 1, 0.5), { format: "jpeg" });
  assert.equal((await sharp(mask).metadata()).channels, 1);
});

for (const format of ["png", "jpeg"] as const) {
  Deno.test(`encodePicture() and readProvenance() carry any text through ${format}`, async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 60 }).filter((s) =>
      s.isWellFormed() && [...s].every((c) => c >= " " && c < "\uFFFE")
    );
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,12}$/).filter((s) => s !== "__proto__");
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, text, { noNullPrototype: true }), async (provenance) => {
        const file = await encodePicture(picture, { format, provenance });
        assert.deepEqual(await readProvenance(file), provenance);
      }),
      { numRuns: 40 },
    );
    const fixed = { generator: "df", command: 'a < b && c > "d"\r\n\tü 漢 &amp;', run: "2026" };
    const file = await encodePicture(picture, { format, provenance: fixed });
    assert.deepEqual(await readProvenance(file), fixed);
    const xmp = new TextDecoder().decode((await sharp(file).metadata()).xmp);
    assert.match(xmp, /DigitalSourceType>[^<]*compositeWithTrainedAlgorithmicMedia</);
    const plain = await encodePicture(picture, { format });
    assert.equal(await readProvenance(plain), undefined);
    assert.deepEqual((await readPicture(file)).data, (await readPicture(plain)).data, "pixels are untouched");
  });
}

Deno.test("encodePicture() refuses provenance that a file cannot carry", async () => {
  await assert.rejects(
    encodePicture(picture, { provenance: { "two words": "x" } }),
    /expected names of letters.*got "two words"/,
  );
  await assert.rejects(encodePicture(picture, { provenance: { a: "\u0000" } }), /without control characters/);
  await assert.rejects(encodePicture(picture, { provenance: { a: "x".repeat(70_000) } }), /at most 65504 bytes/);
});

Deno.test("readPicture() honours EXIF orientation", async () => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    const turned = await sharp(bytes, raw).withMetadata({ orientation }).png().toBuffer();
    const back = await readPicture(turned);
    assert.deepEqual([back.width, back.height], orientation <= 4 ? [20, 12] : [12, 20], `orientation ${orientation}`);
  }
  // Orientation 6: the stored top row is the right-hand column of what is meant.
  const back = await readPicture(await sharp(bytes, raw).withMetadata({ orientation: 6 }).png().toBuffer());
  for (let i = 0; i < 12; i++) assert.equal(Math.round(back.data[(0 * 12 + (11 - i)) * 3]! * 255), bytes[i * 20 * 3]);
});

Deno.test("readPicture() makes colour of grey, 8 bits of 16, and lays transparency on black", async () => {
  const grey = await sharp(bytes, raw).toColourspace("b-w").jpeg().toBuffer();
  assert.equal((await sharp(grey).metadata()).channels, 1);
  const fromGrey = await readPicture(grey);
  assert.equal(fromGrey.channels, 3);
  for (let i = 0; i < fromGrey.data.length; i += 3) {
    assert.equal(fromGrey.data[i], fromGrey.data[i + 1]);
    assert.equal(fromGrey.data[i], fromGrey.data[i + 2]);
  }

  const deep = await sharp(bytes, raw).toColourspace("rgb16").png().toBuffer();
  assert.equal((await sharp(deep).metadata()).depth, "ushort");
  assert.deepEqual(toBytes(await readPicture(deep)), bytes);
  const deepGrey = await sharp(bytes, raw).toColourspace("grey16").png().toBuffer();
  assert.equal((await readPicture(deepGrey)).data.length, bytes.length);

  const rgba = new Uint8Array([200, 100, 50, 255, 200, 100, 50, 0, 200, 100, 50, 128]);
  const alpha = await sharp(rgba, { raw: { width: 3, height: 1, channels: 4 } }).png().toBuffer();
  const flat = toBytes(await readPicture(alpha));
  assert.deepEqual([...flat.slice(0, 6)], [200, 100, 50, 0, 0, 0]);
  assert.ok(Math.abs(flat[6]! - 100) <= 1 && Math.abs(flat[7]! - 50) <= 1 && Math.abs(flat[8]! - 25) <= 1);
});

Deno.test("readPicture() refuses what is no whole picture, in one sentence", () =>
  inFolder(async (folder) => {
    const jpeg = await encodePicture(picture, { format: "jpeg" });
    const cases: [string, Uint8Array, RegExp][] = [
      [
        "empty.jpg",
        new Uint8Array(),
        /^Cannot read picture: expected a picture file, got an empty file \(.*empty\.jpg\)$/,
      ],
      [
        "text.jpg",
        new TextEncoder().encode("hello"),
        /expected a whole picture file, got bytes of no known picture format \(.*text\.jpg\)$/,
      ],
      [
        "half.jpg",
        jpeg.slice(0, jpeg.length - 60),
        /expected a whole picture file, got damaged data: .* \(.*half\.jpg\)$/,
      ],
    ];
    for (const [name, content, message] of cases) {
      await Deno.writeFile(join(folder, name), content);
      await assert.rejects(readPicture(join(folder, name)), (error: Error) =>
        error instanceof Problem && message.test(error.message) && !error.message.includes("\n"), name);
    }
    await assert.rejects(
      readPicture(join(folder, "none.png")),
      /Cannot read picture: expected an existing file, got none/,
    );
    await assert.rejects(readPicture(folder), /expected a picture file, got a folder/);
    await assert.rejects(
      readProvenance(join(folder, "none.png")),
      /Cannot read provenance: expected an existing picture file, got none/,
    );
  }));
