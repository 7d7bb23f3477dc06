/**
 * Asks the runtime for its findings in a process of its own: a broken native library can end the process that loads it.
 *
 * @module
 */

import { jupyterPlaces } from "../../notebook/mod.ts";
import { type Finding, setUpRemedy } from "./finding.ts";

const mark = "findings:";

/**
 * Starts TensorFlow in a child process and collects the runtime's own findings.
 *
 * @param signal Ends it.
 * @returns The findings; one that says why, if the runtime does not even start.
 */
export async function examineRuntime(signal: AbortSignal): Promise<Finding[]> {
  const { code, signal: killer, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", import.meta.url],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).output();
  const answer = new TextDecoder().decode(stdout).split("\n").findLast((line) => line.startsWith(mark));
  if (answer) return JSON.parse(answer.slice(mark.length));
  const words = new TextDecoder().decode(stderr).split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const detail = killer
    ? `TensorFlow ended with ${killer}; its library may be damaged`
    : words.find((line) => /^error|Error:|Cannot /.test(line)) ?? words.at(-1) ?? `exit code ${code}`;
  const remedy = killer ? `rm -r ${jupyterPlaces().venv}/tensorflow && ${setUpRemedy}` : setUpRemedy;
  return [{ name: "TensorFlow", ok: false, detail, remedy }];
}

if (import.meta.main) {
  const { checkRuntime } = await import("../../runtime/mod.ts");
  const findings = await checkRuntime();
  const { say } = await import("../_terminal.ts");
  say(mark + JSON.stringify(findings));
  Deno.exit(0);
}
