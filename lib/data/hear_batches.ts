/**
 * Batches for HEAR-Net: target photographs, most with something before the face, and the identities to be put into them.
 * Where the occluders lie is told to nobody: what they are is to be seen in the first stage's error (FaceShifter, Li et
 * al., arXiv 1912.13457, section 3.2).
 *
 * @module
 */

import { createPicture, type Picture, reinhardColourTransfer } from "doppel/image/mod.ts";
import { identityDirections } from "../faces/mod.ts";
import { cannot } from "../problem.ts";
import { index, type RandomSource, randomSource, uniform } from "../random.ts";
import type { EmbeddedFaces } from "./embedded_faces.ts";
import {
  drawOccluder,
  type Occluder,
  OCCLUDER_KINDS,
  type OccluderKind,
  pasteOccluder,
} from "./synthetic_occluders.ts";
import { type AugmentationOptions, drawAugmentation, sampleAlong } from "./warp_augmentation.ts";

/** An aligned face and whose it is; every `SetFace` is one. */
export interface HearFace {
  readonly person: string;
  /** `[R, R, 3]` in [0, 1]. */
  readonly picture: Picture;
}

/** An identity to be put into target photographs: no picture of it is needed. */
export interface HearSource {
  /** Whose it is; never put into this person's own photographs. */
  readonly person: string;
  /** By the encoder that trains. */
  readonly embedding: Float32Array;
}

/**
 * The identities of faces as sources.
 *
 * @param embedded Faces with descriptors, such as the first stage was trained on, and the centre that they are seen from.
 * @returns One source a face: the direction of its descriptor from the centre, of length 1.
 * @throws {Problem} When a descriptor has another length than the centre, or is the centre itself.
 */
export function hearSources({ faces, centre }: EmbeddedFaces): HearSource[] {
  const embeddings = identityDirections(faces.map(({ descriptor }) => descriptor), centre);
  return faces.map(({ person }, i) => ({ person, embedding: embeddings[i]! }));
}

/** How targets are drawn, moved and covered. */
export interface HearAugmentation extends Omit<AugmentationOptions, "warp"> {
  /** Share of pairs in which the target is its own source. Default 0.5. */
  readonly sameShare?: number;
  /** Faces with large heuristic errors, see `partByError`; they come uncovered, with what lies before them. Default none. */
  readonly hard?: readonly HearFace[];
  /** Share of targets that are hard faces, where there are any. Default 0.25. */
  readonly hardShare?: number;
  /** Share of the other targets with synthetic occluders. Default 0.75. */
  readonly occluded?: number;
  /** Most occluders on one face. Default 2. */
  readonly occluders?: number;
  /** Kinds of occluders. Default all. */
  readonly kinds?: readonly OccluderKind[];
  /** Share of occluders whose colours are matched, more or less, to those of the photograph. Default 0.5. */
  readonly matched?: number;
  /** What occluders are painted with, see `cutTextures`. Default none: plain colours. */
  readonly textures?: readonly Picture[];
}

/** Which batch to make. */
export interface HearBatchOptions extends HearAugmentation {
  /** Pairs in a batch. */
  readonly size: number;
  /** The run's seed. */
  readonly seed: number;
  /** The step that it is for. */
  readonly step: number;
}

/** Pairs as flat arrays. */
export interface HearFaceBatch {
  /** `[batch, R, R, 3]` in [0, 1]. */
  readonly target: Float32Array;
  /** Identities to be put in, `[batch, length]`; zeros in same pairs, whose source is the target. */
  readonly source: Float32Array;
  /** 1 where the target is its own source, 0 elsewhere, `[batch]`. */
  readonly same: Float32Array;
}

/**
 * Draws target photographs with replacement, moves and covers each, and draws a source of another person for those that
 * are not their own.
 *
 * @param faces The faces to draw from, of one size.
 * @param sources The identities to draw from, embeddings of one length.
 * @param options Size of the batch, seed and step, shares, occluders.
 * @returns The batch; equal options give equal batches.
 * @throws {Problem} When there are no faces or sources, not all of one size, or no source of another person.
 */
export function hearBatch(
  faces: readonly HearFace[],
  sources: readonly HearSource[],
  { size, seed, step, sameShare = 0.5, hard = [], hardShare = 0.25, ...augmentation }: HearBatchOptions,
): HearFaceBatch {
  const side = faces[0]?.picture.width;
  const length = sources[0]?.embedding.length;
  if (side === undefined) throw cannot("make batch", "at least one face", "none");
  if (length === undefined) throw cannot("make batch", "at least one source identity", "none");
  const random = randomSource(seed, "HEAR", step);
  const batch = {
    target: new Float32Array(size * side * side * 3),
    source: new Float32Array(size * length),
    same: new Float32Array(size),
  };
  for (let i = 0; i < size; i++) {
    const isHard = uniform(random, 0, 1) < hardShare && hard.length > 0;
    const pool = isHard ? hard : faces;
    const { picture, person } = pool[index(random, pool.length)]!;
    if (picture.width !== side || picture.height !== side) {
      throw cannot("make batch", `faces of ${side}x${side} pixels`, `${picture.width}x${picture.height}`);
    }
    const target = varyTarget(picture, random, isHard ? { ...augmentation, occluded: 0 } : augmentation);
    batch.target.set(target.data, i * target.data.length);
    batch.same[i] = uniform(random, 0, 1) < sameShare ? 1 : 0;
    if (batch.same[i]) continue;
    const { embedding } = otherPerson(sources, person, random);
    if (embedding.length !== length) {
      throw cannot("make batch", `embeddings of length ${length}`, `one of length ${embedding.length}`);
    }
    batch.source.set(embedding, i * length);
  }
  return batch;
}

/**
 * Moves a face by a random affine map and lays occluders over it.
 *
 * @param picture `[R, R, 3]` in [0, 1], square.
 * @param random Where numbers come from.
 * @param options How it is moved and covered.
 * @returns The target photograph, of the same size.
 */
export function varyTarget(
  picture: Picture,
  random: RandomSource,
  { occluded = 0.75, occluders = 2, kinds = OCCLUDER_KINDS, matched = 0.5, textures = [], ...moves }: Omit<
    HearAugmentation,
    "sameShare" | "hard" | "hardShare"
  > = {},
): Picture {
  const side = picture.width;
  const { target } = drawAugmentation(side, random, { ...moves, warp: 0 });
  let varied = createPicture(side, side, 3);
  sampleAlong(picture.data, side, 3, target, varied.data);
  if (uniform(random, 0, 1) >= occluded) return varied;
  for (let count = 1 + index(random, occluders); count > 0; count--) {
    const occluder = drawOccluder(side, random, textures, { kinds });
    const match = uniform(random, 0, 1) < matched;
    varied = pasteOccluder(varied, match ? matchColours(occluder, varied, random) : occluder);
  }
  return varied;
}

/** Brings an occluder's colours part of the way to the photograph's, so that it is not told by its colour alone. */
function matchColours(occluder: Occluder, photograph: Picture, random: RandomSource): Occluder {
  const { picture } = occluder;
  const matched = reinhardColourTransfer(picture, photograph);
  const share = uniform(random, 0.3, 1);
  const data = picture.data.map((value, i) => value + share * (matched.data[i]! - value));
  return { ...occluder, picture: createPicture(picture.width, picture.height, 3, data) };
}

function otherPerson(sources: readonly HearSource[], person: string, random: RandomSource): HearSource {
  const others = sources.filter((source) => source.person !== person);
  if (others.length === 0) throw cannot("make batch", `a source identity of another person than ${person}`, "none");
  return others[index(random, others.length)]!;
}
