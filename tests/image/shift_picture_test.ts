import { deepEqual } from "node:assert/strict";
import { createPicture, shiftPicture } from "doppel/image/mod.ts";

const picture = createPicture(3, 2, 1, Float32Array.of(1, 2, 3, 4, 5, 6));
const shifted = (right: number, down: number) => [...shiftPicture(picture, right, down).data];

Deno.test("shiftPicture() moves right and down, left and up, and repeats the edge", () => {
  deepEqual(shifted(0, 0), [1, 2, 3, 4, 5, 6]);
  deepEqual(shifted(1, 0), [1, 1, 2, 4, 4, 5]);
  deepEqual(shifted(-2, 0), [3, 3, 3, 6, 6, 6]);
  deepEqual(shifted(0, 1), [1, 2, 3, 1, 2, 3]);
  deepEqual(shifted(-1, -1), [5, 6, 6, 5, 6, 6]);
});

Deno.test("shiftPicture() keeps the channels of a pixel together", () => {
  const colours = createPicture(2, 1, 3, Float32Array.of(1, 2, 3, 4, 5, 6));
  deepEqual([...shiftPicture(colours, 1, 0).data], [1, 2, 3, 1, 2, 3]);
});
