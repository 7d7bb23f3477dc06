import assert from "node:assert/strict";
import { join, relative } from "node:path";

const root = join(import.meta.dirname!, "..");
const rooms = [
  "runtime",
  "image",
  "nn",
  "faces",
  "data",
  "generators",
  "detectors",
  "training",
  "evaluation",
  "experiment",
  "report",
  "notebook",
  "commands",
];
/** Rooms that are beside each other and do not know of one another. */
const apart = [["generators", "detectors"]];

function* sources(folder: string): Generator<{ path: string; text: string }> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* sources(path);
    else if (/\.(ts|py)$/.test(name)) yield { path: relative(root, path), text: Deno.readTextFileSync(path) };
  }
}

/** What a file imports from rooms, types included. */
function roomsOf(path: string, text: string): string[] {
  return [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].flatMap(([, target]) => {
    const full = target!.startsWith("doppel/")
      ? `lib/${target!.slice("doppel/".length)}`
      : target!.startsWith(".")
      ? relative(root, join(root, path, "..", target!))
      : "";
    const [top, room] = full.split("/");
    return top === "lib" && room !== undefined && rooms.includes(room) ? [room] : [];
  });
}

Deno.test("rooms() of lib are those of the plan, each with a face that says what belongs in it", () => {
  for (const { name, isDirectory } of Deno.readDirSync(join(root, "lib"))) {
    if (!isDirectory) continue;
    assert.ok(rooms.includes(name), `lib/${name} is in the list of rooms`);
    const face = Deno.readTextFileSync(join(root, "lib", name, "mod.ts"));
    assert.match(face, /^\/\*\*\n \* [^]{80,}?@module\n \*\//, `lib/${name}/mod.ts begins with a paragraph`);
  }
});

Deno.test("rooms() import from rooms above them only", () => {
  const wrong: string[] = [];
  for (const { path, text } of sources(join(root, "lib"))) {
    const own = path.split("/")[1]!;
    if (!rooms.includes(own)) continue;
    for (const other of roomsOf(path, text)) {
      const beside = apart.some((pair) => pair.includes(own) && pair.includes(other) && own !== other);
      if (beside || rooms.indexOf(other) > rooms.indexOf(own)) wrong.push(`${path} imports ${other}`);
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("files() hold one concept each: none is over 12 KB", () => {
  const large: string[] = [];
  for (const folder of ["lib", "experiments", "datasets"]) {
    for (const { path, text } of sources(join(root, folder))) {
      if (text.length > 12 * 1024) large.push(`${path}: ${(text.length / 1024).toFixed(1)} KB`);
    }
  }
  assert.deepEqual(large, []);
});

Deno.test("experiments() all have the same files", () => {
  for (const { name } of Deno.readDirSync(join(root, "experiments"))) {
    const files = [...Deno.readDirSync(join(root, "experiments", name))].map((entry) => entry.name);
    for (const file of ["README.md", "experiment.ts", "presets.ts", "results"]) {
      assert.ok(files.includes(file), `experiments/${name}/${file}`);
    }
  }
});
