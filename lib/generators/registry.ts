/**
 * All generators. A new one is a file with the model and an entry here: the tests that every model has to pass run over
 * this list.
 *
 * @module
 */

import type { Weights } from "../nn/mod.ts";
import { seedTensor, tf } from "../runtime/mod.ts";
import { df } from "./deepfacelab/df.ts";
import { liae } from "./deepfacelab/liae.ts";
import type { FacePairModel } from "./deepfacelab/pair_model.ts";
import { type ArchiOptions, dfSizes, liaeSizes, type Sizes } from "./deepfacelab/sizes.ts";
import { type PairBatch, pairTraining, type PairTrainingOptions } from "./deepfacelab/training_step.ts";
import { aeiCatEntry, aeiEntry } from "./faceshifter/entry.ts";
import { hearEntry } from "./faceshifter/hear_entry.ts";
import { fingerprintEntries } from "./fingerprint/entry.ts";
import { superResolution } from "./super_resolution/entry.ts";

/** A small model on one fixed batch, ready to be stepped. */
export interface Trial {
  readonly weights: Weights;
  /** The optimiser's state by name. */
  readonly state: Readonly<Record<string, tf.Variable>>;
  /** Makes a step on the batch and gives the loss before it. */
  step(): Promise<number>;
  /** Shapes of what the model makes of the batch, by name. */
  outputs(): Record<string, number[]>;
  /** The shapes that they are to have. */
  readonly expected: Readonly<Record<string, readonly number[]>>;
  /** Frees everything. */
  dispose(): void;
}

/** A generator. */
export interface GeneratorEntry {
  readonly name: string;
  /** Where it comes from. */
  readonly paper: string;
  /** Parameters of its named sizes, in millions with the digits that the source prints. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Counts the parameters of a named size. */
  count(size: string): number;
  /** Opens a trial at a size that trains in seconds. */
  trial(seed: number): Trial;
}

/** The generators by name. */
export const generators: Readonly<Record<string, GeneratorEntry>> = {
  df: {
    name: "df",
    paper: "DeepFaceLab, Perov et al., arXiv 2005.05535",
    parameters: {
      small: "3.05",
      medium: "11.9",
      compact96: "4.85",
      paper: "57.5",
      paper_ud: "54.5",
      paper_udt: "87.7",
      quick96: "38.3",
    },
    count: (size) => counted(df(dfSizes[size as keyof typeof dfSizes], 1)),
    trial: (seed) => pairTrial(df, seed),
  },
  df_udt: {
    name: "df",
    paper: "DeepFaceLab, with its letters u, d and t and all its discriminators",
    parameters: {},
    count: () => counted(df(dfSizes.paper_udt, 1)),
    trial: (seed) => pairTrial(df, seed, "udt", { gan: { power: 0.01, dims: 4 }, trueFace: { power: 0.01, dims: 8 } }),
  },
  liae: {
    name: "liae",
    paper: "DeepFaceLab, Perov et al., arXiv 2005.05535",
    parameters: { small: "4.41", compact96: "4.86", paper: "95.0", paper_ud: "82.4" },
    count: (size) => counted(liae(liaeSizes[size as keyof typeof liaeSizes], 1)),
    trial: (seed) => pairTrial(liae, seed),
  },
  liae_ud: {
    name: "liae",
    paper: "DeepFaceLab, with its letters u and d and its discriminator of the source side",
    parameters: {},
    count: () => counted(liae(liaeSizes.paper_ud, 1)),
    trial: (seed) => pairTrial(liae, seed, "ud", { gan: { power: 0.01, dims: 4, sides: "source" } }),
  },
  aei: aeiEntry,
  aei_cat: aeiCatEntry,
  super_resolution: superResolution,
  hear: hearEntry,
  ...fingerprintEntries,
};

function counted(model: FacePairModel): number {
  const { parameters } = model.weights;
  model.weights.dispose();
  return parameters;
}

function pairTrial(
  build: (sizes: Sizes, seed: number) => FacePairModel,
  seed: number,
  options: ArchiOptions = "",
  training: PairTrainingOptions = {},
): Trial {
  const side = 32;
  const count = 2;
  const model = build({ resolution: side, encoder: 8, decoder: 8, code: 16, mask: 4, options }, seed);
  const { step, state, dispose } = pairTraining(model, training);
  // Smooth faces that differ: a model that cannot tell them apart cannot reach a low loss.
  const person = (number: number) => {
    const face = tf.tidy(() =>
      tf.image.resizeBilinear(tf.randomUniform([count, 4, 4, 3], 0, 1, "float32", number) as tf.Tensor4D, [side, side])
    );
    return { warped: face, face: face.clone(), mask: tf.ones([count, side, side, 1]) as tf.Tensor4D };
  };
  const batch: PairBatch = { source: person(11), destination: person(12) };
  const rate = tf.scalar(2e-3);
  const stepSeed = seedTensor(seed, 0);
  return {
    weights: model.weights,
    state,
    async step() {
      const losses = await step(batch, rate, stepSeed);
      const total = losses.source.dataSync()[0]! + losses.destination.dataSync()[0]!;
      tf.dispose(losses);
      return total;
    },
    outputs: () =>
      tf.tidy(() => {
        const { face, mask } = model.convert(batch.destination.face, "source");
        return { face: face.shape, mask: mask.shape };
      }) as unknown as Record<string, number[]>,
    expected: { face: [count, side, side, 3], mask: [count, side, side, 1] },
    dispose() {
      tf.dispose([rate, stepSeed, ...Object.values(batch.source), ...Object.values(batch.destination)]);
      dispose();
      model.weights.dispose();
    },
  };
}
