/**
 * All generators. A new one is a file with the model and an entry here: the tests that every model has to pass run over
 * this list.
 *
 * @module
 */

import type { Weights } from "../nn/mod.ts";
import { tf } from "../runtime/mod.ts";
import { df, dfSizes, type FacePairModel, type Sizes } from "./deepfacelab/df.ts";
import { type PairBatch, pairTraining } from "./deepfacelab/training_step.ts";
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
    parameters: { small: "3.05", medium: "11.9", paper: "57.5" },
    count: (size) => counted(df(dfSizes[size as keyof typeof dfSizes], 1)),
    trial: (seed) => pairTrial(df, seed),
  },
  super_resolution: superResolution,
};

function counted(model: FacePairModel): number {
  const { parameters } = model.weights;
  model.weights.dispose();
  return parameters;
}

function pairTrial(build: (sizes: Sizes, seed: number) => FacePairModel, seed: number): Trial {
  const side = 32;
  const count = 2;
  const model = build({ resolution: side, encoder: 8, decoder: 8, code: 16, mask: 4 }, seed);
  const { step, optimiser } = pairTraining(model);
  // Smooth faces that differ: a model that cannot tell them apart cannot reach a low loss.
  const person = (number: number) => {
    const face = tf.tidy(() =>
      tf.image.resizeBilinear(tf.randomUniform([count, 4, 4, 3], 0, 1, "float32", number) as tf.Tensor4D, [side, side])
    );
    return { warped: face, face: face.clone(), mask: tf.ones([count, side, side, 1]) as tf.Tensor4D };
  };
  const batch: PairBatch = { source: person(11), destination: person(12) };
  const rate = tf.scalar(2e-3);
  return {
    weights: model.weights,
    state: optimiser.state,
    async step() {
      const losses = await step(batch, rate);
      const total = losses.source.dataSync()[0]! + losses.destination.dataSync()[0]!;
      tf.dispose([losses.source, losses.destination]);
      return total;
    },
    outputs: () =>
      tf.tidy(() => {
        const { face, mask } = model.convert(batch.destination.face, "source");
        return { face: face.shape, mask: mask.shape };
      }) as unknown as Record<string, number[]>,
    expected: { face: [count, side, side, 3], mask: [count, side, side, 1] },
    dispose() {
      tf.dispose([rate, ...Object.values(batch.source), ...Object.values(batch.destination)]);
      step.dispose();
      optimiser.dispose();
      model.weights.dispose();
    },
  };
}
