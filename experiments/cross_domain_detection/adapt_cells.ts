/**
 * Cells of the two phases after the source: a method brings a detector to one target with more and more pictures, or through
 * several domains in a row.
 *
 * @module
 */

import { balancedThreshold } from "doppel/evaluation/mod.ts";
import { openAdapter, targetPool, type Trial } from "./adapt.ts";
import { adaptations, ratesOf, shotsOf, stepsOf } from "./adaptations.ts";
import { costRow, rowsOf, type Shared } from "./cell.ts";
import type { AdaptationName } from "./methods.ts";
import type { AucRow, ResultRow } from "./rows.ts";
import type { DomainName, Split, Variant } from "./sets.ts";
import { type Context, openTrained } from "./train.ts";

/** A method that follows a path of domains: source and target, or more. */
export interface Path {
  readonly method: AdaptationName;
  readonly seed: number;
  readonly variant: Variant;
  /** "df>aei", or a longer chain. */
  readonly path: string;
}

const domainsOf = ({ path }: Path) => path.split(">") as [DomainName, ...DomainName[]];

/** Whether a row is of this method's adaptation along a path of two, with the chosen setting and the best step. */
export function isChosen(row: ResultRow, { method, seed, variant, path }: Path, shots: number): row is AucRow {
  return row.kind === "auc" && row.phase === "adapted" && row.method === method && row.seed === seed &&
    row.variant === variant && `${row.source}>${row.target}` === path && row.shots === shots && row.chosen &&
    row.stop === "best";
}

/**
 * Brings a method's detector from its source to a target, with each number of target pictures and at each rate.
 *
 * The chosen rate is the one with the highest target + source AUC on validation pictures, for the best step and for the last
 * step each by its own: neither way of stopping has to live with what suits the other.
 *
 * @param context The experiment's.
 * @param shared Picture sets and metrics.
 * @param along Which method, seed, source and target.
 * @returns Rows of every setting, tested on target and source.
 */
export async function performAdaptation(context: Context, shared: Shared, along: Path): Promise<ResultRow[]> {
  const { config, signal, progress } = context;
  const { sets, append } = shared;
  const { method, seed, variant } = along;
  const [source, target] = domainsOf(along) as [DomainName, DomainName];
  const how = adaptations[method];
  const read = readFor(shared, variant);
  const domains = [target, source] as const;
  const [validation, test] = [await read(domains, "validation"), await read(domains, "test")];
  const train = await sets.read({ domain: target, variant, split: "train" });
  const model = await openTrained(context, { detector: how.on, seed, variant, source });
  const base = { ...{ method, seed, variant, source, target }, ...{ phase: "adapted", chain: null } as const };
  const rows: ResultRow[] = [];
  const counts = shotsOf(how, config);
  const shots = counts.filter((count) => count > 0);
  const rates = ratesOf(how, config);
  const total = rates.length * shots.reduce((sum, count) => sum + stepsOf(how, count, config), 0);
  let [steps, seconds] = [0, 0];
  try {
    if (shots.length < counts.length) {
      const threshold = balancedThreshold(await sets.score(model, validation[1]!));
      const scored = [await sets.score(model, test[0]!), await sets.score(model, test[1]!)];
      const facts = { ...base, shots: 0, setting: null, chosen: true, stop: "best" } as const;
      rows.push(...rowsOf(facts, domains, scored, threshold));
    }
    const title = `${how.title}, seed ${seed}, ${variant}, ${source} to ${target}`;
    const adapter = openAdapter(how, model, sets, {
      ...{ config, seed, validation, test, signal },
      onStep: (step, _, loss) => progress(title, steps + step, total, `loss ${loss.toFixed(3)}`),
    });
    try {
      for (const count of shots) {
        const pool = targetPool(train.pictures, count, seed, target);
        const trials: Trial[] = [];
        for (const rate of rates) {
          const trial = await adapter.adapt(pool, rate);
          append({ ...along, shots: count, rate, step: trial.best.step, validation_auc: trial.best.value / 2 });
          trials.push(trial);
          steps += trial.steps;
          seconds += trial.seconds;
        }
        for (const stop of ["best", "last"] as const) {
          const chosen = indexOfBest(trials.map((trial) => trial[stop].value));
          trials.forEach((trial, i) => {
            const facts = { ...base, shots: count, setting: `rate ${rates[i]}`, chosen: i === chosen, stop };
            const { test: scored, validation: [, ofSource] } = trial[stop];
            rows.push(...rowsOf(facts, domains, scored, balancedThreshold(ofSource!)));
          });
        }
      }
    } finally {
      adapter.dispose();
    }
    return [...rows, costRow({ seed, variant, source }, `adapted ${method}`, model, steps, seconds)];
  } finally {
    model.weights.dispose();
  }
}

/**
 * Brings a method's detector through several domains in a row, with the most target pictures that the settings have for it. Each step
 * is chosen by validation pictures of all domains so far.
 *
 * @param context The experiment's.
 * @param shared Picture sets and metrics.
 * @param along Which method, seed and domains.
 * @param earlier Rows so far: a link that is also a pair of the settings takes the rate that was chosen for it, others the
 * middle one.
 * @returns After each link a row for each domain so far.
 */
export async function performChain(
  context: Context,
  shared: Shared,
  along: Path,
  earlier: readonly ResultRow[],
): Promise<ResultRow[]> {
  const { config, signal, progress } = context;
  const { sets, append } = shared;
  const { method, seed, variant } = along;
  const domains = domainsOf(along);
  const how = adaptations[method];
  const read = readFor(shared, variant);
  const shots = Math.max(...shotsOf(how, config));
  const rates = ratesOf(how, config);
  const model = await openTrained(context, { detector: how.on, seed, variant, source: domains[0] });
  const rows: ResultRow[] = [];
  let [steps, seconds] = [0, 0];
  try {
    for (let link = 1; link < domains.length; link++) {
      const target = domains[link]!;
      const seen = domains.slice(0, link + 1);
      const pair = { ...along, path: `${domains[link - 1]}>${target}` };
      const chosen = earlier.find((row) => isChosen(row, pair, shots)) as AucRow | undefined;
      const rate = rates.find((own) => `rate ${own}` === chosen?.setting) ?? rates[Math.floor(rates.length / 2)]!;
      const train = await sets.read({ domain: target, variant, split: "train" });
      const title = `${how.title}, seed ${seed}, ${variant}, ${seen.join(" to ")}`;
      // Another link, another teacher: what holds the weights back starts from where the last link ended.
      const adapter = openAdapter(how, model, sets, {
        ...{ config, seed, signal },
        validation: await read(seen, "validation"),
        test: await read(seen, "test"),
        onStep: (step, of, loss) => progress(title, step, of, `loss ${loss.toFixed(3)}`),
      });
      try {
        const { best, ...spent } = await adapter.adapt(targetPool(train.pictures, shots, seed, target), rate);
        append({
          ...along,
          path: seen.join(">"),
          shots,
          rate,
          step: best.step,
          validation_auc: best.value / seen.length,
        });
        const facts = {
          ...{ phase: "chain", method, seed, variant, source: domains[0], target, shots } as const,
          ...{ chain: seen.join(">"), setting: `rate ${rate}`, chosen: true, stop: "best" } as const,
        };
        rows.push(...rowsOf(facts, seen, best.test, balancedThreshold(best.validation[0]!)));
        steps += spent.steps;
        seconds += spent.seconds;
      } finally {
        adapter.dispose();
      }
    }
    return [...rows, costRow({ seed, variant, source: domains[0] }, `chain ${method}`, model, steps, seconds)];
  } finally {
    model.weights.dispose();
  }
}

function readFor({ sets }: Shared, variant: Variant) {
  return async (domains: readonly DomainName[], split: Split) => {
    const read = [];
    for (const domain of domains) read.push(await sets.read({ domain, variant, split }));
    return read;
  };
}

const indexOfBest = (values: readonly number[]) => values.indexOf(Math.max(...values));
