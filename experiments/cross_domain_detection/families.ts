/**
 * Which forgeries are alike, which detector a method starts from, and what all of them are called.
 *
 * @module
 */

import type { AdaptationName, DetectorName } from "./methods.ts";
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

/** The detector that a method of adaptation starts from, trained on the source. */
export const startsFrom: Readonly<Record<AdaptationName, DetectorName>> = {
  ft: "ft",
  ft_rgb_10_epochs: "ft_rgb",
  ft_gamma_0: "ft_gamma_0",
  ft_no_selection: "ft_no_selection",
  fine_tuned_classifier: "classifier",
  fine_tuned: "efficient_net",
  fine_tuned_augmented: "efficient_net",
  l2_sp: "efficient_net",
  tgd: "efficient_net",
};

const titles: Readonly<Record<DetectorName | AdaptationName | DomainName | "real", string>> = {
  ft: "ForensicTransfer",
  ft_rgb: "ForensicTransfer, RGB",
  ft_gamma_0: "ForensicTransfer, gamma 0",
  ft_no_selection: "ForensicTransfer, no selection",
  classifier: "classifier",
  classifier_augmented: "classifier, blur + JPEG",
  efficient_net: "EfficientNet of T-GD",
  xception: "Xception",
  meso_inception: "MesoInception-4",
  linear_probe: "linear probe",
  sbi: "self-blended (real faces)",
  ft_rgb_10_epochs: "ForensicTransfer, RGB, 10 epochs",
  fine_tuned_classifier: "classifier, fine-tuned",
  fine_tuned: "fine-tuned",
  fine_tuned_augmented: "fine-tuned, augmented",
  l2_sp: "L2-SP, augmented",
  tgd: "T-GD",
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
export const titleOf = (name: string): string => (titles as Readonly<Record<string, string>>)[name] ?? name;

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
