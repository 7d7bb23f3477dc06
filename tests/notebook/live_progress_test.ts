import { equal } from "node:assert/strict";
import { fileURLToPath } from "node:url";

/** Outside a notebook only the last state is printed; a process of its own shows what lands on standard output. */
Deno.test("liveProgress() prints its last state once where there is no notebook", async () => {
  const code = `
    import { liveProgress, show } from "doppel/notebook/mod.ts";
    let time = 0;
    const live = liveProgress("Train", { total: 4, now: () => time });
    for (let step = 1; step <= 4; step++) {
      time += 500;
      await live.update(step, { detail: "loss 0." + step });
    }
    await live.finish();
    await show({ markdown: "done" });
  `;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    stderr: "inherit",
  }).output();
  equal(new TextDecoder().decode(stdout), "Train: 4 steps in 2.0 s (loss 0.4)\ndone\n");
});
