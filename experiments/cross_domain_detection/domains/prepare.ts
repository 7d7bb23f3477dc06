/**
 * The forged sets of the experiment, made where they are not there yet.
 *
 * @module
 */

import { type ExperimentContext, shareOut } from "doppel/experiment/mod.ts";
import type { Config } from "../presets.ts";
import type { DomainRow } from "../rows.ts";
import type { DomainName, DomainSets } from "../sets.ts";
import type { Work } from "./domain.ts";
import { domainsFolder, madeDomain, makeDomain, takeOverDomain } from "./make.ts";
import { openSets } from "./read_sets.ts";
import { domains } from "./registry.ts";
import { readTargets } from "./targets.ts";

/**
 * Makes the forged domains of the settings. Each photograph is a target once in each domain; its source is another person of
 * the same identity split. Forged and real picture are cut by the same square and written by the same encoder.
 *
 * @param context The experiment's. Generators are trained once a run and gone on with after a stop; finished domains are
 * not made again, and those of the run `reuse` are taken over where the settings are the same.
 * @returns The sets, and what is measured on their files, one row a domain and variant.
 * @throws {Problem} When the photographs are too few to be paired, or a domain could not be made.
 * @throws The signal's reason when it was asked to stop.
 */
export async function prepareDomains(
  context: ExperimentContext<Config>,
): Promise<{ sets: DomainSets; rows: DomainRow[] }> {
  const { run, config, signal, say } = context;
  const keyOf = (name: DomainName) => `domain_${name}`;
  let work: Work | undefined;
  const rows = await shareOut(run, config.domains, {
    keyOf,
    // What the one trains, the other works with.
    needsOf: (name) => name === "aei_hear" && config.domains.includes("aei") ? [keyOf("aei")] : [],
    signal,
    read: (name) => madeDomain(context, name),
    async work(name) {
      if (await takeOverDomain(context, name)) return;
      // Read when the first domain asks for them: a run whose domains are all there needs none.
      work ??= { context, ...await readTargets(context) };
      say(`Domain ${config.domains.indexOf(name) + 1} of ${config.domains.length}: ${domains[name].title}`);
      await makeDomain(work, name, domains[name]);
    },
  });
  return { sets: openSets(domainsFolder(context)), rows: rows.flat() };
}
