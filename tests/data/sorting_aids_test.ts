import assert from "node:assert/strict";
import fc from "fast-check";
import { BUNDLED_FACES, faceDistance, findMainPerson, laplacianVariance } from "doppel/data/mod.ts";
import { createPicture, fromBytes, gaussianBlur, readPicture } from "doppel/image/mod.ts";
import { randomSource, uniform } from "doppel/random.ts";
import { comparableFace, compareFaces } from "../../lib/data/extraction/face_distance.ts";
import { judgeFaces } from "../../lib/data/extraction/judge_faces.ts";
import type { FaceRecord, PhotoRecord } from "../../lib/data/extraction/records.ts";
import { DEFAULT_FILTERS, FACE_ORDERS } from "../../lib/data/extraction/settings.ts";
import { sortFaces } from "../../lib/data/extraction/sort_faces.ts";
import { splitExtracted } from "../../lib/data/extraction/split_extracted.ts";

const photograph = await readPicture(`${BUNDLED_FACES}/photos/person01/image_0001.jpg`);

Deno.test("laplacianVariance() is OpenCV's", () => {
  // cv2.Laplacian(picture @ [.299, .587, .114], CV_64F, ksize=1, borderType=BORDER_REFLECT_101).var(), the weighted one
  // with numpy.average.
  const picture = fromBytes(Uint8Array.from({ length: 720 }, (_, i) => (i * 37 + (i >> 4) * 11) % 256), 20, 12, 3);
  const mask = createPicture(20, 12, 1, Float32Array.from({ length: 240 }, (_, i) => (i % 5) / 4));
  const near = (value: number, expected: number) => assert.ok(Math.abs(value / expected - 1) < 1e-6, `${value}`);
  near(laplacianVariance(picture), 68579.69113474306);
  near(laplacianVariance(picture, mask), 67607.67519392498);
  near(laplacianVariance(photograph), 1518.3970096137832);
});

Deno.test("laplacianVariance() falls when a photograph is blurred, the more the further", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.4, max: 4, noNaN: true }),
      fc.double({ min: 1.1, max: 2, noNaN: true }),
      (sigma, times) => {
        const [once, more] = [sigma, sigma * times].map((value) => laplacianVariance(gaussianBlur(photograph, value)));
        assert.ok(more! < once! && once! < laplacianVariance(photograph));
      },
    ),
    { numRuns: 8 },
  );
  assert.equal(laplacianVariance(createPicture(9, 9, 3, [0.2, 0.5, 0.3])) < 1e-6, true);
  assert.equal(laplacianVariance(photograph, createPicture(photograph.width, photograph.height, 1)), 0);
});

/** Thumbnails: of three one is noise, one nearly the one before, and one a board whose fields differ by its number. */
function thumbnails(count: number): Uint8Array[] {
  const random = randomSource(1, "thumbnails");
  const all: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const field = (at: number) => (Math.floor(at / 3 / 64 / 8) + Math.floor(at / 3 % 64 / 8)) % 2 === 0;
    all.push(
      i % 3 === 0
        ? Uint8Array.from({ length: 12288 }, () => uniform(random, 100, 100 + 20 * (i + 1)))
        : i % 3 === 1
        ? all[i - 1]!.map((value) => Math.min(255, value + Math.floor(uniform(random, 0, 12))))
        : Uint8Array.from({ length: 12288 }, (_, at) => field(at) ? 100 + i : 100 - i),
    );
  }
  return all;
}

Deno.test("compareFaces() says what faceDistance() says, for every pair and bound", () => {
  const all = thumbnails(9);
  const alike = compareFaces(all);
  const plain = all.map((bytes) => comparableFace(fromBytes(bytes, 64, 64, 3)));
  let [yes, no] = [0, 0];
  for (let a = 0; a < all.length; a++) {
    for (let b = 0; b < all.length; b++) {
      for (const bound of [0, 2, 5, 13, 30]) {
        const expected = faceDistance(plain[a]!, plain[b]!) <= bound;
        assert.equal(alike(a, b, bound), expected, `${a}, ${b}, ${bound}`);
        if (expected) yes++;
        else no++;
      }
    }
  }
  assert.ok(yes > 60 && no > 60, "both answers occur");
});

Deno.test("comparableFace() does not see an even change of light", () => {
  const face = createPicture(64, 64, 3, Float32Array.from({ length: 12288 }, (_, i) => ((i * 7) % 100) / 200));
  const lighter = createPicture(64, 64, 3, face.data.map((value, i) => value + [0.1, 0.2, 0.3][i % 3]!));
  assert.ok(faceDistance(comparableFace(face), comparableFace(lighter)) < 1e-3);
});

/** A descriptor at a distance from the person's. */
function descriptor(person: number, offset: number): Float32Array {
  const out = new Float32Array(128);
  out[person] = 0.8;
  out[100] = offset;
  return out;
}

Deno.test("findMainPerson() finds the person with the majority, and who else there is", () => {
  const faces = [descriptor(0, 0.1), descriptor(1, 0), descriptor(0, -0.1), descriptor(0, 0.2), descriptor(2, 0)];
  const { stranger, isOnePerson, distance } = findMainPerson(faces, [descriptor(3, 0), descriptor(0, 0)]);
  assert.deepEqual(stranger, [false, true, false, false, true]);
  assert.ok(isOnePerson);
  assert.ok(distance[5]! > 1 && distance[6]! < 0.1, "others are compared with the person too");
});

Deno.test("findMainPerson() calls nobody a stranger where no person has the majority, or of fewer than three", () => {
  const group = findMainPerson([0, 1, 2, 3, 3].map((person) => descriptor(person, 0)));
  assert.deepEqual([group.isOnePerson, group.stranger.some(Boolean)], [false, false]);
  const two = findMainPerson([descriptor(0, 0), descriptor(1, 0)]);
  assert.deepEqual([two.isOnePerson, two.stranger], [true, [false, false]]);
  assert.deepEqual(findMainPerson([]), { distance: [], stranger: [], isOnePerson: true });
});

const clip = (count: number) => Array.from({ length: count }, (_, i) => ({ video: "clip.mp4", time: i / 2 }));

Deno.test("splitExtracted() holds out every fourth photograph, and the end of a video after a gap", () => {
  const photos = Array.from({ length: 8 }, () => ({ video: null, time: 0 }));
  const short = { train: "t", held_out: "h", gap: "-" };
  const of = (items: Parameters<typeof splitExtracted>[0], tooLike = (_a: number, _b: number) => false) =>
    splitExtracted(items, tooLike).map((split) => short[split]).join("");
  assert.equal(of(photos), "ttthttth");
  assert.equal(of(photos, (a, b) => a === 2 && b === 3), "tt-httth");
  assert.equal(of(photos, () => true), "ttthttth", "one sitting: something has to be left to train on");
  assert.equal(of(clip(12)), "tttttttt-hhh", "a second before the last quarter is nobody's");
  assert.equal(of(clip(4)), "tt-h");
  assert.equal(of([...photos, ...clip(12)]), "ttthttthtttttttt-hhh");
});

/** A face as it is noted, with what matters to a test changed. */
function face(changes: Partial<FaceRecord> = {}): FaceRecord {
  const thumbnail = thumbnails(1)[0]!;
  return {
    index: 0,
    name: "anna/1_0.png",
    box: [0, 0, 100, 120],
    score: 1,
    landmarks: new Float32Array(136),
    matrix: [1, 0, 0, 0, 1, 0],
    size: 100,
    hullRatio: 0.6,
    sharpness: 200,
    brightness: 0.5,
    pose: { yaw: 0, pitch: 0, roll: 0 },
    descriptor: descriptor(0, 0),
    thumbnail,
    ...changes,
  };
}

function photo(...faces: readonly FaceRecord[]): PhotoRecord {
  const path = { source: "1.jpg", photo: "photos/anna/1.jpg", sha256: "", stamp: "", unreadable: null };
  return { ...path, frame: null, time: null, person: "anna", splits: null, width: 300, height: 300, faces };
}

Deno.test("judgeFaces() names the reason of each face that is left out", () => {
  const noise = thumbnails(9);
  const photos = [
    photo(face({ name: "kept", thumbnail: noise[0]!, sharpness: 300 })),
    photo(face({ name: "kept too", thumbnail: noise[3]! }), face({ name: "second", index: 1, thumbnail: noise[5]! })),
    photo(face({ name: "removed" })),
    photo(face({ name: "hull", hullRatio: 4.1 })),
    photo(face({ name: "small", size: 39 })),
    photo(face({ name: "blurred", sharpness: 49 })),
    photo(face({ name: "copy", thumbnail: noise[1]! })),
    photo(face({ name: "stranger", descriptor: descriptor(1, 0), thumbnail: noise[6]! })),
  ];
  const options = { faceType: "full" as const, isRemoved: (name: string) => name === "removed" };
  const reasons = (filters: object, faceType: "full" | "whole" = "full") =>
    Object.fromEntries(
      judgeFaces(photos, { ...options, faceType, filters: { ...DEFAULT_FILTERS, minSharpness: 50, ...filters } }).faces
        .flatMap(({ face, dropped }) => dropped ? [[face.name, dropped.reason]] : []),
    );
  const expected = {
    removed: "removed",
    hull: "hull_too_large",
    small: "too_small",
    blurred: "too_blurred",
    copy: "duplicate",
    stranger: "not_the_person",
  };
  assert.deepEqual(reasons({}), expected);
  assert.deepEqual(reasons({ oneFace: true }), { ...expected, second: "not_largest" });
  const { copy: _copy, stranger: _stranger, ...rest } = expected;
  assert.deepEqual(reasons({ duplicates: 0, strangers: "keep", minSize: 41 }), rest);
  assert.equal(reasons({}, "whole").hull, "duplicate", "landmarks reach far only in types up to full");
});

Deno.test("judgeFaces() keeps the sharpest of faces that are alike, and ranks by sharpness", () => {
  const photos = [100, 300, 200].map((sharpness) => photo(face({ name: `${sharpness}`, sharpness })));
  const { faces } = judgeFaces(photos, { filters: DEFAULT_FILTERS, faceType: "full", isRemoved: () => false });
  assert.deepEqual(faces.map(({ dropped }) => dropped?.detail ?? null), ["as 300", null, "as 300"]);
  assert.deepEqual(faces.map(({ sharpnessRank }) => sharpnessRank), [3, 1, 2]);
});

Deno.test("sortFaces() knows every order, keeps persons together and puts faces without a pose last", () => {
  const values = [[2, 10, -5, 0.1], [3, null, 5, 0.3], [1, -10, 0, 0.2]] as const;
  const photos = values.map(([size, yaw, pitch, brightness], i) => ({
    ...photo(face({
      name: "abc"[i]!,
      size,
      sharpness: size,
      brightness,
      pose: yaw === null ? null : { yaw, pitch, roll: 0 },
      descriptor: descriptor(0, brightness),
    })),
    person: "anna",
  }));
  const other = { ...photo(face({ name: "z", size: 9, sharpness: 9, brightness: 0 })), person: "bert" };
  const judged = judgeFaces([...photos, other], { filters: DEFAULT_FILTERS, faceType: "full", isRemoved: () => false });
  const orders = Object.fromEntries(
    FACE_ORDERS.map((order) => [order, sortFaces(judged.faces, order).map(({ face }) => face.name).join("")]),
  );
  assert.deepEqual(orders, {
    name: "abcz",
    blur: "bacz",
    yaw: "cabz",
    pitch: "acbz",
    similarity: "cabz",
    brightness: "acbz",
    size: "bacz",
  });
});
