/**
 * The arms of the experiment: what is trained, and how each arm's faces are put back.
 *
 * @module
 */

import type { ConvertOptions, Sizes } from "doppel/generators/mod.ts";
import type { TrainPairOptions } from "doppel/training/mod.ts";

/** Another way of putting an arm's faces back; measured on the same trained model. */
export interface Variant {
  readonly name: string;
  readonly options: Pick<ConvertOptions, "mode" | "mask" | "colour">;
  /** Which of the run's networks it calls for. */
  readonly network?: "segment" | "enhance";
}

/** The way of DeepFaceLab's defaults, which every comparison of models uses. */
export const overlay: Variant = { name: "overlay", options: {} };
/** The full pipeline of the paper: learned mask, Reinhard's colours, Poisson blending. */
export const poisson: Variant = { name: "poisson", options: { mode: "seamless" } };
/** A plain paste with the hull of the landmarks. */
export const hull: Variant = { name: "hull", options: { mask: "dst", colour: "none" } };
/** The default mask without what segmentation says is not face, in the photograph and in the new face. */
export const xseg: Variant = {
  name: "xseg",
  options: { mask: "learned-prd*learned-dst*XSeg-prd*XSeg-dst" },
  network: "segment",
};
/** The new face at twice its resolution. */
export const enhanced: Variant = { name: "super-resolution", options: {}, network: "enhance" };
/** What else conversion can do, each beside `overlay`: one mask or the larger of both, other colour transfers. */
const others: readonly Variant[] = [
  { name: "mask learned-prd", options: { mask: "learned-prd" } },
  { name: "mask learned-dst", options: { mask: "learned-dst" } },
  { name: "mask union", options: { mask: "learned-prd+learned-dst" } },
  { name: "colour none", options: { colour: "none" } },
  { name: "colour lct", options: { colour: "lct" } },
  { name: "colour mkl", options: { colour: "mkl" } },
  { name: "colour idt", options: { colour: "idt" } },
  { name: "colour sot", options: { colour: "sot" } },
  { name: "hist-match", options: { mode: "hist-match" } },
];
/** The square as the model gives it. */
export const square: Variant = { name: "square", options: { mode: "raw-rgb" } };

/** What an arm is. */
export interface Arm {
  /** As in tables. */
  readonly title: string;
  /** What is trained; "graphics" and "merged" train nothing. */
  readonly model: "df" | "liae" | "graphics" | "merged";
  /** Which of the experiment's sizes. */
  readonly size: "main" | "ablation";
  /** Whether training begins with weights pretrained on all persons of the identity split `train`. */
  readonly pretrained: boolean;
  /** What differs in training. */
  readonly training?: Pick<TrainPairOptions, "loss" | "gan" | "keep" | "cycle" | "augmentation">;
  /** Goes on from this arm's checkpoint at three quarters of the steps. */
  readonly from?: string;
  /** Stops as soon as it reconstructs its training faces as well as this arm did at its end. */
  readonly until?: string;
  /** How its faces are put back; the first is the one that models are compared by. */
  readonly variants: readonly Variant[];
}

const paperGan = { power: 0.1 } as const;

/** The arms by name, in the order in which they are run: an arm comes after the one that it builds on. */
export const arms = {
  df: {
    title: "DF",
    model: "df",
    size: "main",
    pretrained: true,
    variants: [overlay, poisson, hull, xseg, enhanced, ...others],
  },
  liae: { title: "LIAE", model: "liae", size: "main", pretrained: true, variants: [overlay, poisson, xseg] },
  merged: {
    title: "DF and LIAE merged",
    model: "merged",
    size: "main",
    pretrained: true,
    variants: [overlay],
  },
  graphics: { title: "graphics swap", model: "graphics", size: "main", pretrained: false, variants: [overlay] },
  df_scratch: {
    title: "DF, from scratch",
    model: "df",
    size: "ablation",
    pretrained: false,
    variants: [overlay, poisson],
  },
  liae_scratch: {
    title: "LIAE, from scratch, DF's settings",
    model: "liae",
    size: "ablation",
    pretrained: false,
    variants: [overlay],
  },
  plain: {
    title: "plain autoencoder",
    model: "df",
    size: "ablation",
    pretrained: false,
    training: { loss: { masked: false, dssim: 0, mask: 0 } },
    variants: [square],
  },
  df_dssim: {
    title: "DF, DSSIM alone",
    model: "df",
    size: "ablation",
    pretrained: false,
    training: { loss: { squared: 0 } },
    variants: [overlay],
  },
  df_mse: {
    title: "DF, MSE alone",
    model: "df",
    size: "ablation",
    pretrained: false,
    training: { loss: { dssim: 0 } },
    variants: [overlay],
  },
  df_finish: {
    title: "DF, last quarter with GAN",
    model: "df",
    size: "ablation",
    pretrained: false,
    from: "df_scratch",
    training: { gan: paperGan, keep: 0.3, cycle: 500, augmentation: { warp: 0 } },
    variants: [overlay],
  },
  df_gan: {
    title: "DF, GAN from the start",
    model: "df",
    size: "ablation",
    pretrained: false,
    training: { gan: paperGan },
    variants: [overlay],
  },
  df_gan_source: {
    title: "DF, DeepFaceLab's GAN",
    model: "df",
    size: "ablation",
    pretrained: false,
    training: { gan: { power: 0.1, sides: "source" } },
    variants: [overlay],
  },
  df_no_warp: {
    title: "DF, no warp",
    model: "df",
    size: "ablation",
    pretrained: false,
    until: "df_scratch",
    training: { augmentation: { warp: 0 } },
    variants: [overlay],
  },
} as const satisfies Record<string, Arm>;

/** The name of an arm. */
export type ArmName = keyof typeof arms;

/** The names of all arms. */
export const armNames = Object.keys(arms) as ArmName[];

/** An arm by name, typed as any arm. */
export const armOf = (name: string): Arm => arms[name as ArmName];

/** The arms whose trained models an arm works with, or whose error it trains to. */
export function armsBefore(name: string): readonly string[] {
  const { model, until } = armOf(name);
  return [...(model === "merged" ? ["df", "liae"] : []), ...(until === undefined ? [] : [until])];
}

/** Sizes of DF and LIAE: with as many parameters each in `main`, with the same settings in `ablation`. */
export interface ExperimentSizes {
  /** DF and, with a shorter code so that it has as many parameters, LIAE. */
  readonly main: Readonly<Record<"df" | "liae", Sizes>>;
  /** Smaller, for the arms that are compared among each other. */
  readonly ablation: Readonly<Record<"df" | "liae", Sizes>>;
}
