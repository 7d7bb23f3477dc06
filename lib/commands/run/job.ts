/**
 * A process that helps another with a run: `deno run -A job.ts <experiment> <run> <data> [<earlier run>]`. It does cells
 * that no other process is doing until the last is finished, and stops with its work saved when its input ends.
 *
 * @module
 */

import { openRun } from "../../experiment/mod.ts";
import { useTensorFlow } from "../../runtime/mod.ts";
import { command, main } from "../mod.ts";
import { performHere } from "./perform_here.ts";
import { findExperiment } from "./registry.ts";

const job = command({
  name: "job",
  summary: "Help another process with a run",
  description: "Started by run --jobs.",
  positionals: [
    { name: "experiment", summary: "Its name" },
    { name: "run", summary: "Folder of the run" },
    { name: "data", summary: "Folder of photographs" },
    { name: "reuse", summary: "An earlier run", optional: true },
  ],
  options: {},
  async run({ experiment: name, run: path, data, reuse }, _, { signal }) {
    const experiment = await findExperiment(name);
    const run = await openRun(path, { experiment: name });
    await useTensorFlow();
    await performHere(experiment, {
      ...{ run, config: run.config, data, signal: AbortSignal.any([signal, inputEnded()]) },
      ...(reuse === undefined ? {} : { reuse }),
    });
  },
});

/** The process that started this one holds the other end: it ends with it, too. */
function inputEnded(): AbortSignal {
  const ended = new AbortController();
  Deno.stdin.readable.pipeTo(new WritableStream()).catch(() => {}).then(() =>
    ended.abort(new DOMException("SIGTERM", "AbortError"))
  );
  return ended.signal;
}

await main(job);
