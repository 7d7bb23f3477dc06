/**
 * Which forgeries are alike, which detector a method starts from, and what all of them are called.
 *
 * @module
 */

import { type Adaptation, adaptations } from "./adaptations.ts";
import { type DetectorName, recipes } from "./recipes.ts";
import { type DomainName, domainNames } from "./sets.ts";

/**
 * Families of forgeries: of one make, or of one kind of up-sampling (between pixels, or learned). Drawn up before the run:
 * domains of one family are each other's nearest, those of different families are unlike.
 */
export const families = {
  graphics: ["graphics"],
  deepfacelab: ["df", "liae"],
  faceshifter: ["aei", "aei_hear"],
  interpolated: ["nearest", "bilinear"],
  learned: ["transposed", "pixel_shuffle"],
} as const satisfies Readonly<Record<string, readonly DomainName[]>>;

const familyOf = (domain: DomainName): string | undefined =>
  Object.entries(families).find(([, members]) => (members as readonly DomainName[]).includes(domain))?.[0];

/**
 * Whether two domains are of one family.
 *
 * @param a A domain.
 * @param b Another one.
 * @returns True also for a domain and itself.
 */
export const areNear = (a: DomainName, b: DomainName): boolean => familyOf(a) === familyOf(b);

/**
 * The detector that a method of adaptation starts from, trained on the source.
 *
 * @param method The method.
 * @returns The detector; nothing for what is no method of adaptation.
 */
export const startsFrom = (method: string): DetectorName | undefined =>
  (adaptations as Readonly<Record<string, Adaptation>>)[method]?.on;

const domainTitles: Readonly<Record<DomainName | "real", string>> = {
  graphics: "graphics",
  df: "DF",
  liae: "LIAE",
  aei: "AEI",
  aei_hear: "AEI + HEAR",
  nearest: "nearest",
  bilinear: "bilinear",
  transposed: "transposed",
  pixel_shuffle: "pixel shuffle",
  real: "real faces",
};

/**
 * A name in words.
 *
 * @param name A detector, a method of adaptation, a domain or "real".
 * @returns Its title, the name itself where it has none.
 */
export const titleOf = (name: string): string => titles[name] ?? name;

const titles: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries({ ...recipes, ...adaptations }).map(([name, { title }]) => [name, title])),
  ...domainTitles,
};

/**
 * A path of domains in words.
 *
 * @param path Such as "df>aei".
 * @returns Such as "DF to AEI".
 */
export const pathTitle = (path: string): string => path.split(">").map(titleOf).join(" to ");

/** Domains in their order. */
export const byOrder = (domains: Iterable<string>): DomainName[] => {
  const present = new Set(domains);
  return domainNames.filter((name) => present.has(name));
};
