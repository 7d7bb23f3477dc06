/**
 * Sizes of the experiment, each with its reason.
 *
 * @module
 */

import * as v from "valibot";
import { definePreset, type Preset, type PresetName } from "doppel/experiment/mod.ts";
import { type AdaptationName, adaptationNames, type DetectorName, detectorNames } from "./methods.ts";
import { type DomainName, domainNames, type Variant, variants } from "./sets.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const countOrAll = v.pipe(v.number(), v.integer(), v.minValue(0));
const rate = v.pipe(v.number(), v.gtValue(0));
const domain = v.picklist(domainNames);
const path = v.pipe(
  v.string(),
  v.check((text) => {
    const parts = text.split(">");
    return parts.length > 1 && parts.every((part) => domainNames.includes(part as DomainName));
  }, "two domains or more, domain>domain"),
);

/** Every setting of the experiment. */
export const schema = v.strictObject({
  /** Seeds of first weights and batches of the detectors. The forged pictures are the same for all, as in a public benchmark. */
  seeds: v.pipe(v.array(count), v.minLength(1)),
  /** Forged domains that are made and tested on. */
  domains: v.pipe(v.array(domain), v.minLength(2)),
  /** Domains that detectors are trained on. */
  sources: v.pipe(v.array(domain), v.minLength(1)),
  /** Whether real pictures are as they are, or at matched resolution, or both. */
  variants: v.pipe(v.array(v.picklist(variants)), v.minLength(1)),
  detectors: v.pipe(v.array(v.picklist(detectorNames)), v.minLength(1)),
  /** Those of them that are trained on `raw` too, if that is among the variants. Claims are decided on `matched`. */
  raw_detectors: v.array(v.picklist(detectorNames)),
  adaptations: v.array(v.picklist(adaptationNames)),
  /** In which of the variants detectors are adapted. */
  adapt_variants: v.array(v.picklist(variants)),
  /** Source and target of adaptation, "df>aei". */
  pairs: v.array(path),
  /** Domains that a detector is brought to one after the other, "df>graphics>aei". */
  chains: v.array(path),
  /** Forged target pictures that adaptation sees, each with its real one; 0 is no adaptation. */
  shots: v.array(countOrAll),
  /** The same for ForensicTransfer without its reconstruction or its selection, of which less is asked. */
  ablation_shots: v.array(countOrAll),
  /** The same for the methods on EfficientNet (fine-tuning, L2-SP, T-GD), whose steps cost the most. */
  tgd_shots: v.array(countOrAll),
  /** How test pictures are worsened, in all detectors of the source phase. */
  degradations: v.array(v.string()),
  /** Side of the pictures that detectors see, a multiple of 32. */
  resolution: count,
  /** JPEG quality of all pictures, real and forged. */
  quality: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
  /** Sizes of detectors by name in their entries: "small" for two cores, "paper" for the papers'. */
  size: v.picklist(["tiny", "small", "paper"]),
  /** Pictures in a batch, half of them forged. */
  batch: v.pipe(count, v.check((size) => size % 2 === 0, "an even number")),
  /** Steps on the source at most; validation ends it earlier. */
  steps: count,
  /** Steps on the target, the same for every method on a network; twice as many on EfficientNet, as on the source. */
  adapt_steps: count,
  /** Learning rates that each method of adaptation tries; validation chooses. */
  adapt_rates: v.pipe(v.array(rate), v.minLength(1)),
  /** Steps between looks at validation pictures. */
  validate_every: count,
  /** Sizes of the generators: tiny for tests. */
  generator_size: v.picklist(["tiny", "small", "paper"]),
  /** Seed of the generators. */
  generator_seed: count,
  /** Steps of DF and LIAE on all persons, once. */
  pair_pretrain_steps: count,
  /** Steps of DF and LIAE on each pair. */
  pair_steps: count,
  aei_steps: count,
  hear_steps: count,
  /** Steps of each autoencoder. */
  fingerprint_steps: count,
  /** Photographs of each person, 0 for all. */
  photographs: countOrAll,
});

/** Every setting of the experiment. */
export type Config = v.InferOutput<typeof schema>;

const base = {
  seeds: [1],
  domains: [...domainNames],
  sources: [...domainNames],
  variants: [...variants],
  detectors: [...detectorNames],
  raw_detectors: ["ft", "classifier", "linear_probe"] satisfies DetectorName[],
  adaptations: [...adaptationNames],
  adapt_variants: ["matched"] satisfies Variant[],
  // From sources that EfficientNet detects, see README.md: what was never known cannot be forgotten.
  pairs: ["df>aei", "nearest>transposed", "nearest>df"],
  chains: ["df>aei>nearest", "nearest>transposed>df"],
  shots: [0, 5, 10, 100],
  // What claim 18 asks for.
  ablation_shots: [0, 10],
  tgd_shots: [0, 100],
  degradations: ["jpeg 95", "jpeg 50", "jpeg 20", "blur 2"],
  resolution: 96,
  quality: 95,
  size: "small" as const,
  batch: 16,
  steps: 300,
  // More than the 125 that ten passes over a hundred pictures are: claim 19 asks for both.
  adapt_steps: 130,
  // A factor of ten apart: claim 21 asks for a tenth of the best.
  adapt_rates: [3e-5, 3e-4, 3e-3],
  validate_every: 50,
  generator_size: "small" as const,
  generator_seed: 1,
  pair_pretrain_steps: 1500,
  pair_steps: 300,
  aei_steps: 3000,
  hear_steps: 500,
  fingerprint_steps: 600,
  photographs: 0,
};

/** The presets by name. */
export const presets: Readonly<Record<PresetName, Preset<Config>>> = {
  smoke: definePreset(schema, {
    name: "smoke",
    why: "Seconds: shows that every part works. Two steps teach nothing, so its numbers mean nothing.",
    cost: { seconds: 60, on: "two cores" },
    config: {
      ...base,
      domains: ["graphics", "df", "nearest"] satisfies DomainName[],
      sources: ["graphics", "df"] satisfies DomainName[],
      detectors: ["ft", "efficient_net", "sbi"] satisfies DetectorName[],
      adaptations: ["ft", "tgd"] satisfies AdaptationName[],
      pairs: ["graphics>df"],
      chains: ["graphics>df>nearest"],
      shots: [0, 2],
      ablation_shots: [0, 2],
      tgd_shots: [0, 2],
      degradations: ["jpeg 50"],
      resolution: 64,
      size: "tiny",
      batch: 4,
      steps: 2,
      adapt_steps: 2,
      adapt_rates: [1e-3],
      validate_every: 2,
      generator_size: "tiny",
      pair_pretrain_steps: 2,
      pair_steps: 2,
      aei_steps: 2,
      hear_steps: 2,
      fingerprint_steps: 2,
      photographs: 1,
    },
  }),
  quick: definePreset(schema, {
    name: "quick",
    why: "Minutes: three domains and two detectors, enough to see that a detector of one forgery misses another.",
    cost: { seconds: 320, on: "two cores of 150 GFLOPS together, with bfloat16" },
    config: {
      ...base,
      domains: ["graphics", "df", "nearest", "transposed"] satisfies DomainName[],
      sources: ["graphics", "df", "nearest"] satisfies DomainName[],
      variants: ["matched"],
      detectors: ["ft", "classifier"] satisfies DetectorName[],
      adaptations: ["ft", "fine_tuned_classifier"] satisfies AdaptationName[],
      pairs: ["graphics>df"],
      chains: [],
      shots: [0, 5, 25],
      degradations: ["jpeg 50"],
      steps: 150,
      adapt_steps: 50,
      adapt_rates: [1e-3],
      pair_pretrain_steps: 400,
      pair_steps: 150,
      fingerprint_steps: 500,
      photographs: 8,
    },
  }),
  standard: definePreset(schema, {
    name: "standard",
    why:
      "Every detector and method over three seeds, tested on every domain: the least that decides the claims. At 96 pixels, trained " +
      "on six of the nine domains, with few detectors in `raw` and 100 pictures alone for the methods on EfficientNet.",
    cost: { seconds: 9_700, on: "two cores of 150 GFLOPS together, with bfloat16 and --jobs 2" },
    // Forgeries 30 minutes, each seed of the detectors 44.
    config: {
      ...base,
      // One of each family, and both of DeepFaceLab's; tested on all nine.
      sources: ["graphics", "df", "liae", "aei", "nearest", "transposed"] satisfies DomainName[],
      seeds: [1, 2, 3],
      // After 300 the validation AUC of most networks on RGB was still rising, see README.md.
      steps: 500,
    },
  }),
  paper: definePreset(schema, {
    name: "paper",
    why: "For a GPU: the papers' own networks and longer training.",
    cost: { seconds: 1_000_000, on: "one GPU" },
    config: {
      ...base,
      seeds: [1, 2, 3],
      raw_detectors: [...detectorNames],
      adapt_variants: [...variants],
      pairs: ["df>aei", "graphics>df", "nearest>transposed", "nearest>df"],
      shots: [0, 5, 10, 25, 50, 100],
      ablation_shots: [0, 5, 10, 25, 50, 100],
      tgd_shots: [0, 5, 10, 25, 50, 100],
      degradations: ["jpeg 95", "jpeg 50", "jpeg 20", "blur 2", "size 0.5"],
      resolution: 128,
      size: "paper",
      batch: 64,
      steps: 20_000,
      adapt_steps: 1000,
      validate_every: 500,
      generator_size: "paper",
      pair_pretrain_steps: 100_000,
      pair_steps: 100_000,
      aei_steps: 500_000,
      hear_steps: 50_000,
      fingerprint_steps: 20_000,
    },
  }),
};
