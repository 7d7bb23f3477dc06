/**
 * `deno task setup`: everything that Doppel needs, inside the project folder. Other commands run it first; when all is
 * there it takes milliseconds. It may import nothing but built-ins, since there are no packages before it has run.
 *
 * @module
 */

import { existsSync, mkdirSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { cannot } from "../problem.ts";
import { formatBytes, formatSeconds, jupyterPlaces, projectRoot } from "../notebook/mod.ts";
import { command } from "./_command.ts";
import { main } from "./_main.ts";
import { type Terminal, terminal as processTerminal } from "./_terminal.ts";
import { type Child, runChild } from "./setup/child.ts";
import { cudaStep } from "./setup/cuda.ts";
import { kernelStep } from "./setup/kernel.ts";
import { takeLock } from "./setup/lock.ts";
import { npmStep } from "./setup/npm.ts";
import { pythonStep } from "./setup/python.ts";
import type { SetupContext, Step } from "./setup/step.ts";
import { libraryFolder, tensorFlowStep } from "./setup/tensorflow.ts";

/** Options of {@linkcode setUp}. */
export interface SetUpOptions {
  /** The project folder. */
  readonly root?: string;
  /** Whether to fetch TensorFlow's CUDA build; once there, it stays the one that is looked after. */
  readonly gpu?: boolean;
  /** Where it tells its progress. */
  readonly terminal?: Terminal;
  /** Stops it; the next call goes on from there. */
  readonly signal?: AbortSignal;
}

/**
 * The steps of set-up for a project.
 *
 * @param root The project folder.
 * @param gpu Whether with CUDA.
 * @returns The steps in order; later ones need earlier ones.
 */
export function setupSteps(root: string, gpu: boolean): Step[] {
  const withGpu = gpu || existsSync(join(libraryFolder(root, "gpu"), "doppel.json"));
  return [
    pythonStep(root),
    kernelStep(root),
    npmStep(root),
    tensorFlowStep(root, withGpu ? "gpu" : "cpu"),
    ...(withGpu ? [cudaStep(root)] : []),
  ];
}

/**
 * Makes what is missing. Can be killed at any moment and called again.
 *
 * @param options The project, the build, the terminal, the signal.
 * @returns How many steps were missing.
 * @throws {Problem} When the disk is too full, the network does not answer or Python is missing.
 */
export async function setUp(
  { root = projectRoot, gpu = false, terminal = processTerminal, signal }: SetUpOptions = {},
): Promise<number> {
  const steps = setupSteps(root, gpu);
  if (steps.every((step) => step.isDone())) return 0;
  const { venv } = jupyterPlaces(root);
  using lock = await takeLock(join(venv, "setup.lock"), root, {
    onWait: () => terminal.note("Another set-up is at work in this folder; waiting for it."),
    ...(signal ? { signal } : {}),
  });
  const missing = steps.filter((step) => !step.isDone());
  if (missing.length === 0) return 0;
  requireSpace(root, missing);
  terminal.note(
    `Setting up ${missing.map((step) => step.title).join(", ")} in ${root} (needs about ${
      formatBytes(missing.reduce((sum, step) => sum + step.bytes, 0))
    }; once).`,
  );
  const run = (child: Child) =>
    runChild(child, { ...(signal ? { signal } : {}), onProcess: (id) => lock.noteChild(id) });
  await makeMissing(steps, { root, terminal, run }, signal);
  return missing.length;
}

/**
 * Makes the steps that are not done, in their order.
 *
 * @param steps The steps. Each is asked when its turn comes: an earlier one may have taken away what it had made.
 * @param context What they work with.
 * @param signal Stops between steps.
 */
export async function makeMissing(steps: readonly Step[], context: SetupContext, signal?: AbortSignal): Promise<void> {
  for (const step of steps) {
    signal?.throwIfAborted();
    if (!step.isDone()) await step.make(context);
  }
}

/** Refuses to start what would fill the disk. */
function requireSpace(root: string, missing: readonly Step[]): void {
  mkdirSync(root, { recursive: true });
  const { bavail, bsize } = statfsSync(root);
  const need = missing.reduce((sum, step) => sum + step.bytes, 0);
  if (bavail * bsize < need) {
    throw cannot("set up", `${formatBytes(need)} of free disk`, formatBytes(bavail * bsize), root);
  }
}

/** The command `setup`. */
export const setup = command({
  name: "setup",
  summary: "Fetch what Doppel needs into this folder",
  description: [
    "Makes node_modules (npm packages) and .venv (Jupyter, ffmpeg, the Deno kernel, TensorFlow's libraries). Nothing is",
    "written outside the project folder but the caches of npm and pip. Behind a wall: DOPPEL_WHEELS=DIR names a folder of",
    "wheels, PIP_INDEX_URL and NPM_CONFIG_REGISTRY name mirrors, DOPPEL_PYTHON names a Python.",
  ].join("\n"),
  options: { gpu: { type: "flag", summary: "Fetch TensorFlow with CUDA for NVIDIA GPUs on Linux (about 8 GB)" } },
  async run(_positionals, { gpu }, { signal }) {
    const start = performance.now();
    const made = await setUp({ gpu, signal });
    if (made > 0) processTerminal.note(`Set up in ${formatSeconds((performance.now() - start) / 1000)}.`);
  },
});

if (import.meta.main) await main(setup);
