/**
 * The convex hull of points (Andrew's monotone chain, 1979).
 *
 * @param points `x, y` pairs, flat.
 * @returns The corners as pairs, flat, in order round the hull; collinear points are left out.
 */
export function convexHull(points: Float32Array): Float32Array {
  const order = Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i]!, points[2 * i + 1]!] as const)
    .sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const half = (sorted: readonly (readonly [number, number])[]) => {
    const chain: (readonly [number, number])[] = [];
    for (const point of sorted) {
      while (chain.length > 1 && turn(chain.at(-2)!, chain.at(-1)!, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return Float32Array.from([...half(order), ...half(order.toReversed())].flat());
}

const turn = (
  [ax, ay]: readonly [number, number],
  [bx, by]: readonly [number, number],
  [cx, cy]: readonly [number, number],
): number => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);

/**
 * How much of each pixel the union of convex polygons covers: exact along x, sampled by lines along y.
 *
 * @param polygons Corners as pairs, flat, in order round each polygon.
 * @param width Columns.
 * @param height Rows.
 * @param lines Sample lines a row.
 * @returns `[height, width]` in `[0, 1]`; exactly 1 well inside, exactly 0 outside.
 */
export function coverConvex(
  polygons: readonly Float32Array[],
  width: number,
  height: number,
  lines: number,
): Float32Array {
  const cover = new Float32Array(width * height);
  const counts = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    counts.fill(0);
    for (let line = 0; line < lines; line++) {
      const at = y + (line + 0.5) / lines;
      for (const [from, to] of union(polygons.flatMap((polygon) => crossing(polygon, at)))) {
        addInterval(counts, Math.max(0, from), Math.min(width, to));
      }
    }
    for (let x = 0; x < width; x++) cover[y * width + x] = Math.min(1, counts[x]! / lines);
  }
  return cover;
}

type Interval = readonly [number, number];

/** Where a horizontal line runs inside a convex polygon: one interval or none. */
function crossing(polygon: Float32Array, y: number): Interval[] {
  let [from, to] = [Infinity, -Infinity];
  for (let i = 0; i < polygon.length; i += 2) {
    const [x0, y0] = [polygon[i]!, polygon[i + 1]!];
    const [x1, y1] = [polygon[(i + 2) % polygon.length]!, polygon[(i + 3) % polygon.length]!];
    if (y0 > y === y1 > y) continue;
    const x = x0 + ((y - y0) / (y1 - y0)) * (x1 - x0);
    from = Math.min(from, x);
    to = Math.max(to, x);
  }
  return from < to ? [[from, to]] : [];
}

function union(intervals: readonly Interval[]): Interval[] {
  const out: [number, number][] = [];
  for (const [from, to] of intervals.toSorted(([a], [b]) => a - b)) {
    const last = out.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

function addInterval(counts: Float32Array, from: number, to: number): void {
  for (let x = Math.floor(from); x < to; x++) counts[x]! += Math.min(to, x + 1) - Math.max(from, x);
}
