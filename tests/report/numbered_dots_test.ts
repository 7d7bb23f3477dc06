import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { type NumberedDot, numberedDotsChart } from "doppel/report/mod.ts";
import { placeDiscs } from "../../lib/report/numbered_dots.ts";

const apart = (a: readonly number[], b: readonly number[]) => Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!);

Deno.test("placeDiscs() leaves discs on their dots where there is room", () => {
  const points = [[0, 0], [40, 0], [0, 40]] as const;
  deepEqual(placeDiscs(points, 8), points.map((point) => [...point]));
});

Deno.test("placeDiscs() lays no disc on another or on a dot, near its own dot", () => {
  const point = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }));
  fc.assert(
    fc.property(fc.uniqueArray(point, { maxLength: 12, selector: String }), (points) => {
      const discs = placeDiscs(points, 8);
      discs.forEach((disc, i) => {
        ok(apart(disc, points[i]!) < 8 * 6.3);
        discs.forEach((other, j) => ok(j === i || apart(disc, other) >= 16.9, `discs ${i} and ${j}`));
        points.forEach((dot, j) => ok(j === i || apart(disc, dot) >= 10.9, `disc ${i} on dot ${j}`));
      });
    }),
    { numRuns: 200, seed: 1 },
  );
});

Deno.test("numberedDotsChart() numbers the dots in their order, each exactly at its figures", () => {
  const dots: NumberedDot[] = [0.5, 0.5, -0.2].map((x, i) => ({
    title: `arm ${i}`,
    ...{ x, y: 1 + x, xInterval: [x - 0.1, x + 0.1], yInterval: [1, 2] },
  }));
  const { svg } = numberedDotsChart(dots, { xLabel: "gain", yLabel: "attr" });
  for (const number of ["1  arm 0", "2  arm 1", "3  arm 2"]) {
    ok(svg.includes(number.replace("  ", " ")) || svg.includes(number));
  }
  const circles = (r: string) =>
    [...svg.matchAll(/<circle[^>]*>/g)].map(([tag]) => tag).filter((tag) => tag.includes(`r="${r}"`))
      .map((tag) => ["cx", "cy"].map((key) => Number(new RegExp(`${key}="([^"]+)"`).exec(tag)![1])));
  const [small, large] = [circles("3.5"), circles("8")];
  equal(small.length, 3);
  equal(large.length, 3);
  ok(apart(small[0]!, small[1]!) < 1e-9, "equal figures, one place");
  ok(apart(large[0]!, small[0]!) < 1e-9 && apart(large[1]!, large[0]!) > 16, "the second number makes way");
});
