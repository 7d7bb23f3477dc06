/**
 * Blocks that DeepFaceLab's networks are made of (papers: arXiv 2005.05535; sizes as in its SAEHD model).
 *
 * @module
 */

import { depthToSpace, leakyRelu } from "../runtime/mod.ts";
import { convolution, type Layer4D } from "./layers.ts";
import type { Weights } from "./weights.ts";

/**
 * Halves the resolution: 5x5 convolution with stride 2, leaky ReLU 0.1.
 *
 * @param weights Where its weights are made.
 * @param from Channels in.
 * @param to Channels out.
 * @returns The layer.
 */
export function downscale(weights: Weights, from: number, to: number): Layer4D {
  const conv = convolution(weights, { from, to, kernel: 5, stride: 2 });
  return (x) => leakyRelu(conv(x), 0.1);
}

/**
 * Doubles the resolution: 3x3 convolution to four times the channels, leaky ReLU 0.1, pixel shuffle.
 *
 * @param weights Where its weights are made.
 * @param from Channels in.
 * @param to Channels out.
 * @returns The layer.
 */
export function upscale(weights: Weights, from: number, to: number): Layer4D {
  const conv = convolution(weights, { from, to: to * 4 });
  return (x) => depthToSpace(leakyRelu(conv(x), 0.1), 2);
}

/**
 * Two 3x3 convolutions beside a shortcut, leaky ReLU 0.2 between and after.
 *
 * @param weights Where its weights are made.
 * @param channels Channels in and out.
 * @returns The layer.
 */
export function residualBlock(weights: Weights, channels: number): Layer4D {
  const conv1 = convolution(weights.within("conv1"), { from: channels, to: channels });
  const conv2 = convolution(weights.within("conv2"), { from: channels, to: channels });
  return (x) => leakyRelu(x.add(conv2(leakyRelu(conv1(x), 0.2))), 0.2);
}
