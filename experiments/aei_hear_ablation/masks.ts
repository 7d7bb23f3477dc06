/**
 * The masks of the AAD layers: where a network takes the identity, and where the attributes.
 *
 * @module
 */

import { mean } from "doppel/evaluation/mod.ts";
import type { AeiModel } from "doppel/generators/mod.ts";
import { createPicture, type Picture } from "doppel/image/mod.ts";
import { tf } from "doppel/runtime/mod.ts";

/** The mean mask of one level over one made face. */
export type MaskRow = {
  readonly kind: "mask";
  readonly arm: string;
  readonly seed: number;
  readonly pair: string;
  readonly person: string;
  readonly photo: number;
  /** 1 at the lowest resolution. */
  readonly level: number;
  /** How many levels there are. */
  readonly levels: number;
  /** Side of the level in pixels. */
  readonly side: number;
  /** Mean of M over the level's AAD layers and all places, in [0, 1]: 1 is identity alone. */
  readonly mask: number;
};

/** Masks of one made face. */
export interface FaceMasks {
  /** What was made, `[R, R, 3]`. */
  readonly face: Picture;
  /** By level from the lowest resolution, M averaged over the level's AAD layers, `[side, side, 1]`. */
  readonly levels: readonly Picture[];
}

/**
 * Makes faces and keeps the masks.
 *
 * @param model A model with fusion "aad".
 * @param faces Targets, `[R, R, 3]` of the model's resolution.
 * @param identity z_id of the source.
 * @returns One a face; no levels where the model has no masks.
 */
export async function masksOf(
  model: AeiModel,
  faces: readonly Picture[],
  identity: Float32Array,
): Promise<FaceMasks[]> {
  const side = model.sizes.resolution;
  const found: FaceMasks[] = [];
  for (const { data } of faces) {
    const made = tf.tidy(() => {
      const target = tf.tensor4d(data, [1, side, side, 3]);
      const source = tf.tensor2d(identity, [1, identity.length]);
      const { face, masks } = model.generate(source, model.attributes(target));
      return [face, ...masks.flatMap((own) => own.length > 0 ? [tf.addN([...own]).div(own.length)] : [])];
    });
    const pictures: Picture[] = [];
    for (const tensor of made) {
      const [, height, width, channels] = tensor.shape as [number, number, number, 1 | 3];
      pictures.push(createPicture(width, height, channels, await tensor.data<"float32">()));
    }
    tf.dispose(made);
    const [face, ...levels] = pictures as [Picture, ...Picture[]];
    found.push({ face, levels });
  }
  return found;
}

/**
 * Averages the masks of made faces.
 *
 * @param cell Which arm, seed, pair and source person.
 * @param found From {@linkcode masksOf}, one a photograph.
 * @returns One row a photograph and level.
 */
export function maskRows(
  cell: Pick<MaskRow, "arm" | "seed" | "pair" | "person">,
  found: readonly FaceMasks[],
): MaskRow[] {
  return found.flatMap(({ levels }, photo) =>
    levels.map(({ width, data }, i) => ({
      kind: "mask" as const,
      ...cell,
      photo,
      level: i + 1,
      levels: levels.length,
      side: width,
      mask: mean([...data]),
    }))
  );
}
