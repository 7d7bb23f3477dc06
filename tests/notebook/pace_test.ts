import { deepEqual, equal } from "node:assert/strict";
import { formatBytes, formatProgress, formatSeconds, paceMeter } from "doppel/notebook/mod.ts";

Deno.test("paceMeter() tells rate and time left", () => {
  let time = 0;
  const measure = paceMeter({ now: () => time });
  deepEqual(measure(0, 40), { elapsed: 0, rate: 0, left: undefined });
  time = 1000;
  deepEqual(measure(10, 40), { elapsed: 1, rate: 10, left: 3 });
});

Deno.test("paceMeter() follows a change of speed within its window", () => {
  let time = 0;
  const measure = paceMeter({ window: 2000, now: () => time });
  let rate = 0;
  const advance = (done: number) => {
    time += 1000;
    ({ rate } = measure(done));
  };
  for (let second = 1; second <= 10; second++) advance(second * 100);
  equal(rate, 100);
  for (let second = 1; second <= 5; second++) advance(1000 + second);
  equal(rate, 1);
});

Deno.test("paceMeter() gives no negative rate when the count starts again", () => {
  let time = 0;
  const measure = paceMeter({ now: () => time });
  measure(50, 100);
  time = 1000;
  equal(measure(10, 100).rate, 0);
});

Deno.test("formatSeconds() words durations up to hours", () => {
  deepEqual([0.04, 9.94, 9.96, 59.6, 185, 3599.9, 7800].map(formatSeconds), [
    "0.0 s",
    "9.9 s",
    "10 s",
    "1 min 00 s",
    "3 min 05 s",
    "1 h 00 min",
    "2 h 10 min",
  ]);
});

Deno.test("formatBytes() words sizes in decimal units", () => {
  deepEqual([812, 4096, 999_499, 999_600, 853e6, 1.93e9].map(formatBytes), [
    "812 B",
    "4 kB",
    "999 kB",
    "1 MB",
    "853 MB",
    "1.9 GB",
  ]);
});

Deno.test("formatProgress() words count, rate and time left", () => {
  const pace = { elapsed: 2, rate: 41e6, left: 3.5 };
  equal(
    formatProgress({ done: 117e6, total: 260e6, unit: "byte", pace }),
    "45 %, 117 MB of 260 MB, 41 MB/s, 3.5 s left",
  );
  equal(
    formatProgress({ done: 3, total: 40, unit: "step", pace: { elapsed: 12, rate: 0.25, left: 148 } }),
    "7 %, 3 of 40 steps, 4.00 s/step, 2 min 28 s left",
  );
  equal(
    formatProgress({ done: 3, unit: "step", pace: { elapsed: 1.5, rate: 2, left: undefined } }),
    "3 steps, 2.00 steps/s, 1.5 s",
  );
});
