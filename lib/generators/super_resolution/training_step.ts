/**
 * One training step of the upscaler.
 *
 * @module
 */

import { adam, dssim, type Optimiser } from "../../nn/mod.ts";
import { compile, type CompiledStep, type CompileOptions, fence, tf } from "../../runtime/mod.ts";
import type { UpscalerModel } from "./upscaler.ts";

/** Softened faces, and what they are to become. */
export interface UpscalerBatch {
  /** `[batch, height, width, 3]` in [0, 1]. */
  readonly soft: tf.Tensor4D;
  /** `[batch, 2 height, 2 width, 3]` in [0, 1]. */
  readonly face: tf.Tensor4D;
}

/** Losses of one step, scalars. */
export interface UpscalerLosses {
  /** Mean absolute error. */
  readonly absolute: tf.Scalar;
  /** Structural dissimilarity. */
  readonly dssim: tf.Scalar;
}

/** A compiled training step with its optimiser. */
export interface UpscalerTraining {
  readonly optimiser: Optimiser;
  /** Makes one step with a batch and a learning rate. */
  readonly step: CompiledStep<[UpscalerBatch, tf.Scalar], Record<keyof UpscalerLosses, tf.Scalar>>;
}

/**
 * Compiles the training step: Adam (0.9, 0.999) on mean absolute error plus structural dissimilarity (a window of 11
 * pixels). The first keeps colours, the second what edges look like (Zhao et al., arXiv 1511.08861, mix the same two).
 *
 * @param model The model.
 * @param options Mixed precision.
 * @returns The step and its optimiser.
 */
export function upscalerTraining(model: UpscalerModel, options: CompileOptions = {}): UpscalerTraining {
  const optimiser = adam(model.weights.variables);
  const step = compile(({ soft, face }: UpscalerBatch, rate: tf.Scalar) => {
    let parts: Record<keyof UpscalerLosses, tf.Scalar> | undefined;
    optimiser.minimise(() => {
      const upscaled = fence(model.upscale(soft), "the upscaled face") as tf.Tensor4D;
      const absolute = face.sub(upscaled).abs().mean() as tf.Scalar;
      const dissimilarity = dssim(face, upscaled, { window: 11 }).mean() as tf.Scalar;
      parts = { absolute: tf.keep(absolute), dssim: tf.keep(dissimilarity) };
      return absolute.add(dissimilarity);
    }, rate);
    return parts!;
  }, options);
  return { optimiser, step };
}
