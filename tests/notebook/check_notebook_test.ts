import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkNotebook } from "doppel/notebook/mod.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

/** Gives a test a notebook in a folder of its own. */
async function withNotebook(content: unknown, work: (path: string, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(here, ".check_"));
  try {
    const path = join(folder, "cells.ipynb");
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    await work(path, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

Deno.test("checkNotebook() names the cell and the line of a mistake", async () => {
  const cells = [
    { cell_type: "markdown", source: "# Not checked: const a: string = 3" },
    { cell_type: "code", source: ['import { formatBytes } from "doppel/notebook/mod.ts";\n', "const size = 3;"] },
    {
      cell_type: "code",
      source: "const one = formatBytes(size);\nconst two = formatBytes(one);\nawait Promise.all([two]);",
    },
  ];
  await withNotebook({ cells }, async (path, folder) => {
    const mistakes = await checkNotebook(path);
    deepEqual(mistakes.map(({ cell, line }) => ({ cell, line })), [{ cell: 2, line: 2 }]);
    match(mistakes[0]!.message, /'string' is not assignable to parameter of type 'number'/);
    deepEqual(readdirSync(folder), ["cells.ipynb"]);
  });
});

Deno.test("checkNotebook() finds nothing in a notebook without mistakes", async () => {
  const cells = [{ cell_type: "code", source: 'import { show } from "doppel/notebook/mod.ts";' }, {
    cell_type: "code",
    source: 'await show({ markdown: "**hello**" });',
  }];
  await withNotebook({ cells }, async (path) => equal((await checkNotebook(path)).length, 0));
});

Deno.test("checkNotebook() refuses what is no notebook", async () => {
  await withNotebook("not JSON", async (path) => {
    await rejects(checkNotebook(path), /Cannot check notebook: expected a notebook in JSON with cells/);
  });
});
