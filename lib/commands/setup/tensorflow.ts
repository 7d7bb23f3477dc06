/**
 * TensorFlow's two libraries, taken out of the PyPI wheel whatever the Python version.
 *
 * @module
 */

import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jupyterPlaces } from "../../notebook/mod.ts";
import { pipOptions, wheelFolder } from "./index_options.ts";
import { type Build, type Libraries, librariesFor, tensorFlowVersion } from "./libraries.ts";
import { readStamp, writeWhole } from "./stamp.ts";
import type { SetupContext, Step } from "./step.ts";

interface LibraryStamp {
  /** Sizes in bytes of the files that were extracted. */
  readonly files: Record<string, number>;
}

/**
 * The folder of a build's libraries.
 *
 * @param root The project folder.
 * @param build Which build.
 * @returns Its absolute path.
 */
export function libraryFolder(root: string, build: Build): string {
  return join(jupyterPlaces(root).venv, "tensorflow", `${tensorFlowVersion}-${build}`);
}

/**
 * The step that fetches a build's libraries.
 *
 * @param root The project folder.
 * @param build Which build.
 * @returns The step.
 */
export function tensorFlowStep(root: string, build: Build): Step {
  const libraries = librariesFor(build);
  const folder = libraryFolder(root, build);
  const stamp = join(folder, "doppel.json");
  const names = Object.keys(libraries.files);
  const total = names.reduce((sum, name) => sum + libraries.files[name]!, 0);
  return {
    title: `TensorFlow ${tensorFlowVersion} (${build})`,
    bytes: total + libraries.wheelBytes,
    isDone() {
      // A wheel of the user's own may hold libraries of other sizes; the stamp tells them.
      const sizes = readStamp<LibraryStamp>(stamp)?.files ?? libraries.files;
      return names.every((name) => sizeOf(join(folder, name)) === sizes[name]);
    },
    async make(context) {
      rmSync(stamp, { force: true });
      const fetched = join(jupyterPlaces(root).venv, "fetch");
      const wheel = await findWheel(libraries, fetched, root, context);
      const line = context.terminal.progress(`Unpack TensorFlow ${tensorFlowVersion}`, { total, unit: "byte" });
      try {
        await context.run({
          action: "unpack TensorFlow",
          command: jupyterPlaces(root).python,
          args: [
            fileURLToPath(new URL("./extract.py", import.meta.url)),
            wheel,
            folder,
            ...names.map((name) => `tensorflow/${name}`),
          ],
          cwd: root,
          onLine: (text) => line.update(Number(text) || 0),
        });
        line.finish();
      } catch (error) {
        rmSync(fetched, { recursive: true, force: true }); // The wheel may be at fault.
        throw error;
      } finally {
        line.clear();
      }
      const files = Object.fromEntries(names.map((name) => [name, sizeOf(join(folder, name))!]));
      writeWhole(stamp, { files } satisfies LibraryStamp);
      rmSync(fetched, { recursive: true, force: true });
    },
  };
}

/** The wheel: the user's, one that an aborted set-up left whole, or a fresh one. */
async function findWheel(
  { package: name, platform, wheelBytes }: Libraries,
  fetched: string,
  root: string,
  { terminal, run }: SetupContext,
): Promise<string> {
  const find = (folder: string) => {
    if (!existsSync(folder)) return undefined;
    const start = `${name.replaceAll("-", "_")}-${tensorFlowVersion}-`;
    const file = readdirSync(folder).find((file) => file.startsWith(start) && file.endsWith(`${platform}.whl`));
    return file && join(folder, file);
  };
  const given = wheelFolder();
  const own = given && find(given);
  if (own) return own;
  const left = find(fetched);
  if (left && sizeOf(left) === wheelBytes) return left;

  rmSync(fetched, { recursive: true, force: true });
  mkdirSync(fetched, { recursive: true });
  const line = terminal.progress(`Fetch TensorFlow ${tensorFlowVersion}`, { total: wheelBytes, unit: "byte" });
  // pip tells no progress to a program; what has arrived can be seen in its temporary folder (twice, once moved).
  const timer = setInterval(() => line.update(Math.min(wheelBytes, bytesIn(fetched))), 200);
  try {
    await run({
      action: `fetch ${name} ${tensorFlowVersion}`,
      command: jupyterPlaces(root).python,
      // deno-fmt-ignore
      args: [
        "-m", "pip", "download", ...pipOptions, "--quiet", "--no-cache-dir", "--no-deps", "--only-binary=:all:",
        "--python-version", "3.12", "--implementation", "cp", "--platform", platform, "--dest", fetched,
        `${name}==${tensorFlowVersion}`,
      ],
      cwd: root,
      env: { TMPDIR: fetched },
      offline: `put ${name.replaceAll("-", "_")}-${tensorFlowVersion}-cp312-cp312-${platform}.whl into a folder and ` +
        "name it with DOPPEL_WHEELS, or give an index with PIP_INDEX_URL",
    });
    line.finish();
  } catch (error) {
    clearInterval(timer);
    rmSync(fetched, { recursive: true, force: true });
    throw error;
  } finally {
    clearInterval(timer);
    line.clear();
  }
  return find(fetched)!;
}

/** The size of a file in bytes, or nothing when it is missing. */
function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

/** The size in bytes of all files under a folder. */
function bytesIn(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? bytesIn(path) : sizeOf(path) ?? 0;
  }
  return bytes;
}
