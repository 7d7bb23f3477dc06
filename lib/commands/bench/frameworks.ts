/**
 * The Python frameworks, in a virtual environment of their own: `.venv/bench`. Nothing else of Doppel needs it.
 *
 * @module
 */

import { existsSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cannot } from "../../problem.ts";
import { formatBytes, jupyterPlaces, projectRoot } from "../../notebook/mod.ts";
import { type Terminal, terminal as processTerminal } from "../_terminal.ts";
import { type Child, runChild } from "../setup/child.ts";
import { pipOptions, wheelFolder } from "../setup/index_options.ts";
import { librariesFor } from "../setup/libraries.ts";
import { takeLock } from "../setup/lock.ts";
import { fingerprint, readStamp, writeWhole } from "../setup/stamp.ts";
import type { Framework } from "./competitors.ts";

const requirements = fileURLToPath(new URL("./requirements.txt", import.meta.url));
/** The oldest Python that all of them have wheels for. */
const oldest = [3, 11] as const;

const packagesOf: Record<Framework, () => string[]> = {
  pytorch: () => ["torch", "numpy"],
  keras: () => ["keras", librariesFor("cpu").package],
};
/** Disk that each needs while it is installed. PyTorch's wheel for Linux brings CUDA along. */
const bytesOf: Record<Framework, number> = { pytorch: Deno.build.os === "linux" ? 8e9 : 1e9, keras: 2e9 };

interface Stamp {
  readonly requirements: string;
  readonly frameworks: readonly Framework[];
}

/** Options of {@linkcode installFrameworks}. */
export interface InstallOptions {
  /** The project folder. */
  readonly root?: string;
  /** Where it tells its progress. */
  readonly terminal?: Terminal;
  /** Stops it; the next call starts over. */
  readonly signal?: AbortSignal;
}

/**
 * Makes sure that frameworks are there, and fetches those that are not.
 *
 * @param wanted The frameworks.
 * @param options The project, the terminal, the signal.
 * @returns The Python that has them.
 * @throws {Problem} When Python is too old, the disk too full, or the network does not answer.
 */
export async function installFrameworks(
  wanted: readonly Framework[],
  { root = projectRoot, terminal = processTerminal, signal }: InstallOptions = {},
): Promise<string> {
  const { venv, python: basePython } = jupyterPlaces(root);
  const folder = join(venv, "bench");
  const python = join(folder, "bin", "python");
  const stamp = join(folder, "bench.json");
  const hash = fingerprint(readFileSync(requirements, "utf8"));
  const present = (): readonly Framework[] => {
    const found = readStamp<Stamp>(stamp);
    return found?.requirements === hash && existsSync(python) ? found.frameworks ?? [] : [];
  };
  const missing = () => wanted.filter((framework) => !present().includes(framework));
  if (missing().length === 0) return python;

  using lock = await takeLock(join(venv, "bench.lock"), root, {
    onWait: () => terminal.note("Another bench is fetching frameworks into this folder; waiting for it."),
    ...(signal ? { signal } : {}),
  });
  const run = (child: Child) =>
    runChild(child, { ...(signal ? { signal } : {}), onProcess: (id) => lock.noteChild(id) });
  const lacking = missing();
  if (lacking.length === 0) return python;
  const need = lacking.reduce((sum, framework) => sum + bytesOf[framework], 0);
  const { bavail, bsize } = statfsSync(venv);
  if (bavail * bsize < need) {
    throw cannot("fetch frameworks", `${formatBytes(need)} of free disk`, formatBytes(bavail * bsize), folder);
  }
  terminal.note(`Fetching ${lacking.join(" and ")} into ${folder} (needs about ${formatBytes(need)}; once).`);
  if (lacking.includes("pytorch") && Deno.build.os === "linux" && !Deno.env.has("PIP_EXTRA_INDEX_URL")) {
    terminal.note(
      "PyTorch comes with CUDA from PyPI; PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu fetches one without, " +
        "which is a tenth of the size and computes the same on the processor.",
    );
  }
  const already = present();
  rmSync(stamp, { force: true });
  if (already.length === 0) {
    rmSync(folder, { recursive: true, force: true });
    await requirePython(basePython, run);
    await run({ action: "make a Python environment", command: basePython, args: ["-m", "venv", folder] });
  }
  await install(python, lacking, terminal, run);
  writeWhole(stamp, { requirements: hash, frameworks: [...already, ...lacking] } satisfies Stamp);
  return python;
}

async function requirePython(python: string, run: (child: Child) => Promise<string>): Promise<void> {
  const action = "fetch frameworks";
  const version = await run({ action, command: python, args: ["-c", "import sys; print(*sys.version_info[:2])"] });
  const [major, minor] = version.trim().split(" ").map(Number) as [number, number];
  if (major === oldest[0] && minor >= oldest[1]) return;
  throw cannot(
    action,
    `Python ${oldest.join(".")} or newer in .venv`,
    `${major}.${minor}`,
    "delete .venv and name a newer one with DOPPEL_PYTHON",
  );
}

async function install(
  python: string,
  frameworks: readonly Framework[],
  terminal: Terminal,
  run: (child: Child) => Promise<string>,
): Promise<void> {
  const line = terminal.progress("Frameworks", { unit: "package" });
  let count = 0;
  const wheels = wheelFolder();
  try {
    await run({
      action: `fetch ${frameworks.join(" and ")}`,
      command: python,
      // deno-fmt-ignore
      args: [
        "-m", "pip", "install", ...pipOptions, "--progress-bar", "off", "--only-binary=:all:",
        ...(wheels ? ["--find-links", wheels] : []),
        "--constraint", requirements, ...frameworks.flatMap((framework) => packagesOf[framework]()),
      ],
      offline: "give an index that can be reached with PIP_INDEX_URL, or a folder of wheels with DOPPEL_WHEELS",
      onLine: (text) => {
        const [, name] = text.match(/^\s*(?:Downloading|Using cached|Processing) \S*?([^/\s]+\.whl.*)/) ?? [];
        if (name) line.update(++count, { detail: name.slice(0, 60) });
        else if (/^Installing/.test(text)) line.update(count, { detail: "unpacking" });
      },
    });
    line.finish(`${count} packages`);
  } finally {
    line.clear();
  }
}
