import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const python = join(root, ".venv", "bench", "bin", "python");

/** Whether the Python frameworks of the bench are missing. */
export const noFrameworks = !existsSync(join(root, ".venv", "bench", "bench.json"));

/** Runs Python beside the bench's own files; what it prints is to be a list. */
export async function runPython(code: string, ...args: string[]): Promise<unknown> {
  const { stdout, stderr } = await new Deno.Command(python, {
    args: ["-B", "-c", code, ...args],
    cwd: join(root, "lib", "commands", "bench", "python"),
    env: { TF_CPP_MIN_LOG_LEVEL: "3", CUDA_VISIBLE_DEVICES: "" },
  }).output();
  const text = new TextDecoder().decode(stdout).trim();
  assert.match(text, /^\[.*\]$/, new TextDecoder().decode(stderr));
  return JSON.parse(text);
}
