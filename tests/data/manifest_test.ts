import assert from "node:assert/strict";
import { join } from "node:path";
import { type Manifest, readFaceList, readManifest, sha256Of, verifyManifest } from "doppel/data/mod.ts";
import { Problem } from "doppel/problem.ts";

const encoder = new TextEncoder();
const entry = (path: string, person: string, content = path) => ({
  path,
  sha256: sha256Of(encoder.encode(content)),
  person,
  width: 4,
  height: 3,
  identity_split: "train",
  photo_split: "train",
});
const manifest = (photographs: object[]) => ({ name: "n", licence: "CC0-1.0", source: "s", photographs });

async function withFiles(
  content: unknown,
  files: Record<string, string>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "doppel-manifest-" });
  try {
    if (content !== undefined) {
      const text = typeof content === "string" ? content : JSON.stringify(content);
      await Deno.writeTextFile(join(folder, "manifest.json"), text);
    }
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(join(folder, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(folder, path), text);
    }
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readManifest() reads what was written", () =>
  withFiles(manifest([entry("p/a.jpg", "a"), entry("p/b.jpg", "b")]), {}, async (folder) => {
    const read: Manifest = await readManifest(folder);
    assert.deepEqual(read, manifest([entry("p/a.jpg", "a"), entry("p/b.jpg", "b")]));
  }));

Deno.test("readManifest() refuses each kind of fault in one sentence that says where", async () => {
  const good = entry("p/a.jpg", "a");
  const cases: [unknown, RegExp][] = [
    [undefined, /^Cannot read manifest: expected an existing file, got none \(.*manifest\.json\)$/],
    ["{", /^Cannot read manifest: expected valid JSON, got /],
    [{ ...manifest([good]), extra: 1 }, /expected only known keys, got "extra" \(.*manifest\.json, extra\)$/],
    [manifest([{ ...good, colour: 1 }]), /photographs\.0\.colour/],
    [manifest([{ ...good, width: 0 }]), /photographs\.0\.width/],
    [manifest([{ ...good, width: "4" }]), /expected number, got "4" \(.*photographs\.0\.width\)$/],
    [manifest([{ ...good, sha256: "ab" }]), /photographs\.0\.sha256/],
    [manifest([{ ...good, identity_split: "dev" }]), /expected \("train" \| "validation" \| "test"\), got "dev"/],
    [manifest([{ ...good, path: "../a.jpg" }]), /photographs\.0\.path/],
    [manifest([{ ...good, path: "/a.jpg" }]), /photographs\.0\.path/],
    [manifest([{ ...good, path: "p/../../a.jpg" }]), /photographs\.0\.path/],
    [manifest([{ ...good, person: undefined }]), /photographs\.0\.person/],
    [manifest([]), /expected >=1, got 0 \(.*photographs\)$/],
    [manifest([good, good]), /expected each path once, got p\/a\.jpg twice/],
    [
      manifest([good, { ...entry("p/b.jpg", "a"), identity_split: "test" }]),
      /expected each person in one identity split, got a in train and test/,
    ],
  ];
  for (const [content, message] of cases) {
    await withFiles(content, {}, async (folder) => {
      await assert.rejects(readManifest(folder), (error: Error) => {
        assert.ok(error instanceof Problem, String(error));
        assert.match(error.message, message);
        assert.ok(!error.message.includes("\n"));
        return true;
      });
    });
  }
});

Deno.test("verifyManifest() names each missing, changed and extra file, and is silent otherwise", async () => {
  const content = manifest([entry("p/a.jpg", "a"), entry("p/x/b.jpg", "b"), entry("q/c.jpg", "c")]);
  const good = { "p/a.jpg": "p/a.jpg", "p/x/b.jpg": "p/x/b.jpg", "q/c.jpg": "q/c.jpg", "README.md": "not of the set" };
  await withFiles(content, good, async (folder) => assert.deepEqual(await verifyManifest(folder), []));
  const { "q/c.jpg": _, ...rest } = good;
  await withFiles(
    content,
    { ...rest, "p/a.jpg": "else", "p/y/new.jpg": "new" },
    async (folder) =>
      assert.deepEqual(await verifyManifest(folder), [
        "p/a.jpg has changed: its SHA-256 is not the manifest's.",
        "q/c.jpg is missing.",
        "p/y/new.jpg is not in the manifest.",
      ]),
  );
});

Deno.test("sha256Of() agrees with FIPS 180-4's example", () => {
  assert.equal(sha256Of(encoder.encode("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

Deno.test("readFaceList() refuses landmarks that are not 68 pairs of numbers", async () => {
  const list = (landmarks: string) =>
    JSON.stringify({
      packages: {},
      min_score: 0.5,
      faces: [{ path: "a.jpg", box: "1 2 3 4", score: 0.9, landmarks }],
      missed: [],
    });
  const numbers = Array.from({ length: 136 }, (_, i) => i / 2);
  await withFiles(undefined, { "faces.json": list(numbers.join(" ")) }, async (folder) => {
    assert.deepEqual((await readFaceList(folder)).faces[0]!.landmarks, Float32Array.from(numbers));
  });
  for (const broken of ["", "1 2 3", `${numbers.slice(1).join(" ")} x`]) {
    await withFiles(undefined, { "faces.json": list(broken) }, async (folder) => {
      await assert.rejects(
        readFaceList(folder),
        /Cannot read face list: expected 136 numbers parted by spaces, got .*faces\.0\.landmarks/,
      );
    });
  }
});
