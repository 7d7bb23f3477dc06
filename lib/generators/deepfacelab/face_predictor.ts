/**
 * Predictions one face at a time, as a video needs them: recorded once, run beside the event loop, so that JavaScript
 * works on one frame while TensorFlow works on the next.
 *
 * @module
 */

import type { Picture } from "../../image/mod.ts";
import { compile, tf } from "../../runtime/mod.ts";
import type { FaceConverter, Side } from "./pair_model.ts";
import { mergePredictions, predictBatch, type PredictedFace, readPredictions } from "./predict_faces.ts";

/** A recorded prediction of one model, or of several whose predictions are merged. */
export interface FacePredictor {
  /**
   * Predicts faces.
   *
   * @param faces Aligned faces, all `[R, R, 3]` of the model's resolution.
   * @returns One prediction a face.
   */
  predict(faces: readonly Picture[]): Promise<PredictedFace[]>;
  /** Waits for what is running and frees the recorded functions; the models stay. */
  dispose(): Promise<void>;
}

/**
 * Records the prediction of a model.
 *
 * @param models Trained models of one resolution.
 * @param options `to`: whose face is predicted.
 * @returns The predictor; its results are those of `predictFaces`, merged when there are several models.
 */
export function facePredictor(models: readonly FaceConverter[], { to }: { readonly to: Side }): FacePredictor {
  const mirrored = models.length > 1;
  const steps = models.map((model) => compile((x: tf.Tensor4D) => predictBatch(model, x, { to, mirrored })));
  const running = new Set<Promise<unknown>>();
  const predictOne = async ({ width, data }: Picture): Promise<PredictedFace> => {
    const input = tf.tensor4d(data, [1, width, width, 3]);
    try {
      const each: PredictedFace[] = [];
      for (const step of steps) each.push(...await readPredictions(await step(input)));
      return mirrored ? mergePredictions(each) : each[0]!;
    } finally {
      input.dispose();
    }
  };
  return {
    predict(faces) {
      const work = Promise.all(faces.map(predictOne));
      const settled = work.catch(() => {}).finally(() => running.delete(settled));
      running.add(settled);
      return work;
    },
    async dispose() {
      await Promise.all(running);
      steps.forEach((step) => step.dispose());
    },
  };
}
