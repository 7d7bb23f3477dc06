/**
 * What the doctor sees of the things that set-up made.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { findFfmpeg } from "../../image/ffmpeg.ts"; // Not through mod.ts, which needs a package.
import { jupyterPlaces } from "../../notebook/mod.ts";
import { npmPackages, npmStep } from "../setup/npm.ts";
import { kernelStep } from "../setup/kernel.ts";
import { type Build, tensorFlowVersion } from "../setup/libraries.ts";
import { pythonStep } from "../setup/python.ts";
import { libraryFolder, tensorFlowStep } from "../setup/tensorflow.ts";
import { examine, type Finding, setUpRemedy } from "./finding.ts";

/** The versions that a report of a problem should name. */
export type Versions = Record<string, string | undefined>;

/**
 * Looks at the npm packages, the Python environment, ffmpeg, the kernel and TensorFlow's library.
 *
 * @param root The project folder.
 * @returns The findings.
 */
export function examineInstallation(root: string): Finding[] {
  return [
    examine("npm packages", () => examinePackages(root)),
    examine("Python", () => examinePython(root)),
    examine("ffmpeg", () => examineFfmpeg(root)),
    examine("Deno kernel", () => examineKernel(root)),
    examine("TensorFlow library", () => examineLibrary(root)),
  ];
}

/**
 * The versions of what Doppel stands on.
 *
 * @param root The project folder.
 * @returns Versions by name; what is missing is `undefined`.
 */
export function readVersions(root: string): Versions {
  const python = pythonPackages(root);
  return {
    deno: Deno.version.deno,
    tensorflow: builds(root).length > 0 ? tensorFlowVersion : undefined,
    tfjs: installedVersion(root, "@tensorflow/tfjs"),
    python: pythonVersion(root),
    jupyterlab: python.get("jupyterlab"),
    nbclient: python.get("nbclient"),
    nbconvert: python.get("nbconvert"),
  };
}

function examinePackages(root: string): Omit<Finding, "name"> {
  const wrong = npmPackages(root).flatMap(({ name, version }) => {
    const found = installedVersion(root, name);
    return found === version ? [] : [`${name} ${version} ${found ? `is ${found}` : "is missing"}`];
  });
  if (wrong.length > 0) return { ok: false, detail: wrong.join(", "), remedy: setUpRemedy };
  if (!npmStep(root).isDone()) {
    return { ok: false, detail: "unfinished, or other than deno.lock says", remedy: setUpRemedy };
  }
  return { ok: true, detail: `${npmPackages(root).length} packages with what they need, as deno.lock says` };
}

function examinePython(root: string): Omit<Finding, "name"> {
  if (!pythonStep(root).isDone()) {
    return { ok: false, detail: "the environment in .venv is missing, unfinished or out of date", remedy: setUpRemedy };
  }
  const { jupyterlab, nbclient, nbconvert } = readVersions(root);
  return {
    ok: true,
    detail: `${pythonVersion(root)}, jupyterlab ${jupyterlab}, nbclient ${nbclient}, nbconvert ${nbconvert}`,
  };
}

/** Video is read and written with ffmpeg; nothing else needs it. */
function examineFfmpeg(root: string): Omit<Finding, "name"> {
  const remedy = `${setUpRemedy}, or name an ffmpeg 5.1 or newer with libx264 with DOPPEL_FFMPEG`;
  let program: string;
  try {
    program = findFfmpeg("find ffmpeg", jupyterPlaces(root).venv);
  } catch {
    return { ok: false, detail: "none in .venv, by DOPPEL_FFMPEG or on the PATH; video needs it", remedy };
  }
  const { success, stdout } = new Deno.Command(program, { args: ["-version"], stderr: "null" }).outputSync();
  const text = new TextDecoder().decode(stdout);
  const version = text.match(/^ffmpeg version n?(\S+)/)?.[1];
  if (!success || !version) return { ok: false, detail: `${program} does not start`, remedy };
  const [major = 0, minor = 0] = version.split(/[.-]/).map(Number);
  const detail = `${version} (${program})`;
  if (major < 5 || (major === 5 && minor < 1)) return { ok: false, detail: `${detail}; too old`, remedy };
  if (!text.includes("--enable-libx264")) return { ok: false, detail: `${detail} without libx264`, remedy };
  return { ok: true, detail };
}

function examineKernel(root: string): Omit<Finding, "name"> {
  const { kernel, deno } = jupyterPlaces(root);
  if (kernelStep(root).isDone()) return { ok: true, detail: `${kernel} runs ${readlinkSync(deno)}` };
  return {
    ok: false,
    detail: existsSync(kernel) ? "made for another Deno, or broken" : "missing",
    remedy: setUpRemedy,
  };
}

function examineLibrary(root: string): Omit<Finding, "name"> {
  const found = builds(root);
  if (found.length === 0) return { ok: false, detail: `no TensorFlow ${tensorFlowVersion}`, remedy: setUpRemedy };
  const damaged = found.filter((build) => !tensorFlowStep(root, build).isDone());
  if (damaged.length === 0) return { ok: true, detail: `${tensorFlowVersion} for ${found.join(" and ")}` };
  const flag = damaged.includes("gpu") ? " --gpu" : "";
  return { ok: false, detail: `the files of ${damaged.join(" and ")} are not whole`, remedy: setUpRemedy + flag };
}

/** The builds of TensorFlow of which anything is there. */
function builds(root: string): Build[] {
  return (["cpu", "gpu"] as const).filter((build) => existsSync(libraryFolder(root, build)));
}

/** The version of an npm package in node_modules. */
function installedVersion(root: string, name: string): string | undefined {
  const file = join(root, "node_modules", name, "package.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).version : undefined;
}

/** The version of the environment's Python. */
function pythonVersion(root: string): string | undefined {
  const file = join(jupyterPlaces(root).venv, "pyvenv.cfg");
  return existsSync(file) ? readFileSync(file, "utf8").match(/^version\s*=\s*(\S+)/m)?.[1] : undefined;
}

/** The environment's packages and their versions, from the names of their metadata folders. */
function pythonPackages(root: string): Map<string, string> {
  const lib = join(jupyterPlaces(root).venv, "lib");
  const packages = new Map<string, string>();
  for (const python of existsSync(lib) ? readdirSync(lib) : []) {
    const folder = join(lib, python, "site-packages");
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const [, key, version] = name.match(/^(.+?)-(.+)\.dist-info$/) ?? [];
      if (key) packages.set(key.toLowerCase(), version!);
    }
  }
  return packages;
}
