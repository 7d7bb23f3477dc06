/**
 * The work of the experiment on forged sets that are ready: every cell of the three phases, seeds outermost, so that a stopped
 * run has whole seeds to compare.
 *
 * @module
 */

import { type Cell, cellKey, openMetricsLog, runCells } from "doppel/experiment/mod.ts";
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
import { type Context, type Source, sourceCell } from "./train.ts";

/** A cell, and what it takes. */
interface Piece {
  readonly cell: Cell;
  /** What is done, as it is told. */
  readonly title: string;
  /** The cells whose networks or choices it works with. */
  readonly needs: readonly Cell[];
  /** Gets the rows of those cells. */
  work(earlier: readonly ResultRow[]): Promise<ResultRow[]>;
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
  try {
    const shared: Shared = { sets, append: log.append };
    const pieces = new Map(piecesOf(context, shared).map((piece) => [cellKey(piece.cell), piece]));
    const pieceOf = (cell: Cell) => pieces.get(cellKey(cell))!;
    const photos = await photosOf(config, shared);
    const { cells, complete } = await runCells<ResultRow[]>({
      run,
      cells: [...pieces.values()].map(({ cell }) => cell),
      needs: (cell) => pieceOf(cell).needs,
      signal,
      onCell: ({ cell, done, total }) =>
        say(`Cell ${done + 1} of ${total}: ${pieceOf(cell).title}, seed ${cell.seed}, ${cell.pair}`),
    }, (cell, _, needed) => pieceOf(cell).work(needed.flat()));
    return { rows: [...domains.rows, ...photos, ...cells.flatMap(({ value }) => value)], complete };
  } finally {
    log.close();
  }
}

/** All cells: for each seed and variant the sources, then the pairs, then the chains. */
function piecesOf(context: Context, shared: Shared): Piece[] {
  const { config } = context;
  const { adaptations: methods, adapt_variants, pairs, chains, sources } = config;
  const links = methods.filter((name) => chained.includes(name));
  const pieces: Piece[] = [];
  for (const seed of config.seeds) {
    for (const variant of config.variants) {
      const trained = (detector: DetectorName, source: Source) => ({ detector, seed, variant, source });
      const train = (arms: readonly DetectorName[], source: Source) =>
        arms.map((arm): Piece => ({
          cell: sourceCell(trained(arm, source)),
          title: recipes[arm].title,
          needs: [],
          work: () => performSource(context, shared, trained(arm, source)),
        }));
      const cellOn = (arm: AdaptationName, on: string): Cell => ({ arm, seed, pair: `${variant}/${on}` });
      const sourceOf = (arm: AdaptationName, path: string) =>
        sourceCell(trained(adaptations[arm].on, path.split(">")[0] as DomainName));
      const adapt = (path: string) =>
        methods.map((arm): Piece => ({
          cell: cellOn(arm, path),
          title: adaptations[arm].title,
          needs: [sourceOf(arm, path)],
          work: () => performAdaptation(context, shared, { method: arm, seed, variant, path }),
        }));
      const chain = (path: string) =>
        links.map((arm): Piece => ({
          cell: cellOn(arm, `chain ${path}`),
          title: adaptations[arm].title,
          // A link that is also a pair takes the rate that was chosen for it.
          needs: [
            sourceOf(arm, path),
            ...linksOf(path).filter((own) => pairs.includes(own)).map((own) => cellOn(arm, own)),
          ],
          work: (earlier) => performChain(context, shared, { method: arm, seed, variant, path }, earlier),
        }));
      const detectors = detectorsOf(config, variant);
      const alone = detectors.filter((name) => recipes[name].material === "real pictures");
      const supervised = detectors.filter((name) => !alone.includes(name));
      pieces.push(...sources.flatMap((source) => train(supervised, source)), ...train(alone, "real"));
      if (adapt_variants.includes(variant)) pieces.push(...pairs.flatMap(adapt), ...chains.flatMap(chain));
    }
  }
  return pieces;
}

/** The pairs that a chain goes through. */
function linksOf(path: string): string[] {
  const domains = path.split(">");
  return domains.slice(1).map((target, i) => `${domains[i]}>${target}`);
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
