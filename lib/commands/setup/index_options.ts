/**
 * Where Python packages come from: pip's own settings, a folder of wheels that the user gives, and the same for uv,
 * which does not read pip's settings.
 *
 * @module
 */

import { resolve } from "node:path";
import type { SetupContext } from "./step.ts";

/** Options for every pip: few retries, so that a machine without network is told so soon, and no questions. */
export const pipOptions: readonly string[] = [
  "--disable-pip-version-check",
  "--no-input",
  "--retries",
  "2",
];

/**
 * The folder of wheels that the user gave with `DOPPEL_WHEELS`; it is looked into before any index.
 *
 * @returns Its absolute path, or nothing.
 */
export function wheelFolder(): string | undefined {
  const folder = Deno.env.get("DOPPEL_WHEELS");
  return folder ? resolve(folder) : undefined;
}

const names: Record<string, string> = {
  "index-url": "UV_DEFAULT_INDEX",
  "extra-index-url": "UV_INDEX",
  "find-links": "UV_FIND_LINKS",
  "no-index": "UV_NO_INDEX",
  "cert": "SSL_CERT_FILE",
};

/**
 * pip's settings in uv's words. What the user set for uv itself stays.
 *
 * @param python The Python whose pip is asked.
 * @param run Runs it.
 * @returns Environment variables for uv.
 */
export async function uvEnvironment(python: string, run: SetupContext["run"]): Promise<Record<string, string>> {
  const settings = await run({ action: "read pip's settings", command: python, args: ["-m", "pip", "config", "list"] });
  const env: Record<string, string> = { UV_PYTHON_DOWNLOADS: "never", UV_NO_PROGRESS: "1", UV_HTTP_RETRIES: "2" };
  for (const line of settings.split("\n")) {
    const [, key, value] = line.match(/^[^=]*\.([a-z-]+)='(.*)'$/) ?? [];
    const name = key === undefined ? undefined : names[key];
    // Deno.env goes to the program as well and must win.
    if (name && value && !Deno.env.has(name)) env[name] = value;
  }
  return env;
}
