/**
 * The virtual environment with Jupyter and ffmpeg.
 *
 * @module
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cannot, Problem } from "../../problem.ts";
import { jupyterPlaces } from "../../notebook/mod.ts";
import type { Terminal } from "../_terminal.ts";
import { pipOptions, uvEnvironment, wheelFolder } from "./index_options.ts";
import { fingerprint, readStamp, writeWhole } from "./stamp.ts";
import type { SetupContext, Step } from "./step.ts";

/** The uv that installs Jupyter. */
export const uvVersion = "0.13.9";

const oldest = [3, 9] as const;
const requirements = new URL("./requirements.txt", import.meta.url);
/** What `python -m venv` makes; everything else in `.venv` is other steps'. */
const pythonParts = ["bin", "lib", "lib64", "include", "share", "etc", "pyvenv.cfg"];

interface PythonStamp {
  readonly requirements: string;
}

/**
 * The step that makes `.venv` with Jupyter and ffmpeg in it. What an aborted or older set-up left of it is thrown away first.
 *
 * @param root The project folder.
 * @returns The step.
 */
export function pythonStep(root: string): Step {
  const { venv, python } = jupyterPlaces(root);
  const stamp = join(venv, "python.json");
  const wanted = () => fingerprint(readFileSync(requirements, "utf8"), uvVersion);
  return {
    title: "Python environment with Jupyter and ffmpeg",
    bytes: 500e6,
    // existsSync follows the link: false when the Python it was made with has gone.
    isDone: () => readStamp<PythonStamp>(stamp)?.requirements === wanted() && existsSync(python),
    async make(context) {
      const basePython = await findPython(context);
      discard(venv, stamp);
      const { terminal } = context;
      const line = terminal.progress("Python environment");
      try {
        await makeVenv(venv, basePython, context);
        line.finish();
      } finally {
        line.clear();
      }
      await installJupyter(python, context);
      writeWhole(stamp, { requirements: wanted() } satisfies PythonStamp);
    },
  };
}

/** Finds a Python that can make virtual environments. */
async function findPython({ run }: SetupContext): Promise<string> {
  const named = Deno.env.get("DOPPEL_PYTHON");
  const found: string[] = [];
  for (
    const command of named ? [named] : ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"]
  ) {
    let answer: string;
    try {
      answer = await run({
        action: "ask Python for its version",
        command,
        args: ["-c", "import sys; print('version', *sys.version_info[:3]); import venv, ensurepip; print('venv')"],
      });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      answer = error.message;
    }
    const [, major, minor] = answer.match(/version (\d+) (\d+)/) ?? [];
    const isNew = Number(major) === oldest[0] && Number(minor) >= oldest[1];
    if (isNew && answer.endsWith("venv")) return command;
    if (major) found.push(`${command} ${major}.${minor}${isNew ? " without venv" : ""}`);
    else if (/ensurepip|venv/.test(answer)) found.push(`${command} without venv`);
  }
  const packages = Deno.build.os === "darwin" ? "brew install python3" : "apt-get install python3 python3-venv";
  throw cannot(
    "set up Jupyter",
    `Python ${oldest.join(".")} or newer with venv`,
    found.length > 0 ? found.join(", ") : "no python3",
    `install it, for example with "${packages}", or name one with DOPPEL_PYTHON`,
  );
}

/** Throws away the Python part of `.venv`; renaming first makes a half-deleted one impossible. */
function discard(venv: string, stamp: string): void {
  rmSync(stamp, { force: true });
  const trash = join(venv, `trash-${Deno.pid}`);
  mkdirSync(trash, { recursive: true });
  for (const part of pythonParts) {
    if (existsSync(join(venv, part))) renameSync(join(venv, part), join(trash, part));
  }
  for (const name of readdirSync(venv)) {
    if (name.startsWith("trash-")) rmSync(join(venv, name), { recursive: true, force: true });
  }
}

/** Makes the environment with pip. */
async function makeVenv(venv: string, python: string, { run }: SetupContext): Promise<void> {
  await run({ action: "make the Python environment", command: python, args: ["-m", "venv", venv] });
}

/** Installs Jupyter with uv, which is nine times as fast as pip, or with pip where there is no uv for the machine. */
async function installJupyter(python: string, { terminal, run }: SetupContext): Promise<void> {
  const file = fileURLToPath(requirements);
  const action = "fetch Jupyter's Python packages";
  const offline = `give an index that can be reached with PIP_INDEX_URL, or a folder of wheels with DOPPEL_WHEELS${
    wheelFolder() ? "; the folder given lacks some" : ""
  }`;
  const line = terminal.progress("Jupyter", { unit: "package" });
  let count = 0;
  const onLine = (text: string) => {
    if (/^ ?(Collecting|Downloading|Downloaded|\+) /.test(text)) {
      line.update(++count, { detail: text.trim().slice(0, 60) });
    }
  };
  try {
    if (await installUv(python, terminal, (child) => run({ ...child, action, offline, onLine }))) {
      const uv = join(python, "..", "uv");
      const env = await uvEnvironment(python, run);
      const args = ["pip", "install", "--python", python, "-r", file];
      await attempt(args, (args) => run({ action, command: uv, args, env, offline, onLine }));
    } else {
      const args = ["-m", "pip", "install", ...pipOptions, "-r", file];
      await attempt(args, (args) => run({ action, command: python, args, offline, onLine }));
    }
    line.finish();
  } finally {
    line.clear();
  }
}

/** Installs uv; tells false where there is none, for the machine or in the user's folder of wheels. */
async function installUv(
  python: string,
  terminal: Terminal,
  run: (child: { command: string; args: string[] }) => Promise<string>,
): Promise<boolean> {
  const args = ["-m", "pip", "install", "--quiet", ...pipOptions, `uv==${uvVersion}`];
  try {
    await attempt(args, (args) => run({ command: python, args }));
    return true;
  } catch (error) {
    const isMissing = error instanceof Problem && /No matching distribution/.test(error.message);
    if (!isMissing && !(error instanceof Problem && wheelFolder())) throw error;
    terminal.note(`There is no uv ${uvVersion} to be had; pip takes its place and needs longer.`);
    return false;
  }
}

/** Runs an installer on the user's folder of wheels alone, and on the index when that does not hold everything. */
async function attempt(args: string[], run: (args: string[]) => Promise<string>): Promise<void> {
  const folder = wheelFolder();
  if (folder) {
    try {
      await run([...args, "--no-index", "--find-links", folder]);
      return;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }
  await run(folder ? [...args, "--find-links", folder] : args);
}
