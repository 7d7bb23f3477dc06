/**
 * What is measured on a swap.
 *
 * @module
 */

import {
  attributeDistance,
  attributeDistances,
  identityGain,
  meanAbsoluteError,
  perceptualDistance,
  relativeSharpness,
  retrievalRank,
  seamGap,
  ssim,
} from "doppel/evaluation/mod.ts";
import {
  alignFace,
  centredCosine,
  describeExpressions,
  describeFaces,
  ENCODER_SHAPES,
  estimateHeadPoses,
  findFaces,
  type HeadPose,
  hullMask,
  placeLandmarks,
} from "doppel/faces/mod.ts";
import type { FacePhoto } from "doppel/generators/mod.ts";
import { Problem } from "doppel/problem.ts";
import { type Picture, transformPoints } from "doppel/image/mod.ts";
import { type Encoder, encoders, type Judge, MEASURED_SIDE } from "./judge.ts";

/** A finished swap: the photograph, without label, and where it was changed. */
export interface Swap {
  readonly picture: Picture;
  /** 1 channel, of the photograph's size. */
  readonly mask: Picture;
}

/** Measurements of one swapped photograph. */
export type SwapRow = {
  readonly kind: "swap";
  readonly arm: string;
  /** How the face was put back. */
  readonly variant: string;
  readonly seed: number;
  readonly pair: string;
  /** The source person, whose face the photograph got. */
  readonly person: string;
  /** Number of the held-out photograph. */
  readonly photo: number;
  /** Centred cosine of the swap to the source person, minus that of the untouched photograph; by the judge. */
  readonly gain: number;
  /** Centred cosine of the swap to the source person, by the judge. */
  readonly similarity: number;
  /** The same of the untouched photograph. */
  readonly similarity_before: number;
  /** The gain by the second encoder. */
  readonly gain_second: number;
  /** Mean gain towards the persons who have no part in the pair: what any change of a face does. */
  readonly drift: number;
  /** Place of the source person among all persons, by the judge. */
  readonly rank: number;
  /** Mean distance of the landmarks placed in the swap to those in the photograph, over the distance of the eyes. */
  readonly landmark_error: number;
  /** Distance of the expression features from the photograph's. */
  readonly expression_error: number;
  /** Landmark and expression distance, each over its value for random pairs, averaged. */
  readonly attr: number;
  /** Mean absolute difference of yaw, pitch and roll from the photograph's, in degrees; none where no face is seen. */
  readonly pose_error: number | null;
  /** Whether the detector finds a face in the swap. */
  readonly found: boolean;
  /** Perceptual distance of the aligned face from the photograph's. */
  readonly perceptual: number;
  /** SSIM of the whole photograph before and after. */
  readonly ssim: number;
  /** Mean absolute change of the whole photograph, in [0, 1]. */
  readonly change: number;
  /** LAB difference across the border of the mask, where it is 0.5; none when it is nowhere above. */
  readonly seam: number | null;
  /** Mean gradient inside the face over that of the source person's photographs. */
  readonly sharp: number;
};

/** Which swaps are measured. */
export type SwapCell = Pick<SwapRow, "arm" | "variant" | "seed" | "pair" | "person">;

/**
 * Measures swaps of one direction.
 *
 * @param judge The judge.
 * @param cell Which cell they come from, and whose face they got.
 * @param photos The untouched photographs.
 * @param swaps The swapped ones, without labels.
 * @returns One row a photograph.
 */
export async function measureSwaps(
  judge: Judge,
  cell: SwapCell,
  photos: readonly FacePhoto[],
  swaps: readonly Swap[],
): Promise<SwapRow[]> {
  const before = await viewsOf(photos.map(({ photo }) => photo), photos);
  const after = await viewsOf(swaps.map(({ picture }) => picture), photos);
  const involved = cell.pair.split("+");
  const own = judge.faces.get(cell.person)!;
  const rows: SwapRow[] = [];
  for (const [i, { photo, landmarks }] of photos.entries()) {
    const gainTowards = (encoder: Encoder, person: string) => {
      const { persons, centre } = judge.galleries[encoder];
      const [swap, target] = [after[i]!.embeddings[encoder], before[i]!.embeddings[encoder]];
      return identityGain({ swap, target, source: persons.get(person)!, centre });
    };
    const { persons, centre } = judge.galleries.human;
    const similarity = ({ embeddings }: View) => centredCosine(embeddings.human, persons.get(cell.person)!, centre);
    const others = [...persons.keys()].filter((person) => !involved.includes(person));
    const gallery = [...persons].map(([person, embedding]) => ({ person, embedding }));
    const { picture: swapped, mask } = swaps[i]!;
    rows.push({
      kind: "swap",
      ...cell,
      photo: i,
      gain: gainTowards("human", cell.person),
      similarity: similarity(after[i]!),
      similarity_before: similarity(before[i]!),
      gain_second: gainTowards("face_api", cell.person),
      drift: others.reduce((sum, person) => sum + gainTowards("human", person), 0) / Math.max(1, others.length),
      rank: retrievalRank(after[i]!.embeddings.human, gallery, { person: cell.person, centre }),
      ...attributesOf(judge, before[i]!, after[i]!),
      found: after[i]!.found,
      perceptual: await perceptualDistance(after[i]!.aligned, before[i]!.aligned),
      ssim: ssim(swapped, photo),
      change: meanAbsoluteError(swapped, photo),
      seam: mask.data.some((value) => value > 0.5) ? seamGap(swapped, mask) : null,
      sharp: relativeSharpness(
        { picture: after[i]!.aligned, mask: hullMask(alignedPoints(photo, landmarks), MEASURED_SIDE, MEASURED_SIDE) },
        own,
      ),
    });
  }
  return rows;
}

/** What one picture shows, cut out by the landmarks of its photograph. */
export interface View {
  readonly embeddings: Readonly<Record<Encoder, Float32Array>>;
  readonly aligned: Picture;
  readonly expression: Float32Array;
  /** Landmarks placed in the picture, in the photograph's aligned square. */
  readonly landmarks: Float32Array;
  /** None where the mesh sees no face. */
  readonly pose: HeadPose | undefined;
  readonly found: boolean;
}

/** Views of photographs that were looked at before: every arm is measured on the same ones. */
const known = new WeakMap<Picture, View>();

/**
 * Looks at pictures; what was looked at before is remembered.
 *
 * @param pictures Photographs or swaps of them.
 * @param photos The photographs, by whose landmarks the pictures are cut out.
 * @returns One view a picture.
 */
export async function viewsOf(pictures: readonly Picture[], photos: readonly FacePhoto[]): Promise<View[]> {
  const crop = (i: number, size: number) => alignFace(pictures[i]!, photos[i]!.landmarks, { size }).picture;
  const fresh = [...pictures.keys()].filter((i) => !known.has(pictures[i]!));
  const embedded = {} as Record<Encoder, Float32Array[]>;
  for (const encoder of encoders) {
    embedded[encoder] = await describeFaces(fresh.map((i) => crop(i, ENCODER_SHAPES[encoder].side)), { encoder });
  }
  const aligned = fresh.map((i) => crop(i, MEASURED_SIDE));
  const expressions = await describeExpressions(aligned);
  for (const [k, i] of fresh.entries()) {
    const { photo, landmarks } = photos[i]!;
    const picture = pictures[i]!;
    // Placed where the photograph's are: a detector misses some swaps, and a figure over the others would flatter.
    const placed = await placeLandmarks(picture, landmarks);
    const [pose] = await estimateHeadPoses([{ picture, landmarks: placed }]).catch(noFace);
    known.set(picture, {
      embeddings: { human: embedded.human[k]!, face_api: embedded.face_api[k]! },
      aligned: aligned[k]!,
      expression: expressions[k]!,
      landmarks: transformPoints(alignFace(photo, landmarks, { size: MEASURED_SIDE }).matrix, placed),
      pose,
      found: (await findFaces(picture)).length > 0,
    });
  }
  return pictures.map((picture) => known.get(picture)!);
}

function attributesOf(
  { randomPairs }: Judge,
  before: View,
  after: View,
): Pick<SwapRow, "landmark_error" | "expression_error" | "attr" | "pose_error"> {
  const distances = attributeDistances(after, before);
  const turned = (a: HeadPose, b: HeadPose) =>
    (Math.abs(a.yaw - b.yaw) + Math.abs(a.pitch - b.pitch) + Math.abs(a.roll - b.roll)) / 3;
  return {
    landmark_error: distances.landmarks,
    expression_error: distances.expression,
    attr: attributeDistance<"landmarks" | "expression">({ ...distances }, { ...randomPairs }),
    pose_error: before.pose && after.pose ? turned(after.pose, before.pose) : null,
  };
}

/** A swap in which the mesh sees no face has no pose; anything else that goes wrong is no matter of the swap. */
function noFace(error: unknown): HeadPose[] {
  if (error instanceof Problem) return [];
  throw error;
}

function alignedPoints(photo: Picture, landmarks: Float32Array): Float32Array {
  return alignFace(photo, landmarks, { size: MEASURED_SIDE }).landmarks;
}
