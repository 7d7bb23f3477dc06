import assert from "node:assert/strict";
import { join } from "node:path";
import { BUNDLED_FACES, readFaceList } from "doppel/data/mod.ts";
import {
  alignFace,
  describeFaces,
  estimateHeadPoses,
  findFaces,
  findOneFace,
  loadIdentityEncoder,
  mirrorLandmarks,
} from "doppel/faces/mod.ts";
import { createPicture, encodePicture, type Picture, readPicture, warpPicture } from "doppel/image/mod.ts";
import { Problem } from "doppel/problem.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";

await useTensorFlow();
const list = await readFaceList(BUNDLED_FACES);
const stored = (path: string) => list.faces.find((face) => face.path === path)!.landmarks;
const bundled = (path: string) => readPicture(join(BUNDLED_FACES, path));
const path = "photos/person05/image_0075.jpg";
const photo = await bundled(path);
const landmarks = stored(path);

const distance = (a: Float32Array, b: Float32Array) => {
  let worst = 0;
  for (let i = 0; i < a.length; i += 2) worst = Math.max(worst, Math.hypot(a[i]! - b[i]!, a[i + 1]! - b[i + 1]!));
  return worst;
};
const mirror = (picture: Picture) =>
  warpPicture(picture, [-1, 0, picture.width, 0, 1, 0], { ...picture, interpolation: "bilinear" });

Deno.test("findFaces() finds one face with its 68 landmarks inside of its surroundings", async () => {
  const faces = await findFaces(photo);
  assert.equal(faces.length, 1);
  const [{ box, score, landmarks: found }] = faces as [typeof faces[0] & object];
  assert.ok(score > 0.9 && score <= 1);
  assert.equal(found.length, 136);
  assert.ok(distance(found, landmarks) < 1);
  for (let i = 0; i < 136; i += 2) {
    assert.ok(found[i]! > box.x - 0.3 * box.width && found[i]! < box.x + 1.3 * box.width);
    assert.ok(found[i + 1]! > box.y - 0.3 * box.height && found[i + 1]! < box.y + 1.3 * box.height);
  }
});

Deno.test("findFaces() finds several faces, the largest first", async () => {
  const wide = createPicture(700, 340, 3, 0.5);
  const small = warpPicture(photo, [0.5, 0, 0, 0, 0.5, 0], { width: photo.width >> 1, height: photo.height >> 1 });
  for (const [picture, left] of [[small, 20], [photo, 300]] as const) {
    for (let y = 0; y < Math.min(340, picture.height); y++) {
      wide.data.set(picture.data.subarray(y * picture.width * 3, (y + 1) * picture.width * 3), (y * 700 + left) * 3);
    }
  }
  const faces = await findFaces(wide);
  assert.equal(faces.length, 2);
  assert.ok(faces[0]!.box.width > faces[1]!.box.width && faces[0]!.box.x > faces[1]!.box.x);
  assert.deepEqual((await findOneFace(wide)).box, faces[0]!.box);
});

Deno.test("findFaces() finds the mirrored face where it must be", async () => {
  const [face] = await findFaces(mirror(photo));
  assert.ok(distance(mirrorLandmarks(face!.landmarks, photo.width), landmarks) < 0.05 * photo.width);
});

Deno.test("findOneFace() says in one sentence that there is no face", async () => {
  const gradient = createPicture(
    200,
    160,
    3,
    Float32Array.from({ length: 200 * 160 * 3 }, (_, i) => (Math.floor(i / 3) % 200) / 200),
  );
  let state = 7;
  const noise = createPicture(
    150,
    150,
    3,
    Float32Array.from({ length: 150 * 150 * 3 }, () => (state = (state * 16807) % 2147483647) / 2147483647),
  );
  for (const picture of [gradient, noise, createPicture(1, 1, 3)]) assert.deepEqual(await findFaces(picture), []);
  await assert.rejects(
    findOneFace(gradient, { where: "gradient.png" }),
    (error: Error) =>
      error instanceof Problem &&
      error.message ===
        "Cannot find face: expected a picture with a face, got a 200x160 picture without (gradient.png)",
  );
  await assert.rejects(
    findFaces(createPicture(9, 9, 1)),
    /expected a colour picture of shape \[9, 9, 3\], got \[9, 9, 1\]/,
  );
  await assert.rejects(findFaces(photo, { minScore: 0 }), /expected a minScore between 0 and 1, got 0/);
});

Deno.test("findFaces() stands a face partly out of the frame, and alignFace() then continues the edge", async () => {
  const eyeX = landmarks[2 * 36]!;
  const cut = warpPicture(photo, [1, 0, -eyeX, 0, 1, 0], {
    width: Math.floor(photo.width - eyeX),
    height: photo.height,
  });
  const face = await findOneFace(cut);
  const { picture } = alignFace(cut, face.landmarks, { size: 96, faceType: "whole" });
  assert.ok(picture.data.every((value) => value >= 0 && value <= 1));
});

Deno.test("findFaces() finds the face of a photograph that EXIF turns, and of a grey one", async () => {
  const sharp = (await import("sharp")).default;
  const bytes = await encodePicture(photo, { format: "png" });
  const lying = await sharp(bytes).rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer();
  const turned = await readPicture(lying);
  assert.deepEqual([turned.width, turned.height], [photo.width, photo.height]);
  assert.ok(distance((await findOneFace(turned)).landmarks, landmarks) < 4);
  const grey = await readPicture(await sharp(bytes).greyscale().jpeg({ quality: 95 }).toBuffer());
  assert.ok(distance((await findOneFace(grey)).landmarks, landmarks) < 6);
});

Deno.test("describeFaces() gives the same for a photograph and for its aligned crop, in batches or one by one", async () => {
  for (const [encoder, length, side] of [["face_api", 128, 150], ["human", 1024, 224]] as const) {
    const crop = alignFace(photo, landmarks, { size: side }).picture;
    const [fromPhoto] = await describeFaces([photo], { encoder, content: "photographs" });
    const flat = createPicture(side, side, 3, [0.7, 0.5, 0.4]);
    const [fromCrop, other] = await describeFaces([crop, flat, crop], { encoder, batch: 2 });
    const [alone] = await describeFaces([crop], { encoder });
    assert.equal(fromCrop!.length, length);
    const norm = (a: Float32Array, b?: Float32Array) => Math.hypot(...a.map((value, i) => value - (b?.[i] ?? 0)));
    assert.ok(norm(fromPhoto!, fromCrop!) < 0.03 * norm(fromCrop!), `${encoder}: crop and photograph`);
    assert.ok(norm(alone!, fromCrop!) < 1e-4 * norm(fromCrop!), `${encoder}: batch`);
    assert.ok(norm(other!, fromCrop!) > 0.1 * norm(fromCrop!), `${encoder}: another picture`);
  }
  await assert.rejects(
    describeFaces([createPicture(80, 80, 3)], { encoder: "human", content: "photographs" }),
    /Cannot find face: .*photograph 0/,
  );
});

Deno.test("loadIdentityEncoder() of face_api has a gradient, so that a generator can learn from it", async () => {
  const encode = await loadIdentityEncoder("face_api");
  const crop = alignFace(photo, landmarks, { size: 64 }).picture;
  const input = tf.tensor4d(crop.data, [1, 64, 64, 3]);
  const slope = tf.tidy(() => tf.grad((x) => encode(x as tf.Tensor4D).square().sum())(input).abs().max());
  const [largest] = await slope.data();
  tf.dispose([input, slope]);
  assert.ok(Number.isFinite(largest) && largest! > 0);
});

Deno.test("estimateHeadPoses() turns yaw and roll round in the mirror, keeps pitch, and adds a turn of the photograph", async () => {
  const [plain] = await estimateHeadPoses([{ picture: photo, landmarks }]);
  const flipped = { picture: mirror(photo), landmarks: mirrorLandmarks(landmarks, photo.width) };
  const [mirrored] = await estimateHeadPoses([flipped]);
  assert.ok(Math.abs(plain!.yaw + mirrored!.yaw) < 3, `${plain!.yaw} and ${mirrored!.yaw}`);
  assert.ok(Math.abs(plain!.roll + mirrored!.roll) < 3);
  assert.ok(Math.abs(plain!.pitch - mirrored!.pitch) < 3);

  const turn = 20 * Math.PI / 180;
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const [x, y] = [photo.width / 2, photo.height / 2];
  const matrix = [c, -s, x - c * x + s * y, s, c, y - s * x - c * y] as const;
  const leaning = warpPicture(photo, matrix, photo);
  const turned = (await findOneFace(leaning)).landmarks;
  const [leant] = await estimateHeadPoses([{ picture: leaning, landmarks: turned }]);
  assert.ok(Math.abs(leant!.roll - plain!.roll - 20) < 3, `${leant!.roll} after ${plain!.roll}`);
  await assert.rejects(
    estimateHeadPoses([{ picture: createPicture(192, 192, 3, 0.3) }]),
    /Cannot estimate head pose: expected a picture of a face, got none \(picture 0\)/,
  );
});

Deno.test("finding, describing and posing leave no tensor behind", async () => {
  const crop = alignFace(photo, landmarks, { size: 150 }).picture;
  const all = async () => {
    await findFaces(photo);
    await findFaces(createPicture(64, 64, 3));
    await describeFaces([crop, crop], { encoder: "face_api" });
    await describeFaces([crop, crop], { encoder: "human" });
    await estimateHeadPoses([{ picture: photo, landmarks }]);
  };
  await all();
  const before = tf.memory().numTensors;
  await all();
  assert.equal(tf.memory().numTensors, before);
});
