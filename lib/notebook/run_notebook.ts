/**
 * Runs a whole notebook without JupyterLab.
 *
 * @module
 */

import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { TextLineStream } from "./text_lines.ts";
import { cannot } from "../problem.ts";
import { jupyterEnvironment, jupyterPlaces, projectRoot } from "./jupyter.ts";

/** What one cell put out. */
export interface CellResult {
  /** The cell's place among all cells of the notebook, from 0. */
  readonly cell: number;
  /** How long it ran. */
  readonly seconds: number;
  /** Its outputs in order: MIME types in alphabetical order ("stream/stdout" for printed text) and the text form. */
  readonly outputs: readonly { readonly mimeTypes: readonly string[]; readonly text: string }[];
  /** What it threw. */
  readonly error: CellError | null;
}

/** What a cell threw. */
export interface CellError {
  readonly name: string;
  readonly message: string;
  readonly traceback: string;
}

/** How a notebook's run went. */
export interface NotebookRun {
  /** The code cells that ran, in order. */
  readonly cells: readonly CellResult[];
  /** `done`, or why it ended early: a cell threw, took too long, or the kernel died. */
  readonly end: "done" | "error" | "timeout" | "dead";
}

/** Options of {@linkcode runNotebook}. */
export interface RunNotebookOptions {
  /** Seconds that one cell may take. */
  readonly timeout?: number;
  /** File that gets the executed notebook. */
  readonly out?: string;
  /** More environment variables for the kernel. */
  readonly env?: Readonly<Record<string, string>>;
  /** Goes on after a cell that throws. */
  readonly allowErrors?: boolean;
  /** Is told each cell as it ends. */
  readonly onCell?: (result: CellResult) => void;
  /** Ends the run. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a notebook on the Deno kernel with the project's own Python, and tells what each cell put out. Outputs that the
 * kernel sends late are not lost.
 *
 * @example Run a notebook and look for errors
 * ```ts no-run
 * import { runNotebook } from "doppel/notebook/mod.ts";
 *
 * const { cells, end } = await runNotebook("notebooks/01_first_swap.ipynb", { timeout: 300 });
 * ```
 *
 * @param path The notebook.
 * @param options Time-out, where to write, environment.
 * @returns The cells' outputs and how the run ended.
 * @throws {Problem} When the notebook or the project's Python is missing, or Jupyter cannot run it.
 */
export async function runNotebook(
  path: string,
  { timeout = 600, out, env = {}, allowErrors = false, onCell, signal }: RunNotebookOptions = {},
): Promise<NotebookRun> {
  const { python, folders } = jupyterPlaces();
  if (!existsSync(path)) throw cannot("run notebook", "a notebook", "no file", path);
  if (!existsSync(python)) {
    throw cannot("run notebook", "the project's Python", "none", `${python}; run "npx deno@2.9.6 task setup"`);
  }
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const script = fileURLToPath(new URL("./run_notebook.py", import.meta.url));
  const child = new Deno.Command(python, {
    args: [script, path, out ?? "-", String(timeout), allowErrors ? "1" : "0"],
    env: { PYTHONWARNINGS: "ignore", ...env, ...jupyterEnvironment(projectRoot) },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...(signal ? { signal } : {}),
  }).spawn();
  const errors = new Response(child.stderr).text();
  const cells: CellResult[] = [];
  let end: NotebookRun["end"] | undefined;
  for await (const line of child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())) {
    const record = JSON.parse(line);
    if ("end" in record) {
      end = record.end;
    } else {
      cells.push(record);
      onCell?.(record);
    }
  }
  const { code } = await child.status;
  signal?.throwIfAborted();
  if (end === undefined) {
    const last = (await errors).trim().split("\n").at(-1) || `exit code ${code}`;
    throw cannot("run notebook", "Jupyter to run it", last, path);
  }
  return { cells, end };
}
