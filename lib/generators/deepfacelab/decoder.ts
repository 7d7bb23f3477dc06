import { convolution, type Layer4D, residualBlock, upscale, type Weights } from "../../nn/mod.ts";
import { addBias, convolve, depthToSpace, tf } from "../../runtime/mod.ts";
import type { Plan } from "./sizes.ts";

/** What a decoder predicts. */
export interface Prediction {
  /** The face, `[batch, R, R, 3]` in [0, 1]. */
  readonly face: tf.Tensor4D;
  /** Where the face is, `[batch, R, R, 1]` in [0, 1]. */
  readonly mask: tf.Tensor4D;
}

/**
 * DeepFaceLab's decoder: three upscales (four with `t`) with a residual block after each for the face, the same without
 * blocks for the mask; with `d` the face's last layer doubles the resolution, and the mask has one upscale more.
 *
 * @param weights Where its weights are made.
 * @param plan Sizes.
 * @param from Channels of its input.
 * @returns From the inter's output to a face and a mask of side R.
 */
export function decoder(
  weights: Weights,
  { decoder: d, mask: m, deep, double }: Plan,
  from: number,
): (x: tf.Tensor4D) => Prediction {
  const stages = deep ? [8, 8, 4, 2] : [8, 4, 2];
  const faceLayers = stages.flatMap((times, i): Layer4D[] => [
    upscale(weights.within(`up${i + 1}`), i === 0 ? from : d * stages[i - 1]!, d * times),
    residualBlock(weights.within(`block${i + 1}`), d * times),
  ]);
  const face = double ? doublingOutput(weights, d * 2) : convolution(weights.within("face"), {
    from: d * 2,
    to: 3,
    kernel: 1,
  });

  const maskStages = double ? [...stages, 1] : stages;
  const maskLayers = maskStages.map((times, i) =>
    upscale(weights.within(`mask_up${i + 1}`), i === 0 ? from : m * maskStages[i - 1]!, m * times)
  );
  const mask = convolution(weights.within("mask"), { from: m * maskStages.at(-1)!, to: 1, kernel: 1 });

  const through = (layers: readonly Layer4D[], x: tf.Tensor4D) => layers.reduce((y, layer) => layer(y), x);
  return (x) => ({
    face: face(through(faceLayers, x)).sigmoid(),
    mask: mask(through(maskLayers, x)).sigmoid(),
  });
}

/** The output with `d`: a 1x1 and three 3x3 convolutions side by side, each giving one of the four pixels of a square. */
function doublingOutput(weights: Weights, from: number): Layer4D {
  const pixels = [1, 3, 3, 3].map((side, i) => ({
    filter: weights.make(`face${i}/kernel`, [side, side, from, 3], "glorot_uniform"),
    bias: weights.make(`face${i}/bias`, [3], "zeros"),
  }));
  const around = [[1, 1], [1, 1], [0, 0], [0, 0]] as [number, number][];
  return (x) => {
    // One convolution with the four filters beside each other is faster than four; the 1x1 one has zeros around it.
    const filters = pixels.map(({ filter }, i) => i === 0 ? filter.pad(around) : filter);
    const joined = convolve(x, tf.concat(filters, 3) as tf.Tensor4D, 1, 1);
    return depthToSpace(addBias(joined, tf.concat(pixels.map(({ bias }) => bias), 0)) as tf.Tensor4D, 2);
  };
}
