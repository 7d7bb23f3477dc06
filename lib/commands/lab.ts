/**
 * `deno task lab`: JupyterLab on the project's notebooks, with the project's kernel.
 *
 * @module
 */

import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { jupyterEnvironment, jupyterPlaces, projectRoot } from "../notebook/mod.ts";
import { cannot } from "../problem.ts";
import { command } from "./_command.ts";
import { main } from "./_main.ts";
import { note } from "./_terminal.ts";

/** The command `lab`. */
export const lab = command({
  name: "lab",
  summary: "Open the notebooks in JupyterLab",
  options: {
    port: { type: "integer", summary: "The port on this machine", default: 8888, min: 1, max: 65535 },
    noBrowser: { type: "flag", summary: "Print the address and open no browser" },
  },
  async run(_positionals, { port, noBrowser }, { signal }) {
    const { python, folders } = jupyterPlaces();
    const notebooks = join(projectRoot, "notebooks");
    if (!existsSync(python)) {
      throw cannot("open JupyterLab", "the project's Python", "none", `${python}; run "npx deno@2.9.6 task setup"`);
    }
    if (!existsSync(notebooks)) throw cannot("open JupyterLab", "the folder of notebooks", "none", notebooks);
    for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
    const server = new Deno.Command(python, {
      args: [
        "-m",
        "jupyterlab",
        `--port=${port}`,
        "--MultiKernelManager.default_kernel_name=deno",
        ...(noBrowser ? ["--no-browser"] : []),
        ...allowRoot(),
      ],
      cwd: notebooks,
      env: jupyterEnvironment(),
      stdin: "null",
      detached: true, // Ctrl-C must reach it once, as SIGTERM from below, or it leaves its kernels behind.
    }).spawn();
    const stop = () => server.kill("SIGTERM");
    signal.addEventListener("abort", stop, { once: true });
    const { code } = await server.status;
    signal.removeEventListener("abort", stop);
    if (!signal.aborted && code !== 0) note("JupyterLab has ended; its own messages above say why.");
    return code;
  },
});

/** Jupyter refuses to run as root, as one does in a container, unless told so. */
function allowRoot(): string[] {
  return Deno.uid() === 0 ? ["--allow-root"] : [];
}

if (import.meta.main) await main(lab);
