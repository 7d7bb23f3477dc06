import {
  type Detector,
  detector,
  type DetectorEntry,
  type DetectorTraining,
  detectorTraining,
  type DetectorTrainingOptions,
} from "doppel/detectors/mod.ts";
import { seedTensor, tf } from "doppel/runtime/mod.ts";

/** A tiny detector on one fixed batch, ready to be stepped. */
export interface Trial {
  readonly model: Detector;
  readonly training: DetectorTraining;
  readonly input: tf.Tensor;
  /** All that a checkpoint holds. */
  readonly variables: Readonly<Record<string, tf.Variable>>;
  step(): Promise<Record<string, number>>;
  dispose(): void;
}

/** A batch of four: smooth pictures, of which the forged ones carry a faint pattern; or vectors of noise. */
export function trialBatch(model: Detector): { input: tf.Tensor; forged: tf.Tensor1D } {
  const count = 4;
  const forged = tf.tensor1d(Array.from({ length: count }, (_, i) => i % 2));
  if (model.input.kind === "features") {
    return { input: tf.randomNormal([count, model.input.length], 0, 1, "float32", 3), forged };
  }
  const side = model.input.resolution;
  const input = tf.tidy(() => {
    const smooth = tf.randomUniform([count, 4, 4, 3], 0.2, 0.8, "float32", 11) as tf.Tensor4D;
    const checks = tf.tensor4d(
      Array.from({ length: side * side }, (_, i) => (i + Math.floor(i / side)) % 2 ? 0.1 : -0.1),
      [1, side, side, 1],
    );
    return tf.image.resizeBilinear(smooth, [side, side]).add(checks.mul(forged.reshape([count, 1, 1, 1])));
  });
  return { input, forged };
}

/** Opens a trial. */
export function openTrial(
  entry: DetectorEntry,
  seed: number,
  options: DetectorTrainingOptions = {},
  open: (model: Detector) => DetectorTraining = (model) => detectorTraining(model, options),
): Trial {
  const model = detector(entry, entry.sizes.tiny, seed);
  const training = open(model);
  const batch = trialBatch(model);
  const rate = tf.scalar(options.optimiser === "sgd" ? 1e-2 : 4e-3);
  const stepSeed = seedTensor(seed, 0);
  return {
    model,
    training,
    input: batch.input,
    variables: { ...model.weights.named(), ...training.state },
    async step() {
      const losses = await training.step(batch, rate, stepSeed);
      const read = Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]!]));
      tf.dispose(losses);
      return read;
    },
    dispose() {
      tf.dispose([rate, stepSeed, batch.input, batch.forged]);
      training.dispose();
      model.weights.dispose();
    },
  };
}

/** Values of variables. */
export const values = (variables: Iterable<tf.Variable>): number[][] => [...variables].map((v) => [...v.dataSync()]);
