import { equal } from "node:assert/strict";
import { closest } from "doppel/commands/mod.ts";

const words = ["smoke", "quick", "standard", "paper"];

Deno.test("closest() finds what was mistyped", () => {
  equal(closest("quikc", words), "quick"); // Neighbours swapped.
  equal(closest("standrad", words), "standard");
  equal(closest("papr", words), "paper");
  equal(closest("stand", words), "standard"); // Cut short.
  equal(closest("quick", words), "quick");
});

Deno.test("closest() finds nothing when nothing is near", () => {
  equal(closest("gpu", words), undefined);
  equal(closest("enormous", words), undefined);
  equal(closest("x", []), undefined);
});
