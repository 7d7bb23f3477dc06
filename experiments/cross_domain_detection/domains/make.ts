/**
 * Making a forged domain: on the disk it is whole or not there, and one that is there is not made again.
 *
 * @module
 */

import { basename, join } from "node:path";
import { type ExperimentContext, readJson, writeJson } from "doppel/experiment/mod.ts";
import { cannot } from "doppel/problem.ts";
import type { Config } from "../presets.ts";
import type { DomainRow } from "../rows.ts";
import { type DomainName, fingerprintDomains, type Split } from "../sets.ts";
import type { Domain, Work } from "./domain.ts";
import { writeDomainGrid } from "./grid.ts";
import { matchingSigma } from "./matching.ts";
import { measureDomain } from "./measure.ts";
import { openSets } from "./read_sets.ts";
import { type PicturePair, writeSet } from "./set_files.ts";

/** What is noted of a finished domain. */
interface DomainFile {
  /** What made it. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seconds: number;
  /** By how much the real pictures of `matched` were softened beside resampling, and in whose pixels. */
  readonly sigma: number;
  readonly square: string;
  readonly rows: readonly DomainRow[];
}

const FILE = "domain.json";
const SPLITS: readonly Split[] = ["train", "validation", "test"];

/** The folder of a run's domains. */
export const domainsFolder = ({ run }: Pick<ExperimentContext<Config>, "run">): string => join(run.path, "domains");

/**
 * Reads the rows of a domain that is there.
 *
 * @param context The experiment's.
 * @param name Which.
 * @returns Its rows; nothing where it is not.
 */
export async function madeDomain(
  context: ExperimentContext<Config>,
  name: DomainName,
): Promise<readonly DomainRow[] | undefined> {
  return (await readDomain(join(domainsFolder(context), name)))?.rows;
}

/**
 * Copies a domain from the run that may be reused, where it was made with the same settings.
 *
 * @param context The experiment's.
 * @param name Which.
 * @returns Whether it was; if not, it has to be made.
 */
export async function takeOverDomain(context: ExperimentContext<Config>, name: DomainName): Promise<boolean> {
  const { run, reuse, say } = context;
  if (!reuse) return false;
  const earlier = join(reuse, "domains", name);
  const found = await readDomain(earlier);
  if (JSON.stringify(found?.settings) !== JSON.stringify(settingsOf(context))) return false;
  await whole(join(domainsFolder(context), name), (part) => copyFolder(earlier, part));
  // A run of long ago, or one put together by hand, may have none.
  const grid = `domain_${name}.png`;
  await Deno.copyFile(join(reuse, "samples", grid), join(run.samples, grid)).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  say(`Took over the forgeries of ${name} from ${basename(reuse)}`);
  return true;
}

/**
 * Makes a domain: forges, finds how real pictures are matched, writes and measures the set.
 *
 * @param work What it works with.
 * @param name Which domain.
 * @param domain The domain.
 * @throws {Problem} When nothing could be forged in a split.
 */
export async function makeDomain(work: Work, name: DomainName, domain: Domain): Promise<void> {
  const { context, targets } = work;
  const { run, config, signal, say } = context;
  const began = performance.now();
  const made = await domain.forge(work);
  const needed = config.variants.includes("matched");
  const sigma = needed ? await matchingSigma(targets, made, domain.changes, signal) : 0;
  const pairs: Record<Split, Record<"raw" | "matched", PicturePair[]>> = {
    train: { raw: [], matched: [] },
    validation: { raw: [], matched: [] },
    test: { raw: [], matched: [] },
  };
  for (const [i, target] of targets.entries()) {
    signal?.throwIfAborted();
    const own = made[i];
    if (!own) continue;
    const { forged } = own;
    pairs[target.split].raw.push({ target, real: target.real, forged });
    if (needed) pairs[target.split].matched.push({ target, real: await own.matched(sigma), forged });
  }
  const empty = SPLITS.find((split) => pairs[split].raw.length === 0);
  if (empty) throw cannot(`forge by ${domain.title}`, `pictures of the split ${empty}`, "none");
  const swaps = !(fingerprintDomains as readonly string[]).includes(name);
  const root = domainsFolder(context);
  await whole(join(root, name), async (part) => {
    // Measured where it will lie for good but for the folder's name, so that a set that fails is not there at all.
    for (const variant of config.variants) {
      for (const split of SPLITS) {
        await writeSet(join(part, name, variant, split), pairs[split][variant], config.quality, swaps);
      }
    }
    const sets = openSets(part);
    const rows: DomainRow[] = [];
    for (const variant of config.variants) {
      rows.push(await measureDomain(part, sets, { domain: name, variant, changes: domain.changes }));
    }
    await writeDomainGrid(run, sets, name, domain, config.variants);
    const seconds = (performance.now() - began) / 1000;
    const file: DomainFile = { settings: settingsOf(context), seconds, sigma, square: domain.square, rows };
    await writeJson(join(part, name, FILE), file);
    return join(part, name);
  });
  if (sigma > 0) {
    say(`${domain.title}: real pictures are matched by a Gaussian of ${sigma.toFixed(2)} px of ${domain.square}`);
  }
}

/** Everything that decides what the forged pictures are. */
function settingsOf({ config, data }: ExperimentContext<Config>): DomainFile["settings"] {
  const { variants, resolution, quality, generator_size, generator_seed, photographs } = config;
  const { pair_pretrain_steps, pair_steps, aei_steps, hear_steps, fingerprint_steps } = config;
  return {
    data: basename(data),
    ...{ variants, resolution, quality, generator_size, generator_seed, photographs },
    ...{ pair_pretrain_steps, pair_steps, aei_steps, hear_steps, fingerprint_steps },
  };
}

async function readDomain(folder: string): Promise<DomainFile | undefined> {
  const path = join(folder, FILE);
  if (!await Deno.stat(path).then(() => true, () => false)) return undefined;
  return await readJson(path, "a forged domain") as DomainFile;
}

/** Makes a folder whole or not at all: under another name, of which what `fill` gives is moved into its place. */
async function whole(folder: string, fill: (part: string) => Promise<string>): Promise<void> {
  const part = `${folder}.part`;
  // What a stopped run left of it.
  await Deno.remove(part, { recursive: true }).catch(() => {});
  await Deno.mkdir(part, { recursive: true });
  try {
    await Deno.rename(await fill(part), folder);
  } finally {
    await Deno.remove(part, { recursive: true }).catch(() => {});
  }
}

/** Copies a folder into another and tells where the copy is. */
async function copyFolder(from: string, into: string): Promise<string> {
  const copy = join(into, basename(from));
  await Deno.mkdir(copy);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(join(from, name), copy);
    else await Deno.copyFile(join(from, name), join(copy, name));
  }
  return copy;
}
