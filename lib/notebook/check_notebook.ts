/**
 * Checks the types of a notebook's cells, which the kernel itself never does.
 *
 * @module
 */

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { cannot } from "../problem.ts";

/** A mistake that the type checker found. */
export interface NotebookMistake {
  /** The cell's place among all cells of the notebook, from 0. */
  readonly cell: number;
  /** The line inside the cell, from 1. */
  readonly line: number;
  /** The checker's words. */
  readonly message: string;
}

/**
 * Checks a notebook's code cells as one script with `deno check`.
 *
 * @param path The notebook.
 * @returns The mistakes, none when all is well.
 * @throws {Problem} When the file is no notebook.
 */
export async function checkNotebook(path: string): Promise<NotebookMistake[]> {
  const { script, starts } = toScript(path);
  // The script must stand beside the notebook: relative imports and deno.json are looked up from there.
  const file = join(dirname(resolve(path)), `.${basename(path, ".ipynb")}_${Deno.pid}.ts`);
  try {
    writeFileSync(file, script);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", file],
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    return code === 0 ? [] : readMistakes(new TextDecoder().decode(stderr), basename(file), starts);
  } finally {
    rmSync(file, { force: true });
  }
}

/** The line of the script on which a cell starts. */
interface Start {
  readonly cell: number;
  readonly line: number;
}

/** Strings the code cells together. */
function toScript(path: string): { script: string; starts: Start[] } {
  let cells: { cell_type: string; source: string | string[] }[];
  try {
    ({ cells } = JSON.parse(readFileSync(path, "utf8")));
    if (!Array.isArray(cells)) throw new SyntaxError("no cells");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw cannot("check notebook", "a notebook in JSON with cells", error.message, path);
  }
  const starts: Start[] = [];
  let script = "export {};\n";
  let line = 2;
  for (const [cell, { cell_type: type, source }] of cells.entries()) {
    if (type !== "code") continue;
    const text = `${Array.isArray(source) ? source.join("") : source}\n`;
    starts.push({ cell, line });
    script += text;
    line += text.split("\n").length - 1;
  }
  return { script, starts };
}

/** Reads the checker's report: a message, the code, and "at file:///...:line:column" below it. */
function readMistakes(report: string, file: string, starts: readonly Start[]): NotebookMistake[] {
  const mistakes: NotebookMistake[] = [];
  let message: string[] = [];
  for (const text of report.split("\n")) {
    if (/\[ERROR\]:|^error:/.test(text)) message = [];
    const at = text.match(/at file:\/\/.*\/([^/]+):(\d+):\d+/);
    if (!at) {
      message.push(text);
    } else if (at[1] === file) {
      const line = Number(at[2]);
      const start = starts.findLast((start) => start.line <= line) ?? { cell: 0, line: 1 };
      mistakes.push({ cell: start.cell, line: line - start.line + 1, message: message[0]!.trim() });
    } else {
      mistakes.push({ cell: 0, line: 0, message: `${message[0]!.trim()} (${at[0].slice(3)})` });
    }
  }
  return mistakes.length > 0 ? mistakes : [{ cell: 0, line: 0, message: report.trim() }];
}
