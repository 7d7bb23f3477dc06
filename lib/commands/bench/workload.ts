/**
 * What a bench measures: a model with its optimiser and a fixed batch, stepped as often as asked. The Python files in
 * `python/` hold the same workloads; a change of one is a change of all.
 *
 * @module
 */

import { randomUniform, seedTensor, type tf } from "../../runtime/mod.ts";

/** DeepFaceLab's models. */
export const pairModelNames = ["df", "df128", "liae", "liae128"] as const;

/** Name of one of DeepFaceLab's models. */
export type PairModelName = typeof pairModelNames[number];

/** The models that can be measured. */
export const modelNames = [...pairModelNames, "aei", "detector", "gan"] as const;

/** The models that are measured unless others are asked for. */
export const defaultModels = ["df", "detector", "gan"] as const satisfies readonly ModelName[];

/** Name of a model that is measured. */
export type ModelName = typeof modelNames[number];

/** Pictures in a batch, of each person in DeepFaceLab's models. */
export const batchSize = 8;

/** A model ready to be trained. */
export interface Workload {
  /** Trainable values. */
  readonly parameters: number;
  /**
   * Makes one training step on the fixed batch.
   *
   * @returns The loss, read back, so that the step is done when the promise resolves.
   */
  step(): Promise<number>;
}

/**
 * Random pictures, the same in every process.
 *
 * @param size Height and width in pixels.
 * @param seed Tells pictures apart.
 * @returns `[batchSize, size, size, 3]`, uniform in [0, 1).
 */
export function randomPictures(size: number, seed: number): tf.Tensor4D {
  return randomUniform([batchSize, size, size, 3], seedTensor(1, seed)) as tf.Tensor4D;
}
