/**
 * Sizes of the experiment, each with its reason.
 *
 * @module
 */

import * as v from "valibot";
import { definePreset, type Preset, type PresetName } from "doppel/experiment/mod.ts";
import {
  type AeiSizes,
  aeiSizes,
  type DiscriminatorSizes,
  discriminatorSizes,
  type HearSizes,
  hearSizes,
} from "doppel/generators/mod.ts";
import { type ArmName, armNames } from "./arms.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const countOrAll = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const rate = v.pipe(v.number(), v.gtValue(0));
const pair = v.pipe(v.string(), v.check((text) => /^[^+]+\+[^+]+$/.test(text), "two persons, person+person"));

/** Every setting of the experiment. */
export const schema = v.strictObject({
  /** What is compared. A second stage comes after its first; see arms.ts. */
  arms: v.pipe(v.array(v.picklist(armNames)), v.minLength(1)),
  /** Seeds of first weights and batches. */
  seeds: v.pipe(v.array(count), v.minLength(1)),
  /** Persons of which identity split are never trained on. With "validation", those of "test" take no part at all. */
  unseen: v.picklist(["validation", "test"]),
  /** Pairs of training persons on which the main arms stand beside those of df_vs_liae, both directions. */
  field_pairs: v.array(pair),
  /** Sizes of the networks: tiny (16 px), small (64 px; 4.35 M and 1.82 M), paper (256 px; 184 M and 16.7 M). */
  size: v.picklist(["tiny", "small", "paper"]),
  /** Steps of the long arm. */
  steps: count,
  /** Steps of the short arms, which are compared among each other. */
  ablation_steps: count,
  /** Steps of the second stages. */
  hear_steps: count,
  /** Pairs in a batch, of both stages. */
  batch: count,
  /** Learning rate of Adam for AEI-Net. */
  rate,
  /** The same for HEAR-Net. */
  hear_rate: rate,
  /** Share of the steps, at the end, over which the rate falls to 0. */
  decay: share,
  /** By how much the extrapolated arms move sources away from their targets, see `withExtrapolation`. */
  extrapolation: rate,
  /** Decay of the running average of the weights, which is what predicts. */
  ema: share,
  /** Whether faces are moved and blurred a little before the identity encoder that trains. */
  soften: v.boolean(),
  /** Whose embedding a same pair has: the target's own, or that of another photograph of the person. */
  same_pair: v.picklist(["photograph", "person"]),
  /** Weight of the identity loss in the long arm; the short ones have the paper's 5 where they say nothing else. */
  identity_weight: rate,
  /** Share of cross pairs whose source lies between two persons. */
  mixed: share,
  /** Share of cross pairs whose source is moved at random. */
  noisy: share,
  /** Faces between two training persons, made once; 0 for none. */
  morphs: countOrAll,
  /** Share of targets and of the sources of cross pairs that are morphs. */
  morphed: share,
  /** Share of the steps, at the beginning, in which all pairs are of one person. */
  autoencode: share,
  /** bfloat16 in convolutions; auto: where the processor has it in hardware. */
  mixed_precision: v.picklist(["auto", "on", "off"]),
  /** Photographs of each person that are trained on, 0 for all that are not held out. */
  train_photographs: countOrAll,
  /** Photographs of each person that make the judge's gallery, 0 for all. */
  gallery: countOrAll,
  /** Held-out photographs of a target person that get a source's face. */
  photographs: count,
  /** Source persons who are trained on, and source persons who are not: at most so many of each, 0 for all. */
  sources: countOrAll,
  /** Target persons of each source, where both are trained on. */
  seen_targets: count,
  /** Target persons of each source that is not trained on: so many that are trained on, and so many that are not. */
  unseen_targets: count,
  /** Held-out photographs of each person of a field pair, 0 for all. */
  field_photographs: countOrAll,
  /** Steps between samples. */
  sample_every: count,
});

/** Every setting of the experiment. */
export type Config = v.InferOutput<typeof schema>;

/** Sizes of the three networks by name. */
export const sizes: Readonly<
  Record<Config["size"], { aei: AeiSizes; hear: HearSizes; discriminator: DiscriminatorSizes }>
> = {
  tiny: {
    aei: { ...aeiSizes.tiny, identity: aeiSizes.small.identity },
    hear: hearSizes.tiny,
    discriminator: discriminatorSizes.tiny,
  },
  small: { aei: aeiSizes.small, hear: hearSizes.small, discriminator: discriminatorSizes.small },
  // The encoder that trains gives 128 numbers, ArcFace's layer of the paper 512.
  paper: {
    aei: { ...aeiSizes.paper, identity: aeiSizes.small.identity },
    hear: hearSizes.paper,
    discriminator: discriminatorSizes.paper,
  },
};

const standardArms = armNames.filter((name) => name !== "adv_0");

const base = {
  arms: standardArms,
  seeds: [1],
  unseen: "test" as const,
  // Those of df_vs_liae, whose results stand beside.
  field_pairs: ["person14+person16", "person05+person21", "person06+person23", "person07+person13"],
  size: "small" as const,
  batch: 8,
  // Three times the rate of the re-implementations, for runs that are a hundred times shorter; see README.md.
  rate: 1.2e-3,
  hear_rate: 4e-4,
  decay: 0.5,
  ema: 0.999,
  // Half of it brings less, more of it no more; see README.md.
  extrapolation: 0.25,
  soften: true,
  same_pair: "photograph" as const,
  // The paper's is 5: with it swaps of one person in five are nearer to their target; with 10 faces have blotches.
  identity_weight: 7,
  // Few persons are trained on: embeddings between and beside them fill the space that other persons lie in.
  mixed: 0.3,
  noisy: 0.2,
  // The same for pictures: a morph has pixels, so that same pairs of it teach what an embedding between persons looks like.
  morphs: 300,
  morphed: 0.3,
  // Faces first: with swaps from the first step on, they stayed blotches for a thousand steps.
  autoencode: 0.15,
  mixed_precision: "auto" as const,
  train_photographs: 0,
  gallery: 0,
  photographs: 2,
  sources: 0,
  seen_targets: 1,
  unseen_targets: 2,
  field_photographs: 0,
  sample_every: 1000,
};

/** The presets by name. */
export const presets: Readonly<Record<PresetName, Preset<Config>>> = {
  smoke: definePreset(schema, {
    name: "smoke",
    why: "Seconds: shows that every part works. Two steps teach nothing, so its numbers mean nothing.",
    cost: { seconds: 60, on: "two cores" },
    config: {
      ...base,
      arms: ["aei", "hear", "hear_no_error", "aei_extrapolated", "aad", "add", "same_50"] satisfies ArmName[],
      field_pairs: ["person14+person16"],
      size: "tiny",
      steps: 2,
      ablation_steps: 2,
      hear_steps: 2,
      batch: 2,
      morphs: 4,
      train_photographs: 1,
      gallery: 1,
      photographs: 1,
      sources: 2,
      field_photographs: 1,
      unseen_targets: 1,
      sample_every: 2,
    },
  }),
  quick: definePreset(schema, {
    name: "quick",
    why:
      "Minutes: one AEI-Net, long enough that the source's brows and eyes are seen in the swaps of training persons.",
    cost: { seconds: 330, on: "two cores of 150 GFLOPS together, with bfloat16" },
    // 1,000 steps of 0.2 s are 200 s; morphs, describing persons and photographs, and measuring the swaps take the rest.
    config: {
      ...base,
      // The five test persons are for the standard run alone.
      unseen: "validation",
      arms: ["aei"] satisfies ArmName[],
      steps: 1000,
      ablation_steps: 1000,
      hear_steps: 300,
      gallery: 8,
      photographs: 1,
      sample_every: 500,
    },
  }),
  standard: definePreset(schema, {
    name: "standard",
    why: "A long arm, three second stages and nine short arms, three seeds each: the least that decides the claims.",
    cost: { seconds: 14_000, on: "two cores of 150 GFLOPS together, with bfloat16" },
    // For each seed: 8,000 steps of 0.2 s = 1,600 s; 9 short arms of 1,000 steps = 1,800 s; 3 second stages of 800 steps of
    // 0.17 s = 400 s. Measuring: 13 cells of about 50 s = 650 s. Three seeds: just under four hours.
    config: { ...base, seeds: [1, 2, 3], steps: 8000, ablation_steps: 1000, hear_steps: 800 },
  }),
  paper: definePreset(schema, {
    name: "paper",
    why: "For a GPU: FaceShifter's own sizes, rates and steps.",
    cost: { seconds: 4_000_000, on: "one GPU" },
    config: {
      ...base,
      arms: armNames,
      seeds: [1, 2, 3],
      size: "paper",
      steps: 500_000,
      ablation_steps: 100_000,
      hear_steps: 50_000,
      batch: 16,
      rate: 4e-4,
      decay: 0,
      morphs: 0,
      autoencode: 0,
      sample_every: 5000,
    },
  }),
};
