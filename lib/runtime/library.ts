/**
 * Finds and loads TensorFlow's two shared libraries, which set-up takes out of the PyPI wheel.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { cannot } from "../problem.ts";
import { cString } from "./memory.ts";
import { symbols, type TensorFlowCalls } from "./symbols.ts";

/** Which build of TensorFlow's library is loaded: the CPU wheel's or the CUDA wheel's. */
export type Build = "cpu" | "gpu";

/** TensorFlow's version that the project is written against. */
export const tensorFlowVersion = "2.21.0";

const root = fileURLToPath(new URL("../../", import.meta.url));
const suffix = Deno.build.os === "darwin" ? ".2.dylib" : ".so.2";

/**
 * The folder that holds a build's libraries.
 *
 * @param build Which build.
 * @returns Absolute path inside the project's `.venv`; it need not exist. `DOPPEL_TENSORFLOW` overrides it.
 */
export function libraryFolder(build: Build): string {
  return Deno.env.get("DOPPEL_TENSORFLOW") ?? join(root, ".venv", "tensorflow", `${tensorFlowVersion}-${build}`);
}

/**
 * The two library files of a build, in the order they are to be loaded.
 *
 * @param build Which build.
 * @returns Absolute paths of the framework library and of the one that exports the C API.
 */
export function libraryFiles(build: Build): string[] {
  return ["libtensorflow_framework", "libtensorflow_cc"].map((name) => join(libraryFolder(build), name + suffix));
}

/**
 * Tells whether set-up has installed a build.
 *
 * @param build Which build.
 * @returns True when both files are there.
 */
export function isInstalled(build: Build): boolean {
  return libraryFiles(build).every((file) => existsSync(file));
}

/** What the runtime asks of libc: to keep TensorFlow loaded at exit, and to see its environment before it starts. */
const RTLD_NOW = 0x2;
const RTLD_NODELETE = Deno.build.os === "darwin" ? 0x80 : 0x1000;

/**
 * Loads a build of TensorFlow.
 *
 * @param build Which build.
 * @returns The functions of its C API.
 * @throws Problem when a file is missing or cannot be loaded.
 */
export function loadLibrary(build: Build): TensorFlowCalls {
  const remedy = `run "npx deno@2.9.6 task setup${build === "gpu" ? " --gpu" : ""}"`;
  const files = libraryFiles(build);
  for (const file of files) {
    if (!existsSync(file)) {
      throw cannot("load TensorFlow", "its library, taken from the wheel", "no file", `${file}; ${remedy}`);
    }
  }
  try {
    // Unloading TensorFlow at exit crashes the process: its threads are still running. NODELETE keeps it mapped.
    const libc = Deno.dlopen(Deno.build.os === "darwin" ? "libSystem.B.dylib" : "libc.so.6", {
      dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
    });
    for (const file of files) libc.symbols.dlopen(cString(file), RTLD_NOW | RTLD_NODELETE);
    return Deno.dlopen(files[1]!, symbols).symbols;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw cannot("load TensorFlow", `a whole library for ${Deno.build.target}`, reason, `${files[1]}; ${remedy}`);
  }
}
