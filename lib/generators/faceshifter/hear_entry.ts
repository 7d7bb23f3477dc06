/**
 * HEAR-Net's entry in the registry, with a small batch for the tests that every model has to pass.
 *
 * @module
 */

import { seedTensor, tf } from "../../runtime/mod.ts";
import type { GeneratorEntry, Trial } from "../registry.ts";
import type { AeiEncoder } from "./aei_training_step.ts";
import { hear } from "./hear.ts";
import { hearSizes } from "./hear_sizes.ts";
import { hearTraining } from "./hear_training_step.ts";
import type { SwapStage } from "./heuristic_error.ts";
import { aeiSizes } from "./sizes.ts";

/** The entry. */
export const hearEntry: GeneratorEntry = {
  name: "hear",
  paper: "FaceShifter, Li et al., arXiv 1912.13457",
  parameters: { small: "1.82", paper: "16.7" },
  count(size) {
    const { weights } = hear(hearSizes[size as keyof typeof hearSizes], 1);
    const { parameters } = weights;
    weights.dispose();
    return parameters;
  },
  trial,
};

/** A first stage that loses all detail and tints faces by their identity, and an encoder that sees mean colours. */
const blurred: SwapStage = {
  sizes: { ...aeiSizes.tiny, identity: 3 },
  attributes: (target) => [
    tf.image.resizeBilinear(tf.avgPool(target, 4, 4, "valid"), [target.shape[1], target.shape[2]]),
  ],
  generate: (identity, [soft]) => ({
    face: soft!.mul(0.8).add(identity.mul(0.2).reshape([-1, 1, 1, 3])) as tf.Tensor4D,
    masks: [],
  }),
};
const meanColour: AeiEncoder = { embed: (faces) => faces.mean([1, 2]) as tf.Tensor2D };

/** What the first stage lost is to come back, so that a change of its swap may cost next to nothing here. */
function trial(seed: number): Trial {
  const { resolution: side } = hearSizes.tiny;
  const count = 2;
  const model = hear(hearSizes.tiny, seed);
  const { step, optimiser, dispose } = hearTraining(model, blurred, meanColour, {
    weights: { reconstruction: 10, identity: 1, change: 0.01 },
  });
  const batch = tf.tidy(() => ({
    target: tf.image.resizeNearestNeighbor(
      tf.randomUniform([count, 8, 8, 3], 0, 1, "float32", 11) as tf.Tensor4D,
      [side, side],
    ),
    source: tf.zeros([count, 3]) as tf.Tensor2D,
    same: tf.ones([count]) as tf.Tensor1D,
  }));
  const rate = tf.scalar(2e-3);
  const stepSeed = seedTensor(seed, 0);
  return {
    weights: model.weights,
    state: optimiser.state,
    async step() {
      const { reconstruction, identity, change } = await step(batch, rate, stepSeed);
      const [a, b, c] = [reconstruction, identity, change].map((loss) => loss.dataSync()[0]!);
      tf.dispose([reconstruction, identity, change]);
      return 10 * a! + b! + 0.01 * c!;
    },
    outputs: () =>
      tf.tidy(() => ({ face: model.refine(batch.target, batch.target).shape })) as unknown as Record<string, number[]>,
    expected: { face: [count, side, side, 3] },
    dispose() {
      tf.dispose([rate, stepSeed, batch.target, batch.source, batch.same]);
      dispose();
      model.weights.dispose();
    },
  };
}
