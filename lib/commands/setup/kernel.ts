/**
 * The Deno kernel inside `.venv`, and Jupyter's own folders.
 *
 * @module
 */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { jupyterPlaces } from "../../notebook/mod.ts";
import { readStamp, writeWhole } from "./stamp.ts";
import type { Step } from "./step.ts";

/** The kernel's description names no path, so that a project folder can be moved. SIGINT is what `stopButton` hears. */
const description = JSON.stringify(
  {
    argv: ["{resource_dir}/../../../../bin/deno", "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
    interrupt_mode: "signal",
    env: { TF_CPP_MIN_LOG_LEVEL: "3", NO_COLOR: "1" },
  },
  null,
  2,
) + "\n";

/** JupyterLab asks about news and looks for updates at its first start, unless told not to. */
const overrides = {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
};

interface KernelStamp {
  readonly deno: string;
}

/**
 * The step that installs the kernel.
 *
 * @param root The project folder.
 * @returns The step.
 */
export function kernelStep(root: string): Step {
  const { venv, deno, kernel, folders } = jupyterPlaces(root);
  const stamp = join(venv, "share", "jupyter", "kernels", "deno", "doppel.json");
  const settings = join(venv, "share", "jupyter", "lab", "settings", "overrides.json");
  return {
    title: "Deno kernel",
    bytes: 0,
    // The link is tested by version: npx keeps the same Deno under more than one path.
    isDone: () =>
      readStamp<KernelStamp>(stamp)?.deno === Deno.version.deno && existsSync(deno) && existsSync(settings) &&
      existsSync(kernel) && readFileSync(kernel, "utf8") === description &&
      Object.values(folders).every((folder) => existsSync(folder)),
    make({ terminal }) {
      const line = terminal.progress("Deno kernel");
      for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
      const link = `${deno}.${Deno.pid}.part`;
      rmSync(link, { force: true });
      symlinkSync(Deno.execPath(), link);
      renameSync(link, deno);
      writeWhole(settings, overrides);
      writeWhole(kernel, description);
      writeWhole(stamp, { deno: Deno.version.deno } satisfies KernelStamp);
      line.finish();
      return Promise.resolve();
    },
  };
}
