import { convolution, dense, type Layer4D, normaliseInstances, type Weights } from "../../nn/mod.ts";
import { tf } from "../../runtime/mod.ts";
import type { AeiPlan } from "./sizes.ts";

/** What an AAD layer gives. */
export interface Fused {
  /** h_out, `[batch, height, width, channels]`. */
  readonly y: tf.Tensor4D;
  /** M, where identity counts more than attributes, `[batch, height, width, 1]` in [0, 1]; only with fusion "aad". */
  readonly mask?: tf.Tensor4D;
}

/** An AAD layer: from an activation, z_id and the level's z_att (none above the levels used) to the activation joined with both. */
export type AadLayer = (h: tf.Tensor4D, identity: tf.Tensor2D, attributes: tf.Tensor4D | undefined) => Fused;

/**
 * Adaptive attentional denormalisation (FaceShifter, section 3.1): the activation is normalised (instance
 * normalisation); A scales and shifts it place by place by what 1x1 convolutions make of z_att, I as a whole by what a
 * dense layer makes of z_id; M, of the normalised activation, says where which counts: h_out = (1 - M) A + M I.
 *
 * @param weights Where its weights are made.
 * @param channels Channels of the activation.
 * @param embedded Channels of z_att; undefined above the levels used, where A is the normalised activation itself.
 * @param plan Sizes: length of z_id, kernel of the mask, and the arm: "add" gives A + I, "cat" a 1x1 convolution of both.
 * @returns The layer.
 */
export function aad(
  weights: Weights,
  channels: number,
  embedded: number | undefined,
  { identity, mask: kernel, fusion }: Pick<AeiPlan, "identity" | "mask" | "fusion">,
): AadLayer {
  const byPlace = (name: string): Layer4D | undefined =>
    embedded === undefined ? undefined : convolution(weights.within(name), { from: embedded, to: channels, kernel: 1 });
  const [attributeScale, attributeShift] = [byPlace("attribute_scale"), byPlace("attribute_shift")];
  const identityScale = dense(weights.within("identity_scale"), identity, channels);
  const identityShift = dense(weights.within("identity_shift"), identity, channels);
  const maskOf = fusion === "aad" ? convolution(weights.within("mask"), { from: channels, to: 1, kernel }) : undefined;
  const join = fusion === "cat"
    ? convolution(weights.within("join"), { from: channels * 2, to: channels, kernel: 1, bias: false })
    : undefined;

  return (h, zId, zAtt) => {
    const normal = normaliseInstances(h);
    const everywhere = (values: tf.Tensor2D) => values.reshape([-1, 1, 1, channels]);
    const a = zAtt && attributeScale && attributeShift
      ? normal.mul(attributeScale(zAtt)).add(attributeShift(zAtt)) as tf.Tensor4D
      : normal;
    const i = normal.mul(everywhere(identityScale(zId))).add(everywhere(identityShift(zId))) as tf.Tensor4D;
    if (join) return { y: join(tf.concat([a, i], 3) as tf.Tensor4D) };
    if (!maskOf) return { y: a.add(i) };
    const mask = maskOf(normal).sigmoid() as tf.Tensor4D;
    return { y: a.add(i.sub(a).mul(mask)), mask };
  };
}
