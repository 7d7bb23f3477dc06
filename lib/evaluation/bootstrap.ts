/**
 * The hierarchical bootstrap: intervals for data in which pictures sit in pairs and pairs in seeds.
 *
 * @module
 */

import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { Nested } from "./nested.ts";

/** How {@linkcode hierarchicalBootstrap} draws. */
export interface BootstrapOptions<T> {
  /**
   * What is computed from the leaves of one innermost group, the mean by default. Groups above are averaged, so that
   * every seed, and every pair within a seed, weighs the same.
   */
  statistic?: (leaves: readonly T[]) => number;
  /** How often the data are drawn anew. */
  draws?: number;
  /** Share of the draws inside the interval, between 0 and 1. */
  level?: number;
  /** Seed of the draws; the same seed gives the same interval. */
  seed?: number;
  /**
   * `true` when every outermost group holds the same members (each seed is tested on the same pairs and pictures): these
   * are then drawn once for all of them. Drawn apart, the default, their share of the spread is divided by the number
   * of seeds, which is right only when each seed has members of its own. In a simulation with six pairs shared by three
   * seeds and most of the spread between pairs, 95 % intervals held the truth 59 times in 100 apart, 84 times together.
   * `"leaves"` when, besides, every innermost group holds the same leaves in the same order (every pair of domains is tested
   * on the same photographs): these too are then drawn once, for all groups.
   */
  crossed?: boolean | "leaves";
  /** Leaves of one stratum are drawn among themselves, so that no draw loses a class (real and fake under an AUC). */
  strata?: (leaf: T) => unknown;
}

/** A point estimate with its percentile interval. */
export interface BootstrapResult {
  /** The statistic on the data as they are. */
  readonly estimate: number;
  /** Lower and upper end of the percentile interval. */
  readonly interval: readonly [low: number, high: number];
  /** The estimate of each outermost group (each seed) alone; empty when the leaves are records without groups. */
  readonly groups: readonly number[];
  /** The statistic of every draw, ascending. */
  readonly draws: Float64Array;
}

type Branch<T> = { readonly children: readonly Tree<T>[] };
/** `drawn` takes the leaves of one draw, in the order of the strata, and is used again by the next. */
type Twig<T> = { readonly strata: readonly (readonly T[])[]; readonly drawn: T[] };
type Tree<T> = Branch<T> | Twig<T>;
/** Which members one draw takes, at every level below a group. */
type Plan = { readonly index: number; readonly plan: readonly Plan[] };

/**
 * Resamples groups, then members within the groups drawn, down to the leaves, and takes percentiles of the statistic
 * (Davison and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8; percentiles by linear
 * interpolation, as numpy does).
 *
 * With few outermost groups a percentile interval is too narrow: with three seeds and nothing else varying it spans
 * from the lowest seed to the highest, which covers the truth three times in four.
 *
 * @example Three seeds with two pairs each
 * ```ts
 * import { hierarchicalBootstrap } from "doppel/evaluation/mod.ts";
 *
 * const { estimate, interval } = hierarchicalBootstrap([[0.11, 0.14], [0.09, 0.10], [0.16, 0.12]], { seed: 7 });
 * ```
 *
 * @param groups Nested leaves of equal depth, no group empty. One level gives the ordinary bootstrap.
 * @param options How to draw; see {@linkcode BootstrapOptions}.
 * @returns Estimate, interval, the groups' own estimates and the sorted draws.
 * @throws {RangeError} When a group is empty, depths differ, `crossed` groups or leaves differ in number, or a statistic is not finite.
 */
export function hierarchicalBootstrap<T = number>(
  groups: Nested<T>,
  {
    statistic = mean as (leaves: readonly T[]) => number,
    draws = 10_000,
    level = 0.95,
    seed = 1,
    crossed = false,
    strata,
  }: BootstrapOptions<T> = {},
): BootstrapResult {
  if (!(level > 0 && level < 1)) throw new RangeError(`Cannot bootstrap: expected a level in (0, 1), got ${level}`);
  if (!(draws >= 1)) throw new RangeError(`Cannot bootstrap: expected at least one draw, got ${draws}`);
  const tree = treeOf(groups, strata);
  // Another consumer of the same seed (data order, initial weights) must not share these numbers: jump past its stream.
  const random = xoroshiro128plus(seed);
  random.jump();
  const pick = (count: number) => uniformInt(random, 0, count - 1);

  const evaluate = (node: Tree<T>): number =>
    "children" in node ? mean(node.children.map(evaluate)) : finite(statistic(node.strata.flat()));
  const fill = ({ strata, drawn }: Twig<T>, next: (stratum: readonly T[]) => number): number => {
    let place = 0;
    for (const stratum of strata) {
      for (let i = 0; i < stratum.length; i++) drawn[place++] = stratum[next(stratum)]!;
    }
    return statistic(drawn);
  };
  const draw = (node: Tree<T>): number => {
    if ("strata" in node) return fill(node, (stratum) => pick(stratum.length));
    let total = 0;
    for (let i = 0; i < node.children.length; i++) total += draw(node.children[pick(node.children.length)]!);
    return total / node.children.length;
  };
  const planLeaves = ({ strata }: Twig<T>): Plan[] =>
    strata.flatMap((stratum) => stratum.map(() => ({ index: pick(stratum.length), plan: [] })));
  const plan = (node: Tree<T>, leaves?: readonly Plan[]): readonly Plan[] =>
    "strata" in node ? leaves ?? planLeaves(node) : node.children.map(() => {
      const index = pick(node.children.length);
      return { index, plan: plan(node.children[index]!, leaves) };
    });
  const follow = (node: Tree<T>, plans: readonly Plan[]): number => {
    if ("children" in node) return mean(plans.map(({ index, plan }) => follow(node.children[index]!, plan)));
    let place = 0;
    return fill(node, () => plans[place++]!.index);
  };
  const drawCrossed = ({ children }: Branch<T>): number => {
    const leaves = crossed === "leaves" ? planLeaves(firstTwig(children[0]!)) : undefined;
    const shared = plan(children[0]!, leaves);
    return mean(children.map(() => follow(children[pick(children.length)]!, shared)));
  };

  const together = crossed && "children" in tree;
  if (together) sameShape(tree.children);
  if (together && crossed === "leaves") sameShape(twigsOf(tree));
  const values = new Float64Array(draws);
  for (let i = 0; i < draws; i++) values[i] = finite(together ? drawCrossed(tree) : draw(tree));
  values.sort();
  return {
    estimate: evaluate(tree),
    interval: [quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)],
    groups: "children" in tree
      ? tree.children.map(evaluate)
      : tree.strata.flat().filter((leaf) => typeof leaf === "number"),
    draws: values,
  };
}

/**
 * A quantile of ascending values by linear interpolation between the two nearest.
 *
 * @param ascending Values in ascending order, at least one.
 * @param share Between 0 (lowest) and 1 (highest).
 * @returns The quantile.
 */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  const place = share * (ascending.length - 1);
  const below = Math.floor(place);
  const low = ascending[below]!;
  return low + (place - below) * ((ascending[below + 1] ?? low) - low);
}

/**
 * The arithmetic mean.
 *
 * @param values At least one number.
 * @returns Their mean.
 */
export function mean(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total / values.length;
}

function treeOf<T>(nested: Nested<T>, strata?: (leaf: T) => unknown): Tree<T> {
  const items = nested as readonly unknown[];
  if (items.length === 0) throw new RangeError("Cannot bootstrap: expected no empty group, got one");
  const arrays = items.filter(Array.isArray).length;
  if (arrays === items.length) return { children: items.map((item) => treeOf(item as Nested<T>, strata)) };
  if (arrays > 0) throw new RangeError("Cannot bootstrap: expected groups of equal depth, got leaves beside groups");
  const leaves = items as readonly T[];
  return { strata: strata ? [...Map.groupBy(leaves, strata).values()] : [leaves], drawn: Array(leaves.length) };
}

function sameShape<T>(trees: readonly Tree<T>[]): void {
  const shape = (tree: Tree<T>): string =>
    "children" in tree ? `(${tree.children.map(shape)})` : tree.strata.map((leaves) => leaves.length).join("+");
  const shapes = new Set(trees.map(shape));
  if (shapes.size > 1) {
    throw new RangeError("Cannot bootstrap crossed groups: expected the same members in each, got different sizes");
  }
}

const twigsOf = <T>(tree: Tree<T>): Twig<T>[] => "children" in tree ? tree.children.flatMap(twigsOf) : [tree];

const firstTwig = <T>(tree: Tree<T>): Twig<T> => "children" in tree ? firstTwig(tree.children[0]!) : tree;

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new RangeError(`Cannot bootstrap: expected a finite statistic, got ${value}`);
}
