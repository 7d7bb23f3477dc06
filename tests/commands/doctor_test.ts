import { deepEqual, equal, match, ok } from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "doppel/notebook/mod.ts";
import { describeFindings } from "../../lib/commands/doctor.ts";

Deno.test("describeFindings() marks what is wrong and says what to type", () => {
  equal(
    describeFindings([
      { name: "Disk", ok: true, detail: "80 GB free" },
      { name: "Python", ok: false, detail: "missing", remedy: "npx deno@2.9.6 task setup" },
    ]),
    [
      "ok     Disk    80 GB free",
      "WRONG  Python  missing",
      "               -> npx deno@2.9.6 task setup",
      "",
      "1 of 2 things need mending.",
    ].join("\n"),
  );
});

Deno.test("doctor works on a bare checkout: one JSON object, exit code 1, a remedy for all that is missing", async () => {
  const root = mkdtempSync(join(tmpdir(), "doppel-doctor-"));
  try {
    mkdirSync(join(root, "lib"));
    for (const part of ["commands", "image", "notebook", "runtime", "edit_distance.ts", "problem.ts"]) {
      cpSync(join(projectRoot, "lib", part), join(root, "lib", part), { recursive: true });
    }
    for (const name of ["deno.json", "deno.lock"]) cpSync(join(projectRoot, name), join(root, name));
    writeFileSync(join(root, ".npmrc"), "registry=http://127.0.0.1:9/\n"); // The doctor must fetch nothing.
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", join(root, "lib", "commands", "doctor.ts"), "--json"],
      cwd: root,
      stderr: "null",
    }).output();
    equal(code, 1);
    const { ok: isWell, versions, findings } = JSON.parse(new TextDecoder().decode(stdout));
    equal(isWell, false);
    deepEqual(versions, { deno: Deno.version.deno });
    const wrong = findings.filter((finding: { ok: boolean }) => !finding.ok);
    const names = wrong.map((finding: { name: string }) => finding.name);
    for (const name of ["npm packages", "Python", "Deno kernel", "TensorFlow library", "TensorFlow"]) {
      ok(names.includes(name), name);
    }
    for (const { remedy } of wrong) match(remedy, /^(npx deno@\S+ task setup|free some disk|end other programs)/);
  } finally {
    rmSync(root, { recursive: true });
  }
});
