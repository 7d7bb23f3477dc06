import { transposedConvolution, type Weights } from "../../nn/mod.ts";
import { tf } from "../../runtime/mod.ts";
import { aadBlock, aadStep } from "./aad_block.ts";
import { doubled } from "./doubled.ts";
import type { AeiPlan } from "./sizes.ts";

/** What the generator makes. */
export interface Generated {
  /** `[batch, R, R, 3]` in [0, 1]. */
  readonly face: tf.Tensor4D;
  /**
   * Where identity counts more than attributes: of each level, from the lowest resolution to R, the masks of its AAD
   * layers, `[batch, side, side, 1]` in [0, 1]. Lists are empty but with fusion "aad".
   */
  readonly masks: readonly (readonly tf.Tensor4D[])[];
}

/**
 * FaceShifter's AAD-Generator (section 3.1): z_id becomes the activation at the lowest resolution by a transposed
 * convolution; then a block of AAD layers a level, each fed with z_id and its z_att, and twice the resolution between.
 *
 * The identity embedding is brought from unit length to unit variance first: at 0.09 a value, what it scales and shifts
 * would begin, and learn, an order of magnitude behind the attributes.
 *
 * @param weights Where its weights are made.
 * @param plan Sizes.
 * @returns From z_id `[batch, identity]`, of unit length, and z_att to faces.
 */
export function generator(
  weights: Weights,
  plan: AeiPlan,
): (identity: tf.Tensor2D, attributes: readonly tf.Tensor4D[]) => Generated {
  const { generator: widths, identity: length, lowest, embedded, head } = plan;
  const start = transposedConvolution(weights.within("start"), {
    ...{ from: length, to: widths[0]!, kernel: lowest, stride: lowest, bias: false },
  });
  const levels = widths.map((from, i) => {
    const last = i === widths.length - 1;
    const level = last && head === "layer" ? aadStep : aadBlock;
    const to = widths[i + 1] ?? 3;
    return level(weights.within(`level${i + 1}`), { from, to, embedded: embedded[i], bias: last }, plan);
  });

  return (identity, attributes) => {
    const zId = identity.mul(Math.sqrt(length)) as tf.Tensor2D;
    let h = start(zId.reshape([-1, 1, 1, length]));
    const masks: (readonly tf.Tensor4D[])[] = [];
    levels.forEach((level, i) => {
      const out = level(i === 0 ? h : doubled(h), zId, attributes[i]);
      h = out.y;
      masks.push(out.masks);
    });
    return { face: h.sigmoid(), masks };
  };
}
