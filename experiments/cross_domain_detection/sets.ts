/**
 * What all parts of the experiment agree on: the names of the forged domains, and labelled pictures with the photograph and
 * the person that they come from.
 *
 * @module
 */

import type { LabelledPicture } from "doppel/data/mod.ts";

/** Face swaps: a face made anew and put back into the photograph. */
export const swapDomains = ["graphics", "df", "liae", "aei", "aei_hear"] as const;

/** Whole pictures passed through an autoencoder, one for each way of up-sampling: what T-GD and AutoGAN call a GAN picture. */
export const fingerprintDomains = ["nearest", "bilinear", "transposed", "pixel_shuffle"] as const;

/** The forged domains, each made of the same photographs. */
export const domainNames = [...swapDomains, ...fingerprintDomains] as const;

/** Name of a forged domain. */
export type DomainName = typeof domainNames[number];

/**
 * How the real pictures were treated. `raw`: cropped and encoded like the forged ones, nothing else. `matched`: the part that a
 * forgery changes has lost as much resolution as it has in the forged picture, and went through the same blending, so that
 * sharpness alone tells nothing.
 */
export const variants = ["raw", "matched"] as const;

/** Name of a variant. */
export type Variant = typeof variants[number];

/** Which part of the persons a picture belongs to: the identity split of the bundled set. */
export type Split = "train" | "validation" | "test";

/** A picture that detectors see. */
export interface DetectionPicture extends LabelledPicture {
  /** The photograph that it is, or that was forged: a real picture and its forgery have the same. */
  readonly photo: string;
  /** The person in the photograph. Splits are by this person, and a forgery's source person is of the same split. */
  readonly person: string;
  /** The 68 landmarks of the photograph's face in the picture, x and y in turn, in pixels: what self-blending needs. */
  readonly landmarks: Float32Array;
}

/** Forged sets that are ready on the disk. */
export interface DomainSets {
  /**
   * Reads a set. For each photograph it has the real picture, then the forged one, in a fixed order of photographs; those of
   * which either could not be made are left out of both.
   */
  read(which: { readonly domain: DomainName; readonly variant: Variant; readonly split: Split }): Promise<
    readonly DetectionPicture[]
  >;
}
