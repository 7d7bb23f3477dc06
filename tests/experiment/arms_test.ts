import { deepEqual, equal, rejects } from "node:assert/strict";
import fc from "fast-check";
import { type Cell, runArms, runCells } from "doppel/experiment/mod.ts";
import { cellKey } from "doppel/experiment/arms.ts";
import { withRun } from "./fixtures.ts";

const plan = { arms: ["df", "liae"], seeds: [1, 2], pairs: ["01-02", "02/01"] };
const name = ({ arm, seed, pair }: Cell) => `${seed} ${arm} ${pair}`;

Deno.test("runArms() walks seeds, then arms, then pairs, and skips nothing", () =>
  withRun(async (run) => {
    const walked: string[] = [];
    const { cells, complete } = await runArms({ run, ...plan }, (cell) => walked.push(name(cell)));
    deepEqual(walked, [
      "1 df 01-02",
      "1 df 02/01",
      "1 liae 01-02",
      "1 liae 02/01",
      "2 df 01-02",
      "2 df 02/01",
      "2 liae 01-02",
      "2 liae 02/01",
    ]);
    deepEqual(cells.map(name), walked);
    equal(complete, true);
    equal(cells.some((cell) => cell.resumed), false);
  }));

Deno.test("runArms() stops between cells and goes on without computing one twice", () =>
  withRun(async (run) => {
    const controller = new AbortController();
    let computed = 0;
    const work = (cell: Cell) => {
      if (++computed === 3) controller.abort();
      return name(cell);
    };
    const first = await runArms({ run, ...plan, signal: controller.signal }, work);
    equal(first.complete, false);
    equal(first.cells.length, 3);
    const done: number[] = [];
    const second = await runArms({ run, ...plan, onCell: (progress) => done.push(progress.done) }, work);
    equal(computed, 8);
    deepEqual(done, [3, 4, 5, 6, 7]);
    deepEqual(second.cells.map((cell) => cell.resumed), [true, true, true, false, false, false, false, false]);
    deepEqual(second.cells.map((cell) => cell.value), second.cells.map(name));
  }));

Deno.test("runArms() keeps what was finished before a cell failed, and ends politely when the work throws the stop", () =>
  withRun(async (run) => {
    const work = (cell: Cell) => {
      if (cell.arm === "liae") throw new Error("diverged");
      return 1;
    };
    await rejects(runArms({ run, ...plan }, work), /diverged/);
    const controller = new AbortController();
    const stopped = await runArms({ run, ...plan, signal: controller.signal }, (_, signal) => {
      controller.abort();
      throw signal!.reason;
    });
    deepEqual([stopped.cells.length, stopped.cells.every((cell) => cell.resumed), stopped.complete], [2, true, false]);
  }));

Deno.test("runArms() works without pairs and gives the seconds left", () =>
  withRun(async (run) => {
    const left: (number | undefined)[] = [];
    await runArms(
      { run, arms: ["a"], seeds: [1, 2, 3], onCell: (progress) => left.push(progress.left_s) },
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return 1;
      },
    );
    equal(left[0], undefined);
    equal(left[1]! > left[2]! && left[2]! >= 0.015, true);
  }));

Deno.test("runArms() shares the cells out among several walks over one run, and each has all values in the end", () =>
  withRun(async (run) => {
    const computed: string[][] = [[], [], []];
    const outcomes = await Promise.all(computed.map((own) =>
      runArms({ run, ...plan }, async (cell) => {
        own.push(name(cell));
        await new Promise((resolve) => setTimeout(resolve, 30));
        return name(cell);
      })
    ));
    const all = outcomes[0]!.cells.map(name);
    equal(computed.flat().length, 8);
    deepEqual(computed.flat().sort(), [...all].sort());
    equal(computed.every((own) => own.length > 1), true);
    for (const [i, { cells, complete }] of outcomes.entries()) {
      equal(complete, true);
      deepEqual(cells.map(({ value }) => value), all);
      deepEqual(cells.filter(({ resumed }) => !resumed).map(name), all.filter((cell) => computed[i]!.includes(cell)));
    }
  }));

Deno.test("runArms() begins a cell when those that it needs are finished, with their values", () =>
  withRun(async (run) => {
    const walk = () =>
      runArms<string>({
        run,
        arms: ["aei", "hear", "add"],
        seeds: [1],
        needs: ({ arm, seed }) => arm === "hear" ? [{ arm: "aei", seed }] : [],
      }, async ({ arm }, _, needed) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return [arm, ...needed].join(" on ");
      });
    const [{ cells }] = await Promise.all([walk(), walk()]);
    deepEqual(cells.map(({ value }) => value), ["aei", "hear on aei", "add"]);
  }));

Deno.test("runCells() goes on with what a failed walk leaves, and refuses cells that need what does not come before them", () =>
  withRun(async (run) => {
    const cells = [{ arm: "a", seed: 1 }, { arm: "b", seed: 1 }];
    const begun = Promise.withResolvers<void>();
    const failing = runCells({ run, cells }, async ({ arm }) => {
      begun.resolve();
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (arm === "a") throw new Error("killed");
      return arm;
    });
    await begun.promise;
    const other = runCells({ run, cells }, async ({ arm }) => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return arm;
    });
    await rejects(failing, /killed/);
    deepEqual((await other).cells.map(({ value }) => value), ["a", "b"]);
    await rejects(
      runCells({ run, cells, needs: ({ arm }) => arm === "a" ? [cells[1]!] : [] }, () => 1),
      /Cannot share out the work: expected b_seed1_\w+ before a_seed1_\w+/,
    );
  }));

Deno.test("runArms() refuses seed 0, doubles, values that are no JSON, and a cell that is another's", () =>
  withRun(async (run) => {
    await rejects(runArms({ run, arms: ["a"], seeds: [0] }, () => 1), /expected seeds from 1 up, got 0/);
    await rejects(runArms({ run, arms: ["a", "a"], seeds: [1] }, () => 1), /every cell once, got a, 1 twice/);
    await rejects(
      runArms({ run, arms: ["a"], seeds: [1] }, () => ({ psnr: Infinity })),
      /finite numbers, got Infinity/,
    );
    equal((await Array.fromAsync(Deno.readDir(run.cells))).length, 0);
    await Deno.writeTextFile(`${run.cells}/${cellKey({ arm: "a", seed: 1 })}.json`, '{"arm":"b"}');
    await rejects(runArms({ run, arms: ["a"], seeds: [1] }, () => 1), /Cannot resume run: expected the cell a, seed 1/);
  }));

Deno.test("cellKey() is a safe file name, different for different cells", () => {
  const cell = fc.record({ arm: fc.string(), seed: fc.integer({ min: 1, max: 9 }), pair: fc.string() });
  fc.assert(fc.property(cell, cell, (a, b) => {
    equal(/^[\w.-]+$/.test(cellKey(a)), true);
    equal(cellKey(a) === cellKey(b), a.arm === b.arm && a.seed === b.seed && a.pair === b.pair);
  }));
});
