import { deepEqual, equal, match } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { command, createTerminal, execute } from "doppel/commands/mod.ts";
import { cannot } from "doppel/problem.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Runs a command whose work is given, and keeps what it says. */
async function run(
  work: (signal: AbortSignal) => Promise<number | void> | number | void,
  { args = [], signal }: { args?: string[]; signal?: AbortSignal } = {},
): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const terminal = createTerminal({
    out: { write: (text) => out += text, interactive: false },
    err: { write: (text) => err += text, interactive: false },
  });
  const definition = command({
    name: "work",
    summary: "Work",
    run: (_positionals, _options, { signal }) => work(signal),
  });
  const code = await execute(definition, args, { terminal, ...(signal ? { signal } : {}) });
  return { code, out, err };
}

Deno.test("execute() gives 0, or the command's own code", async () => {
  deepEqual(await run(() => {}), { code: 0, out: "", err: "" });
  equal((await run(() => 1)).code, 1);
});

Deno.test("execute() words a user's error in one line and gives 1", async () => {
  const work = () => {
    throw cannot("read face set", "a folder", "a file", "faces.zip");
  };
  deepEqual(await run(work), {
    code: 1,
    out: "",
    err: "Cannot read face set: expected a folder, got a file (faces.zip)\n",
  });
});

Deno.test("execute() shows the stack of a defect", async () => {
  const { code, err } = await run(() => {
    throw new TypeError("undefined is not a face");
  });
  equal(code, 1);
  match(err, /^Doppel broke: TypeError: undefined is not a face\n\s+at /);
});

Deno.test("execute() gives 2 for wrong arguments and 0 for help", async () => {
  const wrong = await run(() => {}, { args: ["--fast"] });
  deepEqual([wrong.code, wrong.err], [2, "Cannot run work: expected one of its options, got --fast (see --help)\n"]);
  const help = await run(() => 1, { args: ["--help"] });
  equal(help.code, 0);
  match(help.out, /^deno task work \[options\]/);
});

Deno.test("execute() gives 130 when the work was stopped, politely or by an abort", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  controller.abort(new DOMException("SIGINT", "AbortError"));
  equal((await run(() => {}, { signal })).code, 130);
  const thrown = await run((signal) => signal.throwIfAborted(), { signal });
  deepEqual(thrown, { code: 130, out: "", err: "" });
});

Deno.test("execute() still words an error that comes while stopping", async () => {
  const signal = AbortSignal.abort(new DOMException("SIGINT", "AbortError"));
  const { code, err } = await run(() => {
    throw cannot("save checkpoint", "free space", "none");
  }, { signal });
  deepEqual([code, err], [1, "Cannot save checkpoint: expected free space, got none\n"]);
});

/** A command in a process of its own: it reports each step and, when stopped, that it saved. */
const patient = `
  import { command, main, say } from "doppel/commands/mod.ts";
  await main(command({ name: "patient", summary: "Wait", async run(_p, _o, { signal }) {
    say("started");
    while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 10));
    say("saved");
    if (Deno.env.has("HANG")) await new Promise((resolve) => setTimeout(resolve, 60000));
  } }));
`;

/** Starts the command, sends it signals one after the other and collects its words. */
async function interrupt(
  signals: Deno.Signal[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", patient],
    env,
    cwd: root,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let out = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const words = text.split("\n").length - 1;
    out += text;
    for (let i = 0; i < words && signals.length > 0; i++) child.kill(signals.shift()!);
  }
  return { code: (await child.status).code, out };
}

Deno.test("main() lets the first Ctrl-C finish the work and ends at the second", async () => {
  deepEqual(await interrupt(["SIGINT"]), { code: 130, out: "started\nsaved\n" });
  deepEqual(await interrupt(["SIGINT", "SIGINT"], { HANG: "1" }), { code: 130, out: "started\nsaved\n" });
  deepEqual(await interrupt(["SIGTERM"]), { code: 143, out: "started\nsaved\n" });
  deepEqual(await interrupt(["SIGHUP"]), { code: 129, out: "started\nsaved\n" });
});
