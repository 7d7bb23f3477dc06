/**
 * What is measured on a trained network: swaps as in df_vs_liae, by the same judge, and what only this experiment asks.
 *
 * @module
 */

import { type AttributeEntry, attributeRetrievalRank, meanAbsoluteError, ssim } from "doppel/evaluation/mod.ts";
import { type AeiModel, type FacePhoto, swapFaces } from "doppel/generators/mod.ts";
import type { DifferentiableEncoder } from "doppel/faces/mod.ts";
import type { Picture } from "doppel/image/mod.ts";
import { tf } from "doppel/runtime/mod.ts";
import type { Judge } from "../df_vs_liae/judge.ts";
import { measureSwaps as measureWithJudge, type Swap, type SwapRow, viewsOf } from "../df_vs_liae/measure.ts";
import type { Persons } from "./persons.ts";
import type { Group, SwapTask } from "./swaps.ts";

/** Measurements of one swapped photograph; `variant` says how the face was put back. */
export type GroupedSwapRow = SwapRow & {
  /** Who of source and target is trained on; "occluded" is a field pair with something before the face. */
  readonly group: Group | "occluded";
  /** 1 where the source person is found first among all persons, else 0. */
  readonly top1: 0 | 1;
  /** Place of the photograph among all targets in a search with the swap's attributes; none where it is not searched. */
  readonly attribute_rank: number | null;
};

/** How one held-out face came back with its own identity. */
export type ReconstructionRow = {
  readonly kind: "reconstruction";
  readonly arm: string;
  readonly seed: number;
  /** The person, under the name that other rows have for a pair. */
  readonly pair: string;
  readonly person: string;
  readonly photo: number;
  /** Whether the person is trained on. */
  readonly group: "seen" | "unseen";
  /** Mean absolute difference of the aligned square, in [0, 1]. */
  readonly error: number;
  /** SSIM of the aligned square. */
  readonly ssim: number;
};

/** How a network's faces are put back: the whole aligned square with a soft edge, in the colours that it made. */
export const SQUARE = "square";

/**
 * Measures the swaps of a task.
 *
 * @param judge The judge of df_vs_liae.
 * @param gallery Attributes of all target photographs, from {@linkcode attributeGallery}.
 * @param cell Which arm and seed.
 * @param task Whose face, into which photographs.
 * @param swaps The swapped photographs, without labels.
 * @returns One row a photograph.
 */
export async function measureTask(
  judge: Judge,
  gallery: readonly AttributeEntry[],
  { arm, seed }: { readonly arm: string; readonly seed: number },
  { group, pair, person, target, photos }: SwapTask,
  swaps: readonly Swap[],
): Promise<GroupedSwapRow[]> {
  const rows = await measureWithJudge(judge, { arm, variant: SQUARE, seed, pair, person }, photos, swaps);
  const views = await viewsOf(swaps.map(({ picture }) => picture), photos);
  return rows.map((row, i) => ({
    ...row,
    group,
    top1: row.rank === 1 ? 1 : 0,
    attribute_rank: attributeRetrievalRank(views[i]!, gallery, {
      photo: photoName(target, i),
      random: judge.randomPairs,
    }),
  }));
}

/**
 * Measures swaps of photographs with something before the faces: whose face is seen there.
 *
 * @param judge The judge.
 * @param cell Which arm and seed.
 * @param task Whose face; its occluded photographs are the targets.
 * @param swaps The swapped photographs, without labels.
 * @returns One row a photograph.
 */
export async function measureOccludedTask(
  judge: Judge,
  { arm, seed }: { readonly arm: string; readonly seed: number },
  { pair, person, occluded }: SwapTask,
  swaps: readonly Swap[],
): Promise<GroupedSwapRow[]> {
  const rows = await measureWithJudge(judge, { arm, variant: SQUARE, seed, pair, person }, occluded, swaps);
  return rows.map((row) => ({ ...row, group: "occluded", top1: row.rank === 1 ? 1 : 0, attribute_rank: null }));
}

/**
 * Describes what photographs of all tasks show, for the search by attributes.
 *
 * @param tasks The tasks.
 * @returns One entry a photograph.
 */
export async function attributeGallery(tasks: readonly SwapTask[]): Promise<AttributeEntry[]> {
  const photos = new Map<string, FacePhoto>();
  for (const { target, photos: own } of tasks) own.forEach((photo, i) => photos.set(photoName(target, i), photo));
  const all = [...photos.values()];
  const views = await viewsOf(all.map(({ photo }) => photo), all);
  return [...photos.keys()].map((photo, i) => {
    const { landmarks, expression } = views[i]!;
    return { photo, landmarks, expression };
  });
}

const photoName = (target: string, i: number) => `${target}/${i}`;

/**
 * Puts held-out faces' own identities into them.
 *
 * @param model The network.
 * @param encoder The encoder that trains: it says what a face's own identity is.
 * @param cell Which arm and seed.
 * @param persons Whose held-out faces.
 * @param most At most so many of each person.
 * @returns One row a face.
 */
export async function measureReconstruction(
  model: AeiModel,
  encoder: Pick<DifferentiableEncoder, "embed">,
  { arm, seed }: { readonly arm: string; readonly seed: number },
  { heldOut, training }: Pick<Persons, "heldOut" | "training">,
  most: number,
): Promise<ReconstructionRow[]> {
  const rows: ReconstructionRow[] = [];
  for (const [person, own] of heldOut) {
    const faces = own.slice(0, most).map(({ picture }) => picture);
    const again = await swapFaces(model, faces, await identitiesOf(encoder, faces));
    faces.forEach((face, photo) => {
      rows.push({
        kind: "reconstruction",
        ...{ arm, seed, pair: person, person, photo },
        group: training.includes(person) ? "seen" : "unseen",
        error: meanAbsoluteError(again[photo]!, face),
        ssim: ssim(again[photo]!, face),
      });
    });
  }
  return rows;
}

async function identitiesOf(
  encoder: Pick<DifferentiableEncoder, "embed">,
  faces: readonly Picture[],
): Promise<Float32Array[]> {
  const embedded = tf.tidy(() =>
    encoder.embed(
      tf.stack(faces.map(({ data, width, height }) => tf.tensor3d(data, [height, width, 3]))) as tf.Tensor4D,
    )
  );
  const [count, length] = embedded.shape;
  const values = await embedded.data<"float32">();
  embedded.dispose();
  return Array.from({ length: count }, (_, i) => values.slice(i * length, (i + 1) * length));
}
