/**
 * The work of the experiment on forged sets that are ready: every cell of the three phases, seeds outermost, so that a stopped
 * run has whole seeds to compare.
 *
 * @module
 */

import { type Cell, openMetricsLog, runArms } from "doppel/experiment/mod.ts";
import { cannot } from "doppel/problem.ts";
import { adaptations, chained } from "./adaptations.ts";
import { performAdaptation, performChain } from "./adapt_cells.ts";
import { performSource, type Shared } from "./cell.ts";
import { photosRow } from "./measure.ts";
import type { AdaptationName, DetectorName } from "./methods.ts";
import { degradationOf, openPictureSets } from "./picture_sets.ts";
import type { Config } from "./presets.ts";
import { encoderOf, recipes } from "./recipes.ts";
import type { DomainRow, PhotosRow, ResultRow } from "./rows.ts";
import type { DomainName, DomainSets, Variant } from "./sets.ts";
import type { Context, Source } from "./train.ts";

/** Cells that belong together: they share their pictures. */
interface Group {
  readonly seed: number;
  readonly variant: Variant;
  readonly arms: readonly string[];
  /** What distinguishes the group's cells of other groups, behind the variant. */
  readonly on: string;
  readonly title: (arm: string) => string;
  readonly work: (cell: Cell, earlier: readonly ResultRow[]) => Promise<ResultRow[]>;
}

/**
 * Trains, adapts and measures.
 *
 * @param domains The forged sets, and rows about them.
 * @param context The experiment's.
 * @returns All rows, and whether all cells are finished.
 * @throws {Problem} When settings do not fit together.
 */
export async function performOn(
  domains: { readonly sets: DomainSets; readonly rows: readonly DomainRow[] },
  context: Context,
): Promise<{ rows: ResultRow[]; complete: boolean }> {
  const { run, config, signal, say } = context;
  requireFitting(config);
  const sets = openPictureSets(domains.sets, encoderOf(config));
  const log = await openMetricsLog(run.metrics);
  const shared: Shared = { sets, append: log.append };
  const groups = groupsOf(context, shared);
  const total = groups.reduce((sum, { arms }) => sum + arms.length, 0);
  const rows: ResultRow[] = [...domains.rows, ...await photosOf(config, shared)];
  let before = 0;
  try {
    for (const { seed, variant, arms, on, title, work } of groups) {
      const { cells, complete } = await runArms<ResultRow[]>({
        run,
        arms,
        seeds: [seed],
        pairs: [`${variant}/${on}`],
        ...(signal ? { signal } : {}),
        onCell: ({ cell, done }) =>
          say(`Cell ${before + done + 1} of ${total}: ${title(cell.arm)}, seed ${seed}, ${variant}, ${on}`),
      }, (cell) => work(cell, rows));
      rows.push(...cells.flatMap(({ value }) => value));
      if (!complete) return { rows, complete };
      before += arms.length;
    }
    return { rows, complete: true };
  } finally {
    log.close();
  }
}

/** All groups of cells: for each seed and variant the sources, then the pairs, then the chains. */
function groupsOf(context: Context, shared: Shared): Group[] {
  const { config } = context;
  const links = config.adaptations.filter((name) => chained.includes(name));
  const groups: Group[] = [];
  for (const seed of config.seeds) {
    for (const variant of config.variants) {
      const detectors = detectorsOf(config, variant);
      const alone = detectors.filter((name) => recipes[name].material === "real pictures");
      const supervised = detectors.filter((name) => !alone.includes(name));
      const train = (arms: readonly DetectorName[], source: Source): Group => ({
        ...{ seed, variant, arms, on: source },
        title: (arm) => recipes[arm as DetectorName].title,
        work: ({ arm }) => performSource(context, shared, { detector: arm as DetectorName, seed, variant, source }),
      });
      const adapt = (arms: readonly AdaptationName[], on: string, work: Group["work"]): Group => ({
        ...{ seed, variant, arms, on, work },
        title: (arm) => adaptations[arm as AdaptationName].title,
      });
      const along = ({ arm }: Cell, path: string) => ({ method: arm as AdaptationName, seed, variant, path });
      groups.push(...config.sources.map((source) => train(supervised, source)), train(alone, "real"));
      if (!config.adapt_variants.includes(variant)) continue;
      const pair = (path: string) =>
        adapt(config.adaptations, path, (cell) => performAdaptation(context, shared, along(cell, path)));
      const chain = (path: string) =>
        adapt(links, `chain ${path}`, (cell, rows) => performChain(context, shared, along(cell, path), rows));
      groups.push(...config.pairs.map(pair), ...config.chains.map(chain));
    }
  }
  return groups.filter(({ arms }) => arms.length > 0);
}

function detectorsOf({ detectors, raw_detectors }: Config, variant: Variant): readonly DetectorName[] {
  return variant === "raw" ? detectors.filter((name) => raw_detectors.includes(name)) : detectors;
}

/** The test photographs of every domain. */
async function photosOf({ variants, domains }: Config, { sets }: Shared): Promise<PhotosRow[]> {
  const rows: PhotosRow[] = [];
  for (const variant of variants) {
    for (const test of domains) {
      const { pictures } = await sets.read({ domain: test, variant, split: "test" });
      rows.push(photosRow(test, variant, pictures));
    }
  }
  return rows;
}

/** Settings that contradict each other would stop the run only after everything before them. */
function requireFitting(config: Config): void {
  const { domains, sources, pairs, chains, resolution, degradations } = config;
  const wanted = (what: string, known: readonly string[], where: string) => {
    if (!known.includes(what)) {
      throw cannot("run cross_domain_detection", `${what} among ${where}`, known.join(", "), where);
    }
  };
  degradations.forEach(degradationOf);
  sources.forEach((source) => wanted(source, domains, "domains"));
  for (const path of [...pairs, ...chains]) {
    const [source, ...targets] = path.split(">") as [DomainName, ...DomainName[]];
    wanted(source, sources, "sources");
    targets.forEach((target) => wanted(target, domains, "domains"));
  }
  const long = pairs.find((path) => path.split(">").length !== 2);
  if (long) throw cannot("run cross_domain_detection", "two domains, source>target", long, "pairs");
  if (pairs.length + chains.length > 0) {
    for (const variant of config.adapt_variants) {
      const detectors = detectorsOf(config, variant);
      const where = variant === "raw" ? "raw_detectors" : "detectors";
      for (const name of config.adaptations) wanted(adaptations[name].on, detectors, where);
    }
  }
  if (chains.length > 0 && Math.max(0, ...config.tgd_shots) === 0) {
    throw cannot("run cross_domain_detection", "target pictures for the chains", "none", "tgd_shots");
  }
  if (resolution % 32) {
    throw cannot("run cross_domain_detection", "a multiple of 32 pixels", String(resolution), "resolution");
  }
}
