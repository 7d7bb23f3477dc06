/** Runs a command of the project as its users do, in a process of its own. */

import { join } from "node:path";

const root = join(import.meta.dirname!, "..");

/** What a command said, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs `lib/commands/<name>.ts` to the end; when a text comes, the process, and no other, is asked to stop. */
export async function runCommand(
  name: string,
  args: readonly string[],
  { stopAt, env = {} }: { readonly stopAt?: string; readonly env?: Record<string, string> } = {},
): Promise<Ended> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `lib/commands/${name}.ts`, ...args],
    cwd: root,
    env,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const error = new Response(child.stderr).text();
  let out = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (stopAt && !out.includes(stopAt) && (out + chunk).includes(stopAt)) child.kill("SIGINT");
    out += chunk;
  }
  const { code } = await child.status;
  return { code, out, error: await error };
}
