import { convolution, type Layer4D, type Weights } from "../../nn/mod.ts";
import { tf } from "../../runtime/mod.ts";
import { aad, type AadLayer } from "./aad.ts";
import type { AeiPlan } from "./sizes.ts";

/** What a level of the generator gives. */
export interface LevelOutput {
  /** `[batch, height, width, to]`. */
  readonly y: tf.Tensor4D;
  /** M of each of its AAD layers, `[batch, height, width, 1]` in [0, 1]; none but with fusion "aad". */
  readonly masks: readonly tf.Tensor4D[];
}

/** A level: from an activation, z_id and its z_att to the next activation. */
export type Level = (h: tf.Tensor4D, identity: tf.Tensor2D, attributes: tf.Tensor4D | undefined) => LevelOutput;

/** What a level is made of. */
export interface LevelOptions {
  readonly from: number;
  readonly to: number;
  /** Channels of z_att; undefined above the levels used. */
  readonly embedded: number | undefined;
  /** Whether its convolutions have a bias: only where no normalisation follows that would take it away again. */
  readonly bias: boolean;
}

/**
 * FaceShifter's AAD residual block (section 3.1): twice AAD, ReLU, 3x3 convolution; where the channels change, the shortcut
 * is AAD, ReLU, 3x3 convolution as well.
 *
 * @param weights Where its weights are made.
 * @param options Channels.
 * @param plan Sizes.
 * @returns The block.
 */
export function aadBlock(weights: Weights, { from, to, embedded, bias }: LevelOptions, plan: AeiPlan): Level {
  const first = aadStep(weights.within("step1"), { from, to: from, embedded, bias: false }, plan);
  const second = aadStep(weights.within("step2"), { from, to, embedded, bias }, plan);
  const shortcut = from === to
    ? undefined
    : aadStep(weights.within("shortcut"), { from, to, embedded, bias: false }, plan);
  return (h, identity, attributes) => {
    const a = first(h, identity, attributes);
    const b = second(a.y, identity, attributes);
    const beside = shortcut?.(h, identity, attributes) ?? { y: h, masks: [] };
    return { y: beside.y.add(b.y), masks: [...a.masks, ...b.masks, ...beside.masks] };
  };
}

/**
 * One AAD layer, ReLU, 3x3 convolution.
 *
 * @param weights Where its weights are made.
 * @param options Channels.
 * @param plan Sizes.
 * @returns The step.
 */
export function aadStep(weights: Weights, { from, to, embedded, bias }: LevelOptions, plan: AeiPlan): Level {
  const fuse: AadLayer = aad(weights.within("aad"), from, embedded, plan);
  const conv: Layer4D = convolution(weights.within("conv"), { from, to, bias });
  return (h, identity, attributes) => {
    const { y, mask } = fuse(h, identity, attributes);
    return { y: conv(y.relu()), masks: mask ? [mask] : [] };
  };
}
