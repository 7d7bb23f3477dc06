/**
 * Sizes of the experiment, each with its reason.
 *
 * @module
 */

import * as v from "valibot";
import { definePreset, type Preset, type PresetName } from "doppel/experiment/mod.ts";
import { dfSizes, liaeSizes, type Sizes } from "doppel/generators/mod.ts";
import { type ArmName, armNames, type ExperimentSizes } from "./arms.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const pair = v.pipe(v.string(), v.check((text) => /^[^+]+\+[^+]+$/.test(text), "two persons, person+person"));

/** Every setting of the experiment. */
export const schema = v.strictObject({
  /** What is compared on all pairs. An arm comes after those that it builds on; see arms.ts. */
  arms: v.pipe(v.array(v.picklist(armNames)), v.minLength(1)),
  /** What is compared on `ablation_pairs` alone. */
  ablations: v.array(v.picklist(armNames)),
  /** Seeds of first weights, batches and augmentation. */
  seeds: v.pipe(v.array(count), v.minLength(1)),
  /** Pairs of persons, each swapped in both directions. */
  pairs: v.pipe(v.array(pair), v.minLength(1)),
  /** Pairs of the ablations. */
  ablation_pairs: v.array(pair),
  /** Sizes of the models: tiny, small (96 px, 4.9 M), paper (128 px, 54.5 M). */
  size: v.picklist(["tiny", "small", "paper"]),
  /** How faces are cut out: the narrower, the more pixels a face gets. */
  face_type: v.picklist(["mid_full", "full", "whole"]),
  /** Steps of pretraining on all persons of the identity split `train`, once for each model and seed. */
  pretrain_steps: count,
  /** Learning rate of Adam where training begins from scratch: in pretraining and in the ablations. */
  scratch_rate: v.pipe(v.number(), v.gtValue(0)),
  /** Steps of training on a pair after that. */
  steps: count,
  /** Steps of the ablations, which begin from scratch. */
  ablation_steps: count,
  /** Faces of each person in a batch. */
  batch: count,
  /** Learning rate of Adam on a pair, after pretraining. */
  rate: v.pipe(v.number(), v.gtValue(0)),
  /** Share of the steps, at the end, over which the rate falls to 0. */
  decay: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** bfloat16 in convolutions; auto: where the processor has it in hardware. */
  mixed_precision: v.picklist(["auto", "on", "off"]),
  /** Strength of the random warp, 0 for none. */
  warp: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** Share of the steps, at the end, without the warp; of the arms that are pretrained. */
  unwarped: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** Steps of the segmentation network, on hand-made masks. */
  segmentation_steps: count,
  /** Steps of the super-resolution network. */
  super_resolution_steps: count,
  /** Photographs of each person that make the judge's gallery, 0 for all. */
  gallery: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Held-out photographs of each person that are swapped, 0 for all. */
  photographs: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Steps between sample grids. */
  sample_every: count,
});

/** Every setting of the experiment. */
export type Config = v.InferOutput<typeof schema>;

/** Sizes by name. LIAE's code in `main` is shortened until it has as many parameters as DF, within half a percent. */
export const sizes: Readonly<Record<Config["size"], ExperimentSizes>> = {
  tiny: same({ resolution: 64, encoder: 4, decoder: 4, code: 8, mask: 2, options: "ud" }, 8, {}),
  // "ud" doubles the resolution in the last layer: 96 px then cost less than 64 px without it.
  small: same(dfSizes.compact96, liaeSizes.compact96.code, {
    resolution: 64,
    code: 64,
  }),
  paper: same({ resolution: 128, encoder: 64, decoder: 64, code: 256, mask: 22, options: "ud" }, 167, {}),
};

function same(main: Sizes, liaeCode: number, ablation: Partial<Sizes>): ExperimentSizes {
  const small = { ...main, ...ablation };
  return {
    main: { df: main, liae: { ...main, code: liaeCode } },
    ablation: { df: small, liae: small },
  };
}

const mainArms: ArmName[] = ["df", "liae", "merged", "graphics"];
const ablationArms: ArmName[] = [
  ...["df_scratch", "liae_scratch", "plain", "df_dssim", "df_mse"] as const,
  ...["df_finish", "df_gan", "df_no_warp"] as const,
];

const base = {
  arms: mainArms,
  ablations: [] as ArmName[],
  seeds: [1],
  pairs: ["person14+person16"],
  ablation_pairs: [] as string[],
  size: "small" as const,
  // On the pair 18 and 26, of the persons set aside for validation, full gained more identity than mid_full: .06 and
  // .26 against .00 and .19 after 700 steps from scratch (one seed). Its masks hold the chin and the beard.
  face_type: "full" as const,
  // Half of SAEHD's batch: on two cores twice as many steps teach more than twice as many faces in each.
  batch: 4,
  // Eight times SAEHD's rate: the runs are a hundred times shorter than its own.
  scratch_rate: 4e-4,
  // See unwarped; twice as much diverged.
  rate: 8e-4,
  decay: 0.5,
  mixed_precision: "auto" as const,
  warp: 0.24,
  // On the pair 18 and 26, one seed, 1,000 steps after pretraining: gains of .41 and .47 with the warp throughout, .55 and .55
  // with half of the steps unwarped (and the rate doubled), .60 and .56 with three quarters.
  unwarped: 0.75,
  segmentation_steps: 1000,
  super_resolution_steps: 1000,
  gallery: 8,
  photographs: 0,
};

/** The presets by name. */
export const presets: Readonly<Record<PresetName, Preset<Config>>> = {
  smoke: definePreset(schema, {
    name: "smoke",
    why: "Seconds: shows that every part works. Eight steps teach nothing, so its numbers mean nothing.",
    cost: { seconds: 60, on: "two cores" },
    config: {
      ...base,
      ablations: ["df_scratch", "plain", "df_finish", "df_gan_source", "df_no_warp"],
      ablation_pairs: base.pairs,
      size: "tiny",
      pretrain_steps: 4,
      steps: 8,
      ablation_steps: 8,
      segmentation_steps: 4,
      super_resolution_steps: 4,
      gallery: 1,
      photographs: 2,
      sample_every: 8,
    },
  }),
  quick: definePreset(schema, {
    name: "quick",
    why: "Minutes: one pair, long enough that one sees whose face it is, short enough for the first ten minutes.",
    cost: { seconds: 420, on: "two cores of 150 GFLOPS together, with bfloat16" },
    config: {
      ...base,
      pretrain_steps: 700,
      steps: 700,
      ablation_steps: 700,
      segmentation_steps: 300,
      super_resolution_steps: 300,
      sample_every: 350,
    },
  }),
  standard: definePreset(schema, {
    name: "standard",
    why: "Four pairs, three seeds and every arm: the least from which the paper's claims can be decided.",
    cost: { seconds: 7800, on: "two cores of 150 GFLOPS together, with bfloat16" },
    config: {
      ...base,
      ablations: ablationArms,
      seeds: [1, 2, 3],
      pairs: ["person14+person16", "person05+person21", "person06+person23", "person07+person13"],
      ablation_pairs: ["person14+person16", "person05+person21"],
      pretrain_steps: 2000,
      steps: 1200,
      ablation_steps: 600,
      gallery: 0,
      sample_every: 600,
    },
  }),
  paper: definePreset(schema, {
    name: "paper",
    why: "For a GPU: DeepFaceLab's own sizes and learning rate.",
    cost: { seconds: 1_000_000, on: "one GPU" },
    config: {
      ...base,
      ablations: ablationArms,
      seeds: [1, 2, 3],
      pairs: ["person14+person16", "person05+person21", "person06+person23", "person07+person13"],
      ablation_pairs: ["person14+person16", "person05+person21"],
      size: "paper",
      pretrain_steps: 100_000,
      steps: 100_000,
      ablation_steps: 100_000,
      batch: 8,
      scratch_rate: 5e-5,
      rate: 5e-5,
      gallery: 0,
      sample_every: 5000,
    },
  }),
};
