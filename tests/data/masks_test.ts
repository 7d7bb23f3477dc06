import assert from "node:assert/strict";
import { join } from "node:path";
import { BUNDLED_FACES, drawMask, hasFace, readFaceSet, readMasks, withHandMasks } from "doppel/data/mod.ts";
import { createPicture, encodePicture, warpPicture } from "doppel/image/mod.ts";

const sum = (data: Float32Array) => data.reduce((total, value) => total + value, 0);
const square = (from: number, to: number) => [[from, from], [to, from], [to, to], [from, to]];
const labelMe = (shapes: unknown[], more: Record<string, unknown> = {}) => ({
  version: "5.4.1",
  flags: {},
  shapes,
  imagePath: "1.jpg",
  imageData: null,
  imageHeight: 20,
  imageWidth: 30,
  ...more,
});
const shape = (label: string, points: number[][], more = {}) => ({ label, points, group_id: null, flags: {}, ...more });

/** A folder with photographs of 30x20 pixels and files beside them. */
async function withFolder(
  photographs: readonly string[],
  files: Readonly<Record<string, unknown>>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "doppel-masks-" });
  const put = async (path: string, content: string | Uint8Array) => {
    await Deno.mkdir(join(folder, path, ".."), { recursive: true });
    if (typeof content === "string") await Deno.writeTextFile(join(folder, path), content);
    else await Deno.writeFile(join(folder, path), content);
  };
  try {
    const photo = await encodePicture(createPicture(30, 20, 3, 0.5), { format: "jpeg" });
    for (const path of photographs) await put(path, photo);
    for (const [path, content] of Object.entries(files)) {
      await put(path, content instanceof Uint8Array || typeof content === "string" ? content : JSON.stringify(content));
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readMasks() reads LabelMe, COCO and PNG masks and finds the photograph of each", async () => {
  const photographs = ["anna/1.jpg", "bert/1.jpg", "carl/3.jpg", "dora/4.jpg"];
  const coco = {
    images: [{ id: 7, file_name: "3.jpg", width: 30, height: 20 }, { id: 8, file_name: "9.jpg", width: 1, height: 1 }],
    categories: [{ id: 1, name: "skin", supercategory: "head" }, { id: 2, name: "hand" }],
    annotations: [
      {
        id: 1,
        image_id: 7,
        category_id: 1,
        iscrowd: 0,
        segmentation: [[2, 2, 8, 2, 8, 8, 2, 8], [9, 2, 11, 2, 11, 4, 9, 4]],
      },
      { id: 2, image_id: 7, category_id: 2, iscrowd: 0, segmentation: [[5, 2, 8, 2, 8, 8, 5, 8]] },
    ],
  };
  const png = createPicture(30, 20, 1);
  png.data.fill(1, 60, 90);
  await withFolder(photographs, {
    "masks/bert/1.json": labelMe([
      shape("face", square(2, 12)),
      shape("occluder", square(2, 7)),
      shape("hair", [
        [10, 10],
        [
          12,
          10,
        ],
        [12, 12],
        [10, 12],
      ]),
    ]),
    "masks/coco.json": coco,
    "masks/dora/4.png": await encodePicture(png),
  }, async (folder) => {
    const { masks, unused } = await readMasks(join(folder, "masks"), {
      photographs,
      photoFolder: folder,
      classes: { skin: "face", hand: "occluder", face: "face", occluder: "occluder", hair: "hair" },
    });
    assert.deepEqual(masks.map(({ photograph }) => photograph), ["bert/1.jpg", "carl/3.jpg", "dora/4.jpg"]);
    assert.deepEqual(unused.map(({ image }) => image), ["9.jpg"]);
    assert.ok(masks.every(hasFace));
    const layers = drawMask(masks[0]!);
    assert.deepEqual([layers.mask.width, layers.mask.height], [30, 20]);
    assert.deepEqual([sum(layers.face.data), sum(layers.occluder.data), sum(layers.hair.data)], [100, 25, 4]);
    assert.equal(sum(layers.mask.data), 71);
    assert.equal(sum(drawMask(masks[1]!).mask.data), 36 + 4 - 18);
    assert.equal(sum(drawMask(masks[2]!).mask.data), 30);
  });
});

Deno.test("readMasks() takes a photograph beside its JSON for no mask", async () => {
  const photo = await encodePicture(createPicture(30, 20, 3, [1, 0, 0]));
  const json = labelMe([shape("face", square(2, 12))], { imagePath: "a.png" });
  await withFolder([], { "anna/a.png": photo, "anna/a.json": json }, async (folder) => {
    const { masks } = await readMasks(folder, { photographs: ["anna/a.png"], photoFolder: folder });
    assert.deepEqual(masks.map(({ file }) => file), [join(folder, "anna/a.json")]);
  });
});

Deno.test("readMasks() says in one sentence what is wrong, in which file and where", async () => {
  const photographs = ["anna/1.jpg", "bert/2.jpg"];
  const face = shape("face", square(2, 12));
  const coco = (change: Record<string, unknown>) => ({
    images: [{ id: 1, file_name: "1.jpg", width: 30, height: 20 }],
    categories: [{ id: 1, name: "face" }],
    annotations: [{ image_id: 1, category_id: 1, segmentation: [[2, 2, 8, 2, 8, 8]], ...change }],
  });
  const red = await encodePicture(createPicture(30, 20, 3, [1, 0, 0]));
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ "m/1.json": "{" }, /expected valid JSON, got .*\(.*m\/1\.json\)/],
    [{ "m/1.json": {} }, /expected shapes \(LabelMe\) or annotations \(COCO\), got neither \(.*1\.json\)/],
    [
      { "m/1.json": labelMe([shape("nose", square(2, 12))]) },
      /labels face, occluder, hair, got "nose" .*1\.json, shapes\.0\.label/,
    ],
    [
      { "m/1.json": labelMe([face, { ...face, points: [[1, 2], [3]] }]) },
      /got undefined \(.*1\.json, shapes\.1\.points\.1/,
    ],
    [
      { "m/1.json": labelMe([{ ...face, points: [[1, 2], [3, 4]] }]) },
      /at least 3 points, got 2 \(.*shapes\.0\.points\)/,
    ],
    [
      { "m/1.json": labelMe([{ ...face, shape_type: "circle" }]) },
      /polygons only, got "circle" \(.*shapes\.0\.shape_type\)/,
    ],
    [{ "m/1.json": labelMe([face], { imageWidth: "30" }) }, /expected number, got "30" \(.*1\.json, imageWidth\)/],
    [
      { "m/1.json": labelMe([face], { imageWidth: 31 }) },
      /a mask of 30x20 pixels for .*anna\/1\.jpg, got 31x20 \(.*1\.json\)/,
    ],
    [
      { "m/1.json": labelMe([face]), "m/x/1.json": labelMe([face]) },
      /one mask of anna\/1\.jpg, got two, the other in .*m\/1\.json/,
    ],
    [{ "m/c.json": coco({ image_id: 5 }) }, /the id of an image, got 5 \(.*c\.json, annotations\.0\.image_id\)/],
    [{ "m/c.json": coco({ category_id: 5 }) }, /the id of a category, got 5 \(.*annotations\.0\.category_id\)/],
    [
      { "m/c.json": coco({ segmentation: [[1, 2, 3, 4, 5]] }) },
      /x and y of at least 3 points, got 5 numbers .*segmentation\.0/,
    ],
    [
      { "m/c.json": coco({ segmentation: { counts: "x", size: [1, 1] } }) },
      /expected Array, got Object \(.*annotations\.0\.segmentation\)/,
    ],
    [{ "m/1.png": red }, /grey values only, got a colour at column 0, row 0 \(.*1\.png\)/],
  ];
  for (const [files, message] of cases) {
    await withFolder(photographs, files, async (folder) => {
      await assert.rejects(
        readMasks(join(folder, "m"), { photographs, photoFolder: folder }),
        (error: Error) => {
          assert.match(error.message, message);
          assert.match(error.message, /^Cannot read masks: expected [^\n]+$/);
          return true;
        },
      );
    });
  }
  await assert.rejects(
    readMasks("/nowhere", { photographs }),
    /Cannot read masks: expected a folder, got none \(\/nowhere\)/,
  );
});

Deno.test("readMasks() refuses to guess between two photographs of one name", async () => {
  const photographs = ["anna/1.jpg", "bert/1.jpg"];
  await withFolder(photographs, { "m/1.json": labelMe([shape("face", square(2, 12))]) }, async (folder) => {
    await assert.rejects(
      readMasks(join(folder, "m"), { photographs }),
      /expected one photograph named 1\.json, got anna\/1\.jpg, bert\/1\.jpg \(.*m\/1\.json\)/,
    );
  });
});

Deno.test("drawMask() in an aligned frame is what warping the photograph's own mask gives", async () => {
  const { faces } = await readFaceSet(BUNDLED_FACES, { size: 96, persons: ["person19"] });
  const { masks } = await readMasks(join(BUNDLED_FACES, "masks"), { photographs: faces.map(({ path }) => path) });
  const face = faces.find(({ path }) => path === masks[0]!.photograph)!;
  const frame = { matrix: face.matrix, width: 96, height: 96 };
  const drawn = drawMask(masks[0]!, frame);
  const warped = warpPicture(drawMask(masks[0]!).mask, face.matrix, { width: 96, height: 96, outside: "black" });
  const error = drawn.mask.data.reduce((total, value, i) => total + Math.abs(value - warped.data[i]!), 0) / 96 ** 2;
  assert.ok(error < 0.005, `mean difference ${error}`);
  assert.ok(sum(drawn.hair.data) > 200, "the strand before the eye is a layer of its own");
  const picture = { ...masks[0]!, drawing: drawMask(masks[0]!).mask };
  const fromPicture = drawMask(picture, frame).mask;
  const gap = drawn.mask.data.reduce((total, value, i) => total + Math.abs(value - fromPicture.data[i]!), 0) / 96 ** 2;
  assert.ok(gap < 0.005, `a mask picture comes to the same, but for ${gap}`);
});

Deno.test("withHandMasks() lists faces without a mask and why", async () => {
  const { faces } = await readFaceSet(BUNDLED_FACES, { size: 32, persons: ["person03"] });
  const { masks } = await readMasks(join(BUNDLED_FACES, "masks"), { photographs: faces.map(({ path }) => path) });
  const without = { ...masks[0]!, photograph: faces[0]!.path, drawing: [] };
  const { faces: masked, missed } = withHandMasks(faces, [...masks, without]);
  assert.deepEqual(masked.map(({ path }) => path), masks.map(({ photograph }) => photograph));
  assert.equal(missed.length, 4);
  assert.match(missed.find(({ path }) => path === faces[0]!.path)!.reason, /no face is drawn in .*image_0045\.json/);
  assert.ok(missed.some(({ reason }) => reason === "no mask was drawn for it"));
});
