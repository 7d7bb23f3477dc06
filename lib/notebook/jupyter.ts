/**
 * Where the project keeps its Python, its Deno kernel and Jupyter's own files: all inside the project folder.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds `deno.json`. */
export const projectRoot: string = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");

/** The files and folders of a project's Jupyter. */
export interface JupyterPlaces {
  /** The virtual environment that set-up makes. */
  readonly venv: string;
  /** Its Python. */
  readonly python: string;
  /** The Deno that runs the kernel, a link made by set-up. */
  readonly deno: string;
  /** The kernel's description. */
  readonly kernel: string;
  /** Folders of Jupyter's own, which are made before it starts. */
  readonly folders: {
    readonly config: string;
    readonly data: string;
    readonly runtime: string;
    readonly ipython: string;
  };
}

/**
 * The files and folders of a project's Jupyter.
 *
 * @param root The folder that holds `deno.json`.
 * @returns Absolute paths; they need not exist.
 */
export function jupyterPlaces(root: string = projectRoot): JupyterPlaces {
  const venv = join(root, ".venv");
  const own = join(venv, "jupyter");
  return {
    venv,
    python: join(venv, "bin", "python"),
    deno: join(venv, "bin", "deno"),
    kernel: join(venv, "share", "jupyter", "kernels", "deno", "kernel.json"),
    folders: {
      config: join(own, "config"),
      data: join(own, "data"),
      runtime: join(own, "runtime"),
      ipython: join(own, "ipython"),
    },
  };
}

/**
 * Environment variables that keep Jupyter's own files out of the user's home.
 *
 * @param root The folder that holds `deno.json`.
 * @returns The variables, to be given to every Jupyter process.
 */
export function jupyterEnvironment(root: string = projectRoot): Record<string, string> {
  const { folders } = jupyterPlaces(root);
  return {
    JUPYTER_CONFIG_DIR: folders.config,
    JUPYTER_DATA_DIR: folders.data,
    JUPYTER_RUNTIME_DIR: folders.runtime,
    IPYTHONDIR: folders.ipython,
  };
}
