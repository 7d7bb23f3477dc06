import assert from "node:assert/strict";
import { join } from "node:path";
import { cellKey, findEnded, type Run, writeEnd } from "doppel/experiment/mod.ts";
import { checkpointName } from "doppel/training/mod.ts";

Deno.test("findEnded() takes over an earlier run's network where the settings agree, and says whose it is", async () => {
  const root = Deno.makeTempDirSync();
  const cell = { arm: "aei", seed: 1 };
  const said: string[] = [];
  const contextOf = (name: string, reuse?: string) => ({
    run: { checkpoints: join(root, name, "checkpoints") } as Run,
    reuse,
    say: (line: string) => void said.push(line),
  });
  const folderOf = (name: string) => join(root, name, "checkpoints", cellKey(cell));
  const settings = { steps: 3, loss: { identity: 5 } };
  Deno.mkdirSync(folderOf("first"), { recursive: true });
  Deno.writeTextFileSync(join(folderOf("first"), checkpointName), "weights");
  await writeEnd(folderOf("first"), { steps: 3, seconds: 1, settings });
  const reuse = join(root, "first");

  // What the run itself has is not asked about its settings, nor told.
  assert.equal((await findEnded(contextOf("first"), cellKey(cell), {}))!.run, undefined);
  assert.deepEqual(said, []);
  const second = contextOf("second", reuse);
  assert.equal((await findEnded(second, cellKey(cell), settings, "AEI-Net"))!.run, "first");
  assert.deepEqual(said, ["Took over AEI-Net from first"]);
  assert.equal(Deno.readTextFileSync(join(folderOf("second"), checkpointName)), "weights");
  // However many runs it passes through, it is the first one's.
  const third = contextOf("third", join(root, "second"));
  assert.equal((await findEnded(third, cellKey(cell), settings))!.run, "first");
  const other = contextOf("other", reuse);
  assert.equal(await findEnded(other, cellKey(cell), { ...settings, loss: { identity: 15 } }), undefined);
  assert.equal(await findEnded(other, cellKey({ ...cell, seed: 2 }), settings), undefined);
  Deno.removeSync(root, { recursive: true });
});
