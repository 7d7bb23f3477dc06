import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BUNDLED_FACES, readFaceSet } from "doppel/data/mod.ts";
import { createPicture, encodePicture } from "doppel/image/mod.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const photo = (n: number) => join(BUNDLED_FACES, `photos/person06/image_00${n}.jpg`);

/** Calls the command as a process of its own and waits for its end. */
async function extract(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "lib/commands/extract.ts", ...args],
    cwd: root,
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await child.output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, err: err! };
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "doppel-extract-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("task extract says what it found, dropped and missed, and where the report is", () =>
  inFolder(async (folder) => {
    const [input, faces] = [join(folder, "photographs"), join(folder, "faces")];
    await Deno.mkdir(join(input, "anna"), { recursive: true });
    for (const n of [90, 91, 92]) await Deno.copyFile(photo(n), join(input, `anna/${n}.jpg`));
    await Deno.copyFile(photo(90), join(input, "anna/again.jpg"));
    await Deno.writeFile(join(input, "anna/wall.png"), await encodePicture(createPicture(60, 40, 3, [0.3, 0.5, 0.4])));
    await Deno.writeTextFile(join(input, "anna/<b>broken.jpg"), "no picture");
    await Deno.writeTextFile(join(input, "anna/notes.txt"), "");
    const { code, out } = await extract(input, faces, "--size", "64", "--sort", "similarity", "--upright");
    assert.equal(code, 0, "dropped and missed pictures are no failure");
    assert.deepEqual(out.trim().split("\n"), [
      "3 of 4 faces kept, from 6 photographs.",
      "Pictures: 1 without a face, 1 unreadable.",
      "Left out: 1 duplicate.",
      "1 other file is neither photograph nor video.",
      `Report: ${join(faces, "report.html")}`,
    ]);
    const html = await Deno.readTextFile(join(faces, "report.html"));
    assert.match(html, /anna\/wall\.png<\/td><td>no face was found in it/);
    assert.match(html, /anna\/&lt;b&gt;broken\.jpg<\/td><td>Cannot read picture: /);
    assert.equal(html.match(/src="data:image\/jpeg/g)?.length, 2, "a sheet of what was kept and one of what was not");
    const table = (await Deno.readTextFile(join(faces, "faces.csv"))).trim().split("\n");
    assert.equal(table.length, 5);
    assert.match(table[0]!, /^order,face,person,kept,reason,/);
    assert.equal((await readFaceSet(faces, { size: 32, persons: ["anna"] })).faces.length, 3);
  }));

Deno.test("task extract fails in one sentence where nothing is found or nothing is left", () =>
  inFolder(async (folder) => {
    const wall = join(folder, "wall.png");
    await Deno.writeFile(wall, await encodePicture(createPicture(60, 40, 3, [0.3, 0.5, 0.4])));
    const none = await extract(wall, join(folder, "none"), "--upright");
    assert.equal(none.code, 1);
    assert.match(
      none.err,
      /^Cannot extract faces: expected at least one face, got none in 1 picture \(.*wall\.png\)$/m,
    );
    assert.match(none.out, /^0 of 0 faces kept, from 1 photograph\.$/m);
    const strict = await extract(photo(90), join(folder, "strict"), "--min-size", "5000");
    assert.equal(strict.code, 1);
    assert.match(strict.err, /expected a face that passes the filters, got 1 face that does not/);
    assert.match(strict.out, /Left out: 1 too small\./);
    const usage = await extract(wall, join(folder, "out"), "--face-type", "ful");
    assert.deepEqual([usage.code, /did you mean full\?/.test(usage.err)], [2, true]);
  }));

Deno.test({
  name: "task extract saves its work on Ctrl-C and goes on afterwards (not on Windows: it has no SIGINT to send)",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const [input, faces] = [join(folder, "photographs"), join(folder, "faces")];
      await Deno.mkdir(input);
      for (let n = 90; n < 98; n++) await Deno.copyFile(photo(n), join(input, `${n}.jpg`));
      const journal = join(faces, ".extraction/journal.jsonl");
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "lib/commands/extract.ts", input, faces, "--size", "64", "--duplicates", "0"],
        cwd: root,
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const lines = async () => (await Deno.readTextFile(journal).catch(() => "")).split("\n").length - 1;
      while (await lines() < 2) await new Promise((wake) => setTimeout(wake, 20));
      child.kill("SIGINT");
      const { code, stdout } = await child.output();
      assert.equal(code, 130);
      assert.match(new TextDecoder().decode(stdout), /Stopped with all work saved\. Go on with the same command\./);
      const before = (await readFaceSet(faces, { size: 32 })).faces.length;
      assert.ok(before >= 1 && before < 8, `${before} faces when stopped`);
      const { code: second } = await extract(input, faces, "--size", "64", "--duplicates", "0");
      assert.deepEqual([second, (await readFaceSet(faces, { size: 32 })).faces.length], [0, 8]);
    }),
});
