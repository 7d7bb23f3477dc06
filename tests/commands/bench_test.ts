import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { bench, chooseNames } from "doppel/commands/bench.ts";
import { chooseCompetitors } from "doppel/commands/bench/competitors.ts";
import { installFrameworks } from "doppel/commands/bench/frameworks.ts";
import { cpuUse, readCpuTimes } from "doppel/commands/bench/cpu_time.ts";
import { startProcess } from "doppel/commands/bench/live_process.ts";
import type { Measurement } from "doppel/commands/bench/measure.ts";
import { csvOf, tableOf } from "doppel/commands/bench/present.ts";
import { disturbanceOf, sharedParameters, summarise } from "doppel/commands/bench/summary.ts";
import { orderOf, type PlayedTurn, stepsFor, takeTurns } from "doppel/commands/bench/turns.ts";
import { createTerminal, helpOf } from "doppel/commands/mod.ts";
import { Problem } from "doppel/problem.ts";

const never = new AbortController().signal;
const turn = (round: number, competitor: string, milliseconds: number[]): PlayedTurn => ({
  round,
  competitor,
  milliseconds,
  loss: 1,
});

Deno.test("orderOf() lets everyone play once a round, begin equally often and follow more than one other", () => {
  fc.assert(fc.property(fc.integer({ min: 3, max: 9 }), (count) => {
    const players = Array.from({ length: count }, (_, i) => i);
    const orders = Array.from({ length: count * 2 }, (_, round) => orderOf(players, round));
    for (const order of orders) assert.deepEqual(order.toSorted((a, b) => a - b), players);
    for (const player of players) {
      assert.equal(orders.filter(([first]) => first === player).length, 2);
      const before = new Set(orders.map((order) => order[order.indexOf(player) - 1]));
      before.delete(undefined);
      assert.equal(before.size, 2);
    }
  }));
});

Deno.test("stepsFor() fills a turn, counts the fastest warm-up step, and makes at least one", () => {
  assert.equal(stepsFor([2000, 100, 120], 1.5), 15);
  assert.equal(stepsFor([4000, 3000], 1.5), 1);
  assert.equal(stepsFor([3], 0), 1);
});

Deno.test("takeTurns() plays whole rounds and drops the one that was stopped", async () => {
  const stop = new AbortController();
  const player = (id: string) => ({
    id,
    process: {
      pid: Deno.pid,
      ready: { parameters: 1, warmup: [10], threads: 1, versions: {} },
      take: (steps: number) => Promise.resolve({ milliseconds: Array(steps).fill(10), loss: 1 }),
    },
  });
  let played = 0;
  const turns = await takeTurns([player("a"), player("b")], {
    rounds: 5,
    seconds: 0.03,
    rest: 0,
    signal: stop.signal,
    onTurn: () => ++played === 3 && stop.abort(),
  });
  assert.deepEqual(turns.map(({ round, competitor }) => `${round}${competitor}`), ["0a", "0b"]);
  assert.deepEqual(turns[0]!.milliseconds, [10, 10, 10]);
});

Deno.test("summarise() compares within rounds", () => {
  // The machine is twice as slow in round 1; ratios are 0.5, 0.5 and 0.6 all the same.
  const turns = [
    turn(0, "doppel_compiled", [50, 50, 80]),
    turn(0, "pytorch_channels_last", [100]),
    turn(1, "pytorch_channels_last", [200]),
    turn(1, "doppel_compiled", [100, 90, 110]),
    turn(2, "doppel_compiled", [60]),
    turn(2, "pytorch_channels_last", [100]),
  ];
  const [doppel, pytorch] = summarise("df", turns, 7);
  assert.equal(doppel!.baseline, "pytorch_channels_last");
  assert.equal(doppel!.ratio, 0.5);
  assert.deepEqual([doppel!.ratio_low, doppel!.ratio_high], [0.5, 0.6]);
  assert.equal(doppel!.median_ms, 80); // of 50 50 60 80 90 100 110
  assert.equal(doppel!.minimum_ms, 50);
  assert.deepEqual([doppel!.steps, doppel!.rounds, doppel!.parameters], [7, 3, 7]);
  assert.deepEqual([pytorch!.ratio, pytorch!.ratio_low, pytorch!.ratio_high], [1, 1, 1]);
});

Deno.test("sharedParameters() refuses competitors that compute another model", () => {
  const ours = { title: "Doppel eager", parameters: 10 };
  assert.equal(sharedParameters("df", [ours, { title: "Keras", parameters: 10 }]), 10);
  assert.throws(
    () => sharedParameters("df", [ours, { title: "Keras", parameters: 11 }]),
    (error) => error instanceof Problem && /expected 10 .* got 11 in Keras/.test(error.message),
  );
});

Deno.test("cpuUse() tells sleepers and strangers from the one at work", () => {
  const before = { processes: new Map([[1, 5], [2, 3]]), all: 100 };
  const after = { processes: new Map([[1, 7], [2, 3.5]]), all: 104 };
  assert.deepEqual(cpuUse(before, after, 2, [1]), { sleepers: 0.25, others: 0.75 });
  const turns = [0, 0.5, 0.1].map((sleepers, i) => ({ ...turn(i, "a", [1]), cpu: { sleepers, others: i } }));
  assert.deepEqual(disturbanceOf(turns), { sleepers: 0.5, others: 1 });
  assert.equal(disturbanceOf([turn(0, "a", [1])]), undefined);
});

Deno.test({ name: "readCpuTimes() sees this process at work", ignore: Deno.build.os !== "linux" }, () => {
  const before = readCpuTimes([Deno.pid])!;
  const start = performance.now();
  let x = 0;
  while (performance.now() - start < 200) x += Math.sqrt(x + 1);
  const after = readCpuTimes([Deno.pid])!;
  const own = after.processes.get(Deno.pid)! - before.processes.get(Deno.pid)!;
  assert.ok(own >= 0.02 && own <= 1, `${own} s (${x > 0})`);
  assert.ok(after.all - before.all >= own - 0.02);
  assert.equal(readCpuTimes([2 ** 30]), undefined);
});

Deno.test("chooseCompetitors() takes the frameworks asked for, and bf16 only where the processor has it", () => {
  assert.deepEqual(chooseCompetitors([], false).map(({ id }) => id), ["doppel_eager", "doppel_compiled"]);
  assert.deepEqual(chooseCompetitors(["pytorch", "keras"], true).map(({ id }) => id), [
    "doppel_eager",
    "doppel_compiled",
    "doppel_bf16",
    "pytorch_eager",
    "pytorch_channels_last",
    "pytorch_bf16",
    "keras",
  ]);
});

Deno.test("chooseNames() keeps the order and names a near one", () => {
  assert.deepEqual(chooseNames("--models", "gan, df,gan", ["df", "detector", "gan"]), ["df", "gan"]);
  assert.deepEqual(chooseNames("--against", "", ["pytorch"]), []);
  assert.throws(() => chooseNames("--against", "pytorhc", ["pytorch"]), /did you mean pytorch\? \(--against\)/);
});

Deno.test("bench explains itself", () => {
  const help = helpOf(bench);
  assert.match(help, /deno task bench \[options\][\s\S]*--against NAMES[\s\S]*--rounds N/);
  assert.match(help, /--models df,df128,liae,liae128 --against/);
  assert.match(help, /of df,df128,liae,liae128,aei,detector,gan.*df,detector,gan/);
});

Deno.test("tableOf() and csvOf() show the figures", () => {
  const turns = [0, 1].flatMap((round) => [
    turn(round, "doppel_compiled", [43.21]),
    turn(round, "pytorch_channels_last", [86.42]),
  ]);
  const measurement: Measurement = {
    model: "detector",
    parameters: 138305,
    batch: 8,
    figures: summarise("detector", turns, 138305),
    disturbance: { sleepers: 0, others: 1.26 },
    competitors: {},
    turns,
  };
  assert.equal(
    tableOf(measurement),
    [
      "detector, 128 px, depthwise separable: 138,305 parameters, batch 8, 2 rounds",
      "                         median ms  minimum ms  by PyTorch channels_last  95 % interval",
      "  Doppel compiled             43.2        43.2                      0.50   0.50 to 0.50",
      "  PyTorch channels_last       86.4        86.4                         1",
      "  Other programs kept 1.3 cores busy meanwhile: measure again on a quiet machine.",
    ].join("\n"),
  );
  assert.match(tableOf({ ...measurement, model: "liae128" }), /^LIAE-ud, 128 px, two inters: /);
  assert.equal(
    csvOf([measurement]),
    "model,competitor,parameters,rounds,steps,median_ms,minimum_ms,baseline,ratio,ratio_low,ratio_high\n" +
      "detector,doppel_compiled,138305,2,2,43.21,43.21,pytorch_channels_last,0.5,0.5,0.5\n" +
      "detector,pytorch_channels_last,138305,2,2,86.42,86.42,pytorch_channels_last,1,1,1\n",
  );
});

const program = (code: string) => ({ command: Deno.execPath(), args: ["eval", code] });
const ready = `console.log("chatter"); console.log(JSON.stringify({parameters:1,warmup:[1],threads:1,versions:{}}));`;

Deno.test("startProcess() waits for the process and takes its answers", async () => {
  const code = `${ready} for await (const chunk of Deno.stdin.readable) {
    const { steps } = JSON.parse(new TextDecoder().decode(chunk));
    console.log(JSON.stringify({ milliseconds: Array(steps).fill(2), loss: 0.5 }));
  }`;
  const started = await startProcess("it", program(code), never);
  assert.equal(started.ready.parameters, 1);
  assert.deepEqual(await started.take(3), { milliseconds: [2, 2, 2], loss: 0.5 });
  await started[Symbol.asyncDispose]();
  assert.throws(() => Deno.kill(started.pid, "SIGCONT")); // It is gone.
});

Deno.test("startProcess() says what a failed process said", async () => {
  await assert.rejects(
    startProcess("Keras on df", program(`console.error("ModuleError: no module"); Deno.exit(3);`), never),
    (error) =>
      error instanceof Problem && /measure Keras on df.*exit code 3: ModuleError: no module/.test(error.message),
  );
  const late = await startProcess(
    "it",
    program(`${ready} await Deno.stdin.read(new Uint8Array(9)); Deno.exit(4);`),
    never,
  );
  await assert.rejects(late.take(1), /exit code 4/);
  await late[Symbol.asyncDispose]();
  const nan = await startProcess(
    "it",
    program(`${ready} await Deno.stdin.read(new Uint8Array(99)); console.log('{"milliseconds":[1],"loss":null}');`),
    never,
  );
  await assert.rejects(nan.take(1), /expected finite figures/);
  await nan[Symbol.asyncDispose]();
});

Deno.test("installFrameworks() refuses a Python without wheels and leaves nothing behind", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const bin = join(folder, ".venv", "bin");
    await Deno.mkdir(bin, { recursive: true });
    await Deno.writeTextFile(join(bin, "python"), "#!/bin/sh\necho 3 9\n", { mode: 0o755 });
    const said: string[] = [];
    const sink = { write: (text: string) => said.push(text), interactive: false };
    const terminal = createTerminal({ out: sink, err: sink });
    await assert.rejects(
      installFrameworks(["keras"], { root: folder, terminal }),
      (error) => error instanceof Problem && /expected Python 3\.11 or newer in \.venv, got 3\.9/.test(error.message),
    );
    assert.ok(!existsSync(join(folder, ".venv", "bench")));
    assert.match(said.join(""), /Fetching keras/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
