import Delaunator from "delaunator";
import { cannot } from "../problem.ts";
import { createPicture, type Picture } from "./picture.ts";

/** A warped picture and where it is. */
export interface PiecewiseWarp {
  /** Of the size asked for; black where nothing was carried. */
  readonly picture: Picture;
  /** `[height, width, 1]`: 1 inside the triangles, 0 outside. */
  readonly coverage: Picture;
}

/**
 * Warps a picture so that given points land on others: the target points are triangulated (Delaunay), and each triangle
 * is carried over by its own affine map, sampled bilinearly.
 *
 * @param picture 1 or 3 channels.
 * @param from Points of the picture, `x, y` pairs in continuous pixels, flat.
 * @param to As many points of the result.
 * @param size Width and height of the result.
 * @returns The warped picture and where it is.
 * @throws {Problem} When the numbers of points differ or they span no triangle.
 */
export function piecewiseWarp(
  picture: Picture,
  from: Float32Array,
  to: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
): PiecewiseWarp {
  const { triangles } = new Delaunator(to);
  if (from.length !== to.length || triangles.length === 0) {
    throw cannot(
      "warp by points",
      "two equal lists of points that span triangles",
      `${from.length / 2} and ${to.length / 2} points`,
    );
  }
  const out = createPicture(width, height, picture.channels);
  const coverage = createPicture(width, height, 1);
  for (let t = 0; t < triangles.length; t += 3) {
    const corners = [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!] as const;
    eachPixel(corners, to, width, height, (pixel, a, b, c) => {
      const at = (axis: number) =>
        a * from[2 * corners[0] + axis]! + b * from[2 * corners[1] + axis]! + c * from[2 * corners[2] + axis]!;
      sampleBilinear(picture, at(0), at(1), out.data, pixel * picture.channels);
      coverage.data[pixel] = 1;
    });
  }
  return { picture: out, coverage };
}

/** Calls back for each pixel whose centre lies in a triangle, with its barycentric coordinates. */
function eachPixel(
  [i, j, k]: readonly [number, number, number],
  points: Float32Array,
  width: number,
  height: number,
  visit: (pixel: number, a: number, b: number, c: number) => void,
): void {
  const [ax, ay, bx, by, cx, cy] = [i, j, k].flatMap((n) => [points[2 * n]!, points[2 * n + 1]!]) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
  if (area === 0) return;
  const range = (values: number[], size: number) =>
    [
      Math.max(0, Math.floor(Math.min(...values) - 0.5)),
      Math.min(size - 1, Math.ceil(Math.max(...values) - 0.5)),
    ] as const;
  const [left, right] = range([ax, bx, cx], width);
  const [top, bottom] = range([ay, by, cy], height);
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const [px, py] = [x + 0.5, y + 0.5];
      const b = ((px - ax) * (cy - ay) - (cx - ax) * (py - ay)) / area;
      const c = ((bx - ax) * (py - ay) - (px - ax) * (by - ay)) / area;
      const a = 1 - b - c;
      // A hair's breadth of tolerance: pixels on an edge belong to one of its triangles at least.
      if (a >= -1e-6 && b >= -1e-6 && c >= -1e-6) visit(y * width + x, a, b, c);
    }
  }
}

function sampleBilinear(
  { data, width, height, channels }: Picture,
  x: number,
  y: number,
  out: Float32Array,
  at: number,
) {
  const u = Math.min(width - 1, Math.max(0, x - 0.5));
  const v = Math.min(height - 1, Math.max(0, y - 0.5));
  const left = Math.floor(u);
  const top = Math.floor(v);
  const right = Math.min(width - 1, left + 1);
  const bottom = Math.min(height - 1, top + 1);
  const [s, t] = [u - left, v - top];
  for (let c = 0; c < channels; c++) {
    const value = (row: number, column: number) => data[(row * width + column) * channels + c]!;
    const upper = value(top, left) * (1 - s) + value(top, right) * s;
    out[at + c] = upper * (1 - t) + (value(bottom, left) * (1 - s) + value(bottom, right) * s) * t;
  }
}
