import { deepEqual, equal } from "node:assert/strict";
import { createTerminal, type Terminal } from "doppel/commands/mod.ts";

/** A terminal that keeps what it is told, with a clock that stands still until it is moved. */
function listen(interactive: boolean, columns = 80): {
  terminal: Terminal;
  out: string[];
  err: string[];
  wait(milliseconds: number): void;
} {
  const out: string[] = [];
  const err: string[] = [];
  let time = 0;
  const terminal = createTerminal({
    out: { write: (text) => out.push(text), interactive },
    err: { write: (text) => err.push(text), interactive },
    columns: () => columns,
    now: () => time,
  });
  return { terminal, out, err, wait: (milliseconds) => time += milliseconds };
}

Deno.test("terminal keeps results and notes apart", () => {
  const { terminal, out, err } = listen(false);
  terminal.say("result");
  terminal.note("note");
  terminal.fail("failure");
  deepEqual([out, err], [["result\n"], ["note\n", "failure\n"]]);
});

Deno.test("progress() replaces its line on a terminal, at most ten times a second", () => {
  const { terminal, err, wait } = listen(true);
  const line = terminal.progress("Train", { total: 100 });
  line.update(0);
  wait(50);
  line.update(1); // Too soon.
  wait(950);
  line.update(10);
  wait(1000);
  line.finish("loss 0.1");
  deepEqual(err, [
    "Train: 0 %, 0 of 100 steps, 0.0 s",
    "\r\x1b[2K",
    "Train: 10 %, 10 of 100 steps, 10.0 steps/s, 9.0 s left",
    "\r\x1b[2K",
    "Train: loss 0.1, 2.0 s\n",
  ]);
});

Deno.test("progress() prints a plain line every ten seconds where nobody looks live", () => {
  const { terminal, err, wait } = listen(false);
  const line = terminal.progress("Train", { total: 100 });
  for (let step = 1; step <= 25; step++) {
    wait(1000);
    line.update(step);
  }
  line.finish();
  equal(err.length, 3);
  equal(err[0], "Train: 10 %, 10 of 100 steps, 1.00 steps/s, 1 min 30 s left\n");
  equal(err[2], "Train: 25 s\n");
});

Deno.test("progress() makes room for other lines and comes back below them", () => {
  const { terminal, out, err } = listen(true);
  const line = terminal.progress("Train");
  line.update(1);
  terminal.say("saved");
  deepEqual(out, ["saved\n"]);
  deepEqual(err, ["Train: 1 step, 0.0 s", "\r\x1b[2K", "Train: 1 step, 0.0 s"]);
});

Deno.test("progress() cuts its line to the width and leaves nothing when cleared", () => {
  const { terminal, err } = listen(true, 30);
  const line = terminal.progress("A very long title that does not fit");
  line.update(1);
  line.clear();
  line.finish("too late");
  deepEqual(err, ["A very long title that does n", "\r\x1b[2K"]);
});
