import assert from "node:assert/strict";
import { join } from "node:path";
import { writeFileWhole } from "doppel/image/mod.ts";
import { sentence } from "doppel/problem.ts";
import { smallDisk } from "../small_disk.ts";

const root = join(import.meta.dirname!, "..", "..");

const disk = smallDisk("8k");

Deno.test({
  name: "writeFileWhole() on a full disk is one sentence, and the older file stays (needs the right to mount)",
  ignore: disk === undefined,
  async fn() {
    const path = join(disk!, "file.txt");
    await writeFileWhole(path, "old");
    const error = await writeFileWhole(path, "new".repeat(20_000)).then(() => undefined, (error: unknown) => error);
    assert.match(sentence(error) ?? "", /^Cannot write: expected free space on the disk, got none left/);
    assert.equal(Deno.readTextFileSync(path), "old");
    assert.deepEqual([...Deno.readDirSync(disk!)].map(({ name }) => name), ["file.txt"]);
    Deno.removeSync(path);
  },
});

Deno.test({
  name: "run() on a full disk ends with one sentence and leaves no run behind (needs the right to mount)",
  ignore: disk === undefined,
  async fn() {
    Deno.writeFileSync(join(disk!, "filler"), new Uint8Array(4096));
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        "lib/commands/run.ts",
        "df_vs_liae",
        "--preset",
        "smoke",
        "--out",
        join(disk!, "runs"),
      ],
      cwd: root,
    }).output();
    assert.equal(code, 1);
    const lines = new TextDecoder().decode(stderr).trim().split("\n");
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(lines[0]!, /^Cannot write: expected free space on the disk/);
    assert.deepEqual([...Deno.readDirSync(join(disk!, "runs"))], []);
  },
});
