/**
 * `deno task doctor`: what runs where, and how to mend what does not. It works where nothing is installed.
 *
 * @module
 */

import { projectRoot } from "../notebook/mod.ts";
import { command } from "./_command.ts";
import { exitCode, main } from "./_main.ts";
import { say } from "./_terminal.ts";
import type { Finding } from "./doctor/finding.ts";
import { examineInstallation, readVersions } from "./doctor/installation.ts";
import { examineMachine } from "./doctor/machine.ts";
import { examineRuntime } from "./doctor/runtime_probe.ts";

/** The command `doctor`. */
export const doctor = command({
  name: "doctor",
  summary: "Say what runs where, and how to mend what does not",
  description: "Exit code 1 when something is wrong.",
  options: { json: { type: "flag", summary: "Print one JSON object and nothing else" } },
  async run(_positionals, { json }, { signal }) {
    const findings = [
      ...examineMachine(projectRoot),
      ...examineInstallation(projectRoot),
      ...await examineRuntime(signal),
    ];
    const ok = findings.every((finding) => finding.ok);
    if (json) say(JSON.stringify({ ok, versions: readVersions(projectRoot), findings }, null, 2));
    else say(describeFindings(findings));
    return ok ? exitCode.done : exitCode.failed;
  },
});

/**
 * The findings as a person reads them.
 *
 * @param findings What was found.
 * @returns Lines: a mark, the name, the detail, and below it what to type.
 */
export function describeFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.flatMap(({ name, ok, detail, remedy }) => [
    `${ok ? "ok   " : "WRONG"}  ${name.padEnd(width)}  ${detail}`,
    ...(remedy ? [`${" ".repeat(9 + width)}-> ${remedy}`] : []),
  ]);
  const wrong = findings.filter(({ ok }) => !ok).length;
  lines.push("", wrong === 0 ? "All is well." : `${wrong} of ${findings.length} things need mending.`);
  return lines.join("\n");
}

if (import.meta.main) await main(doctor);
