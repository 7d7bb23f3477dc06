/**
 * Processes that work on a run beside this one.
 *
 * @module
 */

import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Run } from "../../experiment/mod.ts";
import { cannot } from "../../problem.ts";
import { note } from "../_terminal.ts";

/** The option of the commands that can share a run out. */
export const jobsOption = {
  type: "integer",
  summary: "Processes that train and measure side by side, each with its share of the cores",
  min: 1,
  max: 64,
  default: 1,
} as const;

/** The processes beside this one. */
export interface Jobs {
  /**
   * Waits until all have ended, and says which failed: what they left undone, this process has done.
   *
   * @param complete Whether the run is complete; if not, they are asked to stop with their work saved.
   */
  end(complete: boolean): Promise<void>;
}

/**
 * Threads of each process: those that the user asked for, or an even share of the cores.
 *
 * @param jobs How many processes there are.
 * @returns Threads of each.
 * @throws {Problem} When there are more processes than cores.
 */
export function threadsOf(jobs: number): number {
  const cores = availableParallelism();
  if (jobs > cores) {
    throw cannot("work side by side", `at most ${cores} jobs, one for each core`, String(jobs), "--jobs");
  }
  const asked = Deno.env.get("DOPPEL_THREADS");
  return asked === undefined ? Math.floor(cores / jobs) : Number(asked);
}

/**
 * Starts the other processes of a run. What they say goes to `job2.log`, `job3.log`, ... in its folder.
 *
 * @param run The run.
 * @param options How they work.
 * @param options.jobs How many processes work on the run, this one included.
 * @param options.threads Threads of each.
 * @param options.data Folder of photographs.
 * @param options.reuse An earlier run.
 * @returns The processes.
 */
export function startJobs(
  run: Pick<Run, "experiment" | "path">,
  { jobs, threads, data, reuse }: { jobs: number; threads: number; data: string; reuse?: string | undefined },
): Jobs {
  const started = Array.from({ length: jobs - 1 }, (_, i) => {
    const log = join(run.path, `job${i + 2}.log`);
    const process = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        join(import.meta.dirname!, "job.ts"),
        run.experiment,
        run.path,
        data,
        ...(reuse ? [reuse] : []),
      ],
      env: { DOPPEL_THREADS: String(threads), NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return { process, log, written: writeLog(log, process) };
  });
  return {
    async end(complete) {
      for (const { process, log, written } of started) {
        // The end of its input asks it to stop; it may have ended by itself.
        const ask = () => process.stdin.close().catch(() => {});
        if (!complete) await ask();
        const { success } = await process.status;
        await ask();
        await written;
        if (!success && complete) note(`A process beside this one failed, and this one did its work; see ${log}`);
      }
    },
  };
}

/** Both streams into one file. */
async function writeLog(path: string, { stdout, stderr }: Deno.ChildProcess): Promise<void> {
  using file = await Deno.open(path, { create: true, append: true });
  const copy = async (stream: ReadableStream<Uint8Array>) => {
    for await (const part of stream) {
      for (let done = 0; done < part.length;) done += await file.write(part.subarray(done));
    }
  };
  await Promise.all([copy(stdout), copy(stderr)]);
}
