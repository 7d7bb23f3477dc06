/**
 * The upscaler's entry in the registry, with a small batch for the tests that every model has to pass.
 *
 * @module
 */

import { tf } from "../../runtime/mod.ts";
import type { GeneratorEntry, Trial } from "../registry.ts";
import { upscalerTraining } from "./training_step.ts";
import { upscaler, upscalerSizes } from "./upscaler.ts";

/** The entry. */
export const superResolution: GeneratorEntry = {
  name: "super_resolution",
  paper: "EDSR, Lim et al., arXiv 1707.02921; ESPCN, Shi et al., arXiv 1609.05158",
  parameters: { small: "0.125" },
  count(size) {
    const { weights } = upscaler(upscalerSizes[size as keyof typeof upscalerSizes], 1);
    const { parameters } = weights;
    weights.dispose();
    return parameters;
  },
  trial,
};

/** Blocks of colour are to come out sharp again; bicubic enlargement, with which the network begins, smears them. */
function trial(seed: number): Trial {
  const [count, side] = [2, 12];
  const model = upscaler({ channels: 16, blocks: 2 }, seed);
  const { step, optimiser } = upscalerTraining(model);
  const batch = tf.tidy(() => {
    const blocks = tf.randomUniform([count, 6, 6, 3], 0, 1, "float32", 11) as tf.Tensor4D;
    return {
      soft: tf.image.resizeBilinear(blocks, [side, side], false, true),
      face: tf.image.resizeNearestNeighbor(blocks, [2 * side, 2 * side]),
    };
  });
  const rate = tf.scalar(4e-3);
  return {
    weights: model.weights,
    state: optimiser.state,
    async step() {
      const losses = await step(batch, rate);
      const total = losses.absolute.dataSync()[0]! + losses.dssim.dataSync()[0]!;
      tf.dispose(losses);
      return total;
    },
    outputs: () => tf.tidy(() => ({ face: model.upscale(batch.soft).shape })) as unknown as Record<string, number[]>,
    expected: { face: [count, 2 * side, 2 * side, 3] },
    dispose() {
      tf.dispose([rate, batch.soft, batch.face]);
      step.dispose();
      optimiser.dispose();
      model.weights.dispose();
    },
  };
}
