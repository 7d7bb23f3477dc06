/** Where a Poisson equation is to be solved: a grid with a ring of cells that do not belong to it. */
export interface PoissonRegion {
  readonly width: number;
  readonly height: number;
  /** `[height, width]`, 1 for unknown cells; 0 on the outermost rows and columns. */
  readonly inside: Uint8Array;
  /** `[height, width]`, how many neighbours each unknown cell has, those of known value among them. */
  readonly neighbours: Uint8Array;
}

/** One grid of the hierarchy; each is half as fine as the one before. */
interface Level {
  readonly width: number;
  readonly height: number;
  /** How strongly a cell hangs on its right, and on its lower neighbour; 0 where either is not unknown. */
  readonly right: Float64Array;
  readonly down: Float64Array;
  readonly diagonal: Float64Array;
  /** 1 / diagonal, and 0 outside: there the solution stays 0. */
  readonly inverse: Float64Array;
  readonly solution: Float64Array;
  readonly load: Float64Array;
  readonly residual: Float64Array;
}

/**
 * Prepares the solution of `neighbours * u - sum of unknown neighbours' u = load` on a region, the discrete Poisson
 * equation with known values at the border moved into the load.
 *
 * Conjugate gradients, preconditioned by one multigrid cycle over 2x2 aggregates whose coarse equations are halved (Braess,
 * "Towards algebraic multigrid for elliptic problems of second order", 1995): the steps needed hardly grow with the region,
 * whatever its shape.
 *
 * @param region The region. Each of its connected parts needs a neighbour of known value.
 * @returns A function from a load `[height, width]`, 0 outside the region, to the solution, 0 outside. It stops after a
 * correction below `tolerance` everywhere, which leaves errors several times smaller.
 */
export function createPoissonSolver(region: PoissonRegion): (load: Float64Array, tolerance: number) => Float64Array {
  const levels = [finest(region)];
  for (let level = levels[0]!; Math.max(level.width, level.height) > 6; levels.push(level)) level = coarser(level);
  const [fine] = levels as [Level];
  return (load, tolerance) => {
    const solution = new Float64Array(load.length);
    const residual = load.slice();
    const direction = new Float64Array(load.length);
    const image = new Float64Array(load.length);
    let energy = 0;
    for (let step = 0; step < 200; step++) {
      const correction = cycle(levels, 0, residual);
      const size = largest(correction);
      if (size === 0) break;
      const before = energy;
      energy = dot(residual, correction);
      const keep = step === 0 ? 0 : energy / before;
      for (let i = 0; i < direction.length; i++) direction[i] = correction[i]! + keep * direction[i]!;
      apply(fine, direction, image);
      const far = energy / dot(direction, image);
      for (let i = 0; i < direction.length; i++) {
        solution[i]! += far * direction[i]!;
        residual[i]! -= far * image[i]!;
      }
      if (size < tolerance) break;
    }
    return solution;
  };
}

function finest({ width, height, inside, neighbours }: PoissonRegion): Level {
  const level = emptyLevel(width, height);
  for (let i = 0; i < inside.length; i++) {
    if (!inside[i]) continue;
    level.right[i] = inside[i + 1]!;
    level.down[i] = inside[i + width]!;
    level.diagonal[i] = neighbours[i]!;
  }
  return inverted(level);
}

/** Joins 2x2 cells: their equations are added, with one unknown in common. */
function coarser(fine: Level): Level {
  const width = ((fine.width - 1) >> 1) + 2;
  const height = ((fine.height - 1) >> 1) + 2;
  const level = emptyLevel(width, height);
  for (let y = 1; y < fine.height - 1; y++) {
    for (let x = 1; x < fine.width - 1; x++) {
      const i = y * fine.width + x;
      const at = aggregate(x, y, width);
      level.diagonal[at]! += fine.diagonal[i]! / 2;
      // A tie within the aggregate vanishes from its equation, a tie between two aggregates is kept.
      if (x & 1) level.diagonal[at]! -= fine.right[i]!;
      else level.right[at]! += fine.right[i]! / 2;
      if (y & 1) level.diagonal[at]! -= fine.down[i]!;
      else level.down[at]! += fine.down[i]! / 2;
    }
  }
  return inverted(level);
}

const aggregate = (x: number, y: number, width: number): number => ((y + 1) >> 1) * width + ((x + 1) >> 1);

function emptyLevel(width: number, height: number): Level {
  const numbers = () => new Float64Array(width * height);
  return {
    width,
    height,
    right: numbers(),
    down: numbers(),
    diagonal: numbers(),
    inverse: numbers(),
    solution: numbers(),
    load: numbers(),
    residual: numbers(),
  };
}

function inverted(level: Level): Level {
  for (let i = 0; i < level.diagonal.length; i++) {
    level.inverse[i] = level.diagonal[i]! > 0 ? 1 / level.diagonal[i]! : 0;
  }
  return level;
}

/** One symmetric V-cycle from 0: forward sweeps on the way down, backward ones on the way up. */
function cycle(levels: readonly Level[], depth: number, load: Float64Array): Float64Array {
  const level = levels[depth]!;
  const next = levels[depth + 1];
  const { width, height, solution, residual } = level;
  solution.fill(0);
  const sweeps = next ? 2 : 8;
  for (let k = 0; k < sweeps; k++) sweep(level, load, 1);
  if (next) {
    apply(level, solution, residual);
    next.load.fill(0);
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const i = y * width + x;
        next.load[aggregate(x, y, next.width)]! += load[i]! - residual[i]!;
      }
    }
    const coarse = cycle(levels, depth + 1, next.load);
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1; x < width - 1; x++) {
        const i = y * width + x;
        if (level.inverse[i]) solution[i]! += coarse[aggregate(x, y, next.width)]!;
      }
    }
  }
  for (let k = 0; k < sweeps; k++) sweep(level, load, -1);
  return solution;
}

/** Solves each cell's equation in turn, from the first cell to the last or back (Gauss-Seidel). */
function sweep({ width, right, down, inverse, solution }: Level, load: Float64Array, way: 1 | -1): void {
  const first = width + 1;
  const last = solution.length - width - 2;
  // The cell just solved for is kept at hand and comes last into the sum: each cell has to wait for it.
  let solved = 0;
  if (way === 1) {
    for (let i = first; i <= last; i++) {
      const sum = load[i]! + right[i]! * solution[i + 1]! + down[i - width]! * solution[i - width]! +
        down[i]! * solution[i + width]!;
      solved = sum * inverse[i]! + right[i - 1]! * inverse[i]! * solved;
      solution[i] = solved;
    }
  } else {
    for (let i = last; i >= first; i--) {
      const sum = load[i]! + right[i - 1]! * solution[i - 1]! + down[i - width]! * solution[i - width]! +
        down[i]! * solution[i + width]!;
      solved = sum * inverse[i]! + right[i]! * inverse[i]! * solved;
      solution[i] = solved;
    }
  }
}

/** The left side of the equations, 0 outside the region. */
function apply({ width, right, down, diagonal }: Level, u: Float64Array, out: Float64Array): void {
  for (let i = width + 1; i < u.length - width - 1; i++) {
    out[i] = diagonal[i]! * u[i]! - right[i - 1]! * u[i - 1]! - right[i]! * u[i + 1]! -
      down[i - width]! * u[i - width]! - down[i]! * u[i + width]!;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}
