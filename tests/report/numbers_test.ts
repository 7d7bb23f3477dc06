import { deepEqual, equal } from "node:assert/strict";
import { decimalsFor, formatEstimate, formatNumber, formatSeconds } from "doppel/report/mod.ts";

Deno.test("formatEstimate() shows two significant digits of the interval's half width", () => {
  equal(formatEstimate(0.10512, [0.0712, 0.1391]), "0.105 [0.071, 0.139]");
  equal(formatEstimate(-0.4, [-0.75, -0.05]), "−0.40 [−0.75, −0.05]");
  equal(formatEstimate(1234.5, [1000, 1400]), "1235 [1000, 1400]");
  equal(formatEstimate(0.5, [0.5, 0.5]), "0.500 [0.500, 0.500]");
  equal(formatEstimate(0.25, null), "0.250");
});

Deno.test("formatNumber() has a true minus, no negative zero, and names what is not a number", () => {
  deepEqual([-0.001, -1.5, Infinity, NaN, null, 1234567].map((n) => formatNumber(n, 1)), [
    "0.0",
    "−1.5",
    "∞",
    "NaN",
    "–",
    "1,234,567.0",
  ]);
});

Deno.test("decimalsFor() serves the narrowest interval of a column, and whole numbers without any", () => {
  equal(decimalsFor([{ estimate: 1, interval: [0.9, 1.1] }, { estimate: 1, interval: [0.999, 1.001] }]), 4);
  equal(decimalsFor([{ estimate: 3 }, { estimate: 120 }]), 0);
  equal(decimalsFor([{ estimate: 0.5 }, { estimate: 12.25 }]), 1);
  equal(decimalsFor([]), 0);
});

Deno.test("formatSeconds() uses the two largest units and never shows sixty of one", () => {
  deepEqual([0, 0.84, 9.96, 42, 59.7, 250, 3600, 7510, 7199].map(formatSeconds), [
    "0 s",
    "0.8 s",
    "10 s",
    "42 s",
    "1 min",
    "4 min 10 s",
    "1 h",
    "2 h 5 min",
    "2 h",
  ]);
});
