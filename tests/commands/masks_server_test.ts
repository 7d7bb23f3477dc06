import assert from "node:assert/strict";
import { join } from "node:path";
import { createPicture, encodePicture } from "doppel/image/mod.ts";
import { readMasks } from "doppel/data/mod.ts";
import { Drawing } from "../../lib/commands/masks/drawing.js";
import { serveMasks } from "../../lib/commands/masks/server.ts";

const photo = await encodePicture(createPicture(30, 20, 3, 0.5), { format: "jpeg" });
const triangle = (label: string) => ({ label, points: [[1, 1], [9, 1], [9, 9.25]] });

/** Serves a folder with photographs and other files. */
async function withServer(
  files: Readonly<Record<string, string | Uint8Array>>,
  use: (tools: {
    folder: string;
    address: string;
    get: (path: string) => Promise<Response>;
    put: (photo: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
  }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "doppel-draw-" });
  const stop = new AbortController();
  try {
    for (const [path, content] of Object.entries(files)) {
      await Deno.mkdir(join(folder, path, ".."), { recursive: true });
      if (typeof content === "string") await Deno.writeTextFile(join(folder, path), content);
      else await Deno.writeFile(join(folder, path), content);
    }
    const { address, finished } = await serveMasks({ folder, signal: stop.signal });
    await use({
      folder,
      address,
      get: (path) => fetch(new URL(path, address)),
      put: (name, body, headers = {}) =>
        fetch(new URL(`/api/drawing?photo=${encodeURIComponent(name)}`, address), {
          method: "PUT",
          headers: { "content-type": "application/json", ...headers },
          body: typeof body === "string" ? body : JSON.stringify(body),
        }),
    });
    stop.abort();
    await finished;
  } finally {
    stop.abort();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("serveMasks() lists photographs of all folders and keeps drawings as LabelMe files that readMasks() reads", async () => {
  await withServer({ "b/1.JPG": photo, "a.png": photo, "notes.txt": "x" }, async ({ folder, get, put }) => {
    const { photographs } = await (await get("/api/photographs")).json();
    assert.deepEqual(photographs, [{ path: "a.png", classes: [] }, { path: "b/1.JPG", classes: [] }]);
    const empty = await (await get("/api/drawing?photo=b/1.JPG")).json();
    assert.deepEqual(empty, { polygons: [], draft: null, revision: "" });
    const drawn = { polygons: [triangle("face"), triangle("hair")], draft: { label: "occluder", points: [[2, 2]] } };
    const { revision, file } = await (await put("b/1.JPG", { ...drawn, revision: "" })).json();
    assert.equal(file, join(folder, "b/1.json"));
    assert.deepEqual(await (await get("/api/drawing?photo=b/1.JPG")).json(), { ...drawn, revision });
    const stored = JSON.parse(await Deno.readTextFile(file));
    assert.deepEqual([stored.imagePath, stored.imageWidth, stored.imageHeight, stored.imageData], [
      "1.JPG",
      30,
      20,
      null,
    ]);
    const { masks } = await readMasks(folder, { photographs: ["a.png", "b/1.JPG"], photoFolder: folder });
    assert.deepEqual(masks.map(({ photograph }) => photograph), ["b/1.JPG"]);
    assert.deepEqual(Array.from(Deno.readDirSync(join(folder, "b")), ({ name }) => name).sort(), ["1.JPG", "1.json"]);
    const listed = await (await get("/api/photographs")).json();
    assert.deepEqual(listed.photographs[1].classes, ["face", "hair"]);
  });
});

Deno.test("serveMasks() keeps what other programs wrote, and refuses to write over what they changed meanwhile", async () => {
  const theirs = {
    version: "5.4.1",
    flags: { good: true },
    shapes: [
      { label: "nose", points: [[1, 1], [2, 2], [3, 1]], shape_type: "polygon", flags: {} },
      { label: "face", points: [[5, 5], [8, 5]], shape_type: "circle", flags: {} },
      { ...triangle("face"), shape_type: "polygon", flags: {} },
    ],
    imagePath: "1.jpg",
    imageData: "AAAA",
    imageHeight: 20,
    imageWidth: 30,
    note: "kept",
  };
  await withServer({ "1.jpg": photo, "1.json": JSON.stringify(theirs) }, async ({ folder, get, put }) => {
    const { polygons, revision } = await (await get("/api/drawing?photo=1.jpg")).json();
    assert.deepEqual(polygons, [triangle("face")]);
    const saved = await put("1.jpg", { polygons: [triangle("occluder")], draft: null, revision });
    assert.equal(saved.status, 200);
    const now = JSON.parse(await Deno.readTextFile(join(folder, "1.json")));
    assert.deepEqual([now.note, now.flags, now.imageData, now.version], ["kept", { good: true }, "AAAA", "5.4.1"]);
    assert.deepEqual(now.shapes.map(({ label }: { label: string }) => label), ["occluder", "nose", "face"]);

    const late = await put("1.jpg", { polygons: [], draft: null, revision });
    assert.deepEqual([late.status, (await late.json()).problem], [
      409,
      "another program has changed this drawing meanwhile.",
    ]);
    assert.deepEqual(JSON.parse(await Deno.readTextFile(join(folder, "1.json"))), now);
    assert.equal((await put("1.jpg", { polygons: [], draft: null, revision: "any" })).status, 200);
    const two = await Promise.all(["x", "y"].map(() => put("1.jpg", { polygons: [], draft: null, revision: "any" })));
    assert.deepEqual(
      await Promise.all(two.map(async (answer) => {
        await answer.body?.cancel();
        return answer.status;
      })),
      [200, 200],
    );
  });
});

Deno.test("serveMasks() leaves a JSON file alone that is no drawing, and says so", async () => {
  await withServer(
    { "1.jpg": photo, "1.json": '{"a": 1}', "2.jpg": photo, "2.json": "{" },
    async ({ folder, get, put }) => {
      const { photographs } = await (await get("/api/photographs")).json();
      assert.match(
        photographs[0].problem,
        /^Cannot read drawing: expected a LabelMe file, got another JSON file \(.*1\.json, shapes\)$/,
      );
      assert.match(photographs[1].problem, /got a file that is no JSON \(.*2\.json\)$/);
      const answer = await put("1.jpg", { polygons: [], draft: null, revision: "any" });
      assert.deepEqual([answer.status, /expected a LabelMe file/.test((await answer.json()).problem)], [500, true]);
      assert.equal(await Deno.readTextFile(join(folder, "1.json")), '{"a": 1}');
    },
  );
});

Deno.test("serveMasks() answers its own page only: host names, origins, paths and bodies of others are refused", async () => {
  await withServer({ "photos/1.jpg": photo, "secret.txt": "x" }, async ({ address, get, put }) => {
    const { port } = new URL(address);
    assert.equal(new URL(address).hostname, "127.0.0.1");
    const status = async (host: string) => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
      await connection.write(
        new TextEncoder().encode(`GET /api/photographs HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
      );
      const text = await new Response(connection.readable).text();
      return Number(text.split(" ")[1]);
    };
    assert.equal(await status(`127.0.0.1:${port}`), 200);
    assert.equal(await status(`localhost:${port}`), 200);
    assert.equal(await status(`evil.example:${port}`), 403);
    assert.equal(await status("127.0.0.1:1"), 403);

    const body = { polygons: [], draft: null, revision: "" };
    const cases: [Promise<Response>, number][] = [
      [get("/photo?photo=../photos/1.jpg"), 404],
      [get("/photo?photo=secret.txt"), 404],
      [get("/photo?photo=photos/1.jpg"), 200],
      [get("/server.ts"), 404],
      [get("/../../masks.ts"), 404],
      [put("photos/1.jpg", body, { origin: "http://evil.example" }), 403],
      [put("photos/1.jpg", body, { "content-type": "text/plain" }), 415],
      [put("photos/1.jpg", "{"), 400],
      [put("photos/1.jpg", { ...body, polygons: [triangle("nose")] }), 400],
      [put("photos/1.jpg", { ...body, polygons: [{ label: "face", points: [[1, 2]] }] }), 400],
      [put("photos/1.jpg", { ...body, more: 1 }), 400],
      [put("nothing.jpg", body), 404],
      [put("photos/1.jpg", body, { origin: new URL(address).origin }), 200],
    ];
    for (const [i, [answer, expected]] of cases.entries()) {
      const { status, headers, body } = await answer;
      await body?.cancel();
      assert.equal(status, expected, `case ${i}`);
      assert.match(headers.get("content-security-policy")!, /default-src 'none'/);
    }
  });
});

Deno.test("serveMasks() says in one sentence why it cannot start", async () => {
  const { signal } = new AbortController();
  await assert.rejects(
    serveMasks({ folder: "/nowhere", signal }),
    /Cannot draw masks: expected a folder of photographs, got none \(\/nowhere\)/,
  );
  await withServer({ "1.jpg": photo }, async ({ folder, address }) => {
    const port = Number(new URL(address).port);
    await assert.rejects(
      serveMasks({ folder, port, signal }),
      /expected a free port, got \d+, which is taken \(--port\)/,
    );
    await Deno.writeFile(join(folder, "1.png"), photo);
    await assert.rejects(serveMasks({ folder, signal }), /photographs of different names, got 1\.jpg and 1\.png/);
  });
});

Deno.test("Drawing() undoes and redoes every kind of change, a drag as one", () => {
  const drawing = new Drawing({ polygons: [], draft: null });
  for (const point of [[0, 0], [9, 0], [9, 9], [1, 1]] as [number, number][]) drawing.addPoint(point, "face");
  drawing.removeLastPoint();
  assert.ok(drawing.closeDraft());
  drawing.remember();
  for (const x of [8, 7, 6]) drawing.movePoint({ polygon: 0, point: 1 }, [x, 0]);
  drawing.insertPoint({ polygon: 0, point: 2 }, [0, 9]);
  drawing.selected = 0;
  drawing.setLabel("hair");
  const states = [drawing.shapes];
  while (drawing.undo()) states.unshift(drawing.shapes);
  assert.deepEqual(states[0], { polygons: [], draft: null });
  assert.equal(states.length, 4 + 1 + 1 + 1 + 1 + 1 + 1);
  assert.deepEqual(states.at(-3)!.polygons[0]!.points[1], [6, 0]);
  assert.deepEqual(states.at(-4)!.polygons[0]!.points[1], [9, 0]);
  for (let i = 1; drawing.redo(); i++) assert.deepEqual(drawing.shapes, states[i]);
  assert.deepEqual(drawing.shapes, states.at(-1));

  drawing.removePoint({ polygon: 0, point: 0 });
  assert.equal(drawing.polygons[0]!.points.length, 3);
  drawing.removePoint({ polygon: 0, point: 0 });
  assert.equal(drawing.polygons.length, 0, "a polygon of two points is none");
  drawing.addPoint([1, 1], "occluder");
  assert.ok(!drawing.closeDraft(), "one point does not close");
  drawing.cancelDraft();
  assert.equal(drawing.draft, null);
  drawing.undo();
  assert.deepEqual(drawing.draft, { label: "occluder", points: [[1, 1]] });
});
