/**
 * What a model, or two together, make of aligned faces.
 *
 * @module
 */

import { createPicture, gaussianBlur, type Picture } from "../../image/mod.ts";
import { tf } from "../../runtime/mod.ts";
import type { FaceConverter, Side } from "./pair_model.ts";

/** A face that was predicted. */
export interface PredictedFace {
  /** The new face, `[R, R, 3]`. */
  readonly face: Picture;
  /** Where it is, `[R, R, 1]`. */
  readonly mask: Picture;
  /** Where the photographed person's own face is, by the destination's decoder or code, `[R, R, 1]`. */
  readonly ownMask: Picture;
  /**
   * How far the prediction for the mirrored photograph is from it, as a mean absolute difference of the channels,
   * `[R, R, 1]`: where it is large, the model is not sure. Only with `mirrored`.
   */
  readonly disagreement?: Picture;
}

/**
 * Predicts faces.
 *
 * @param model A trained model.
 * @param faces Aligned faces, all `[R, R, 3]` of the model's resolution.
 * @param options `to`: whose face they get, default "source"; `mirrored`: predict for the mirrored faces as well, take the
 * mean of both, and tell how far they are apart. Default false.
 * @returns One prediction a face.
 */
export async function predictFaces(
  model: FaceConverter,
  faces: readonly Picture[],
  { to = "source", mirrored = false }: { readonly to?: Side; readonly mirrored?: boolean } = {},
): Promise<PredictedFace[]> {
  const side = model.sizes.resolution;
  const batch = new Float32Array(faces.length * side * side * 3);
  faces.forEach(({ data }, i) => batch.set(data, i * side * side * 3));
  const predicted = tf.tidy(() =>
    predictBatch(model, tf.tensor4d(batch, [faces.length, side, side, 3]), {
      to,
      mirrored,
    }) as unknown as tf.TensorContainerObject
  );
  return await readPredictions(predicted as unknown as PredictedBatch);
}

/** Predictions of a batch as tensors: `face` has 3 channels, the others have 1. */
export type PredictedBatch = Readonly<Record<"face" | "mask" | "ownMask", tf.Tensor4D>> & {
  readonly disagreement?: tf.Tensor4D;
};

/**
 * What {@linkcode predictFaces} computes, as ops alone, so that it can be recorded.
 *
 * @param model A trained model.
 * @param faces `[batch, R, R, 3]` in [0, 1].
 * @param options Whose face, and whether the mirrored faces are predicted as well.
 * @returns The predictions.
 */
export function predictBatch(
  model: FaceConverter,
  faces: tf.Tensor4D,
  { to, mirrored }: { readonly to: Side; readonly mirrored: boolean },
): PredictedBatch {
  const own: Side = to === "source" ? "destination" : "source";
  const straight = { ...model.convert(faces, to), ownMask: model.convert(faces, own).mask };
  if (!mirrored) return straight;
  const turned = faces.reverse(2) as tf.Tensor4D;
  const there = { ...model.convert(turned, to), ownMask: model.convert(turned, own).mask };
  const back = (y: tf.Tensor4D) => y.reverse(2);
  const mean = (a: tf.Tensor4D, b: tf.Tensor4D) => a.add(back(b)).div(2) as tf.Tensor4D;
  return {
    face: mean(straight.face, there.face),
    mask: mean(straight.mask, there.mask),
    ownMask: mean(straight.ownMask, there.ownMask),
    disagreement: straight.face.sub(back(there.face)).abs().mean(3, true) as tf.Tensor4D,
  };
}

/**
 * Predictions as pictures.
 *
 * @param predicted The tensors; they are disposed of.
 * @returns One prediction a face.
 */
export async function readPredictions(predicted: PredictedBatch): Promise<PredictedFace[]> {
  const [count, side] = predicted.face.shape;
  const values: Record<string, Float32Array> = {};
  await Promise.all(
    Object.entries(predicted).map(async ([name, tensor]) => values[name] = await tensor.data<"float32">()),
  );
  tf.dispose(predicted as unknown as tf.TensorContainer);
  return Array.from({ length: count }, (_, i) => {
    const cut = (name: string, channels: 1 | 3) => {
      const size = side * side * channels;
      return createPicture(side, side, channels, values[name]!.slice(i * size, (i + 1) * size));
    };
    return {
      face: cut("face", 3),
      mask: cut("mask", 1),
      ownMask: cut("ownMask", 1),
      ...(values["disagreement"] && { disagreement: cut("disagreement", 1) }),
    };
  });
}

/**
 * Puts predictions of one face by several models together: each pixel is their mean, weighted by how sure each model is
 * of it. Sure is who predicts the same for the mirrored photograph.
 *
 * @param predictions At least one, made with `mirrored`.
 * @param options `temperature`: difference, in [0, 1], at which a model's weight falls to 1/e. Default 0.02.
 * @returns The prediction.
 */
export function mergePredictions(
  predictions: readonly PredictedFace[],
  { temperature = 0.02 }: { readonly temperature?: number } = {},
): PredictedFace {
  const [first] = predictions as [PredictedFace, ...PredictedFace[]];
  const { width, height } = first.face;
  // A single pixel says little of how sure a model is; its surroundings say more.
  const weights = predictions.map(({ disagreement }) =>
    disagreement
      ? gaussianBlur(disagreement, width / 32).data.map((difference) => Math.exp(-difference / temperature))
      : new Float32Array(width * height).fill(1)
  );
  const total = weights[0]!.map((_, i) => weights.reduce((sum, own) => sum + own[i]!, 0));
  const mean = (name: "face" | "mask" | "ownMask", channels: 1 | 3) =>
    createPicture(
      width,
      height,
      channels,
      first[name].data.map((_, i) => {
        const pixel = Math.floor(i / channels);
        return predictions.reduce((sum, own, k) => sum + own[name].data[i]! * weights[k]![pixel]!, 0) / total[pixel]!;
      }),
    );
  return { face: mean("face", 3), mask: mean("mask", 1), ownMask: mean("ownMask", 1) };
}
