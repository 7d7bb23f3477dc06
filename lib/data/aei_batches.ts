/**
 * Batches for generators that are told by an embedding whose face to make (FaceShifter's AEI-Net): targets, embeddings of
 * sources, and which pairs are of one person.
 *
 * @module
 */

import { cannot } from "../problem.ts";
import { createPicture } from "../image/mod.ts";
import { identityDirections } from "../faces/mod.ts";
import { index, normal, type RandomSource, randomSource, uniform } from "../random.ts";
import type { EmbeddedFace, EmbeddedFaces } from "./embedded_faces.ts";
import { type LightOptions, varyLight } from "./light_augmentation.ts";
import { type AugmentationOptions, drawAugmentation, sampleAlong } from "./warp_augmentation.ts";

/** Targets and sources as flat arrays. */
export interface AeiArrays {
  /** `[batch, R, R, 3]` in [0, 1]. */
  readonly target: Float32Array;
  /** `[batch, 128]`: directions from the centre, of length 1. */
  readonly sourceId: Float32Array;
  /** `[batch]`: 1 for same pairs, which come first, else 0. */
  readonly same: Float32Array;
}

/** How sources and targets are drawn and varied. */
export interface AeiSampling {
  /** Share of pairs whose source is the target's person. Default 0.2. */
  readonly same?: number;
  /**
   * Whose embedding a same pair has: "photograph", the target's own, as in the paper, or "person", that of another
   * photograph of the person, by which no photograph's light or smile can get into the embedding's part.
   * Default "photograph".
   */
  readonly samePair?: "photograph" | "person";
  /** Share of targets, and of the sources of cross pairs, that are morphs, where the faces come with some. Default 0.4. */
  readonly morphed?: number;
  /** Descriptors of other faces, not centred: sources of whom no picture is trained on. Default none. */
  readonly others?: readonly Float32Array[];
  /** Share of cross pairs whose source is one of `others`, where there are any. Default 0.4. */
  readonly otherShare?: number;
  /** Share of cross pairs whose source lies between two persons. Default 0.15. */
  readonly mixed?: number;
  /** Share of cross pairs whose source is moved at random. Default 0.15. */
  readonly noisy?: number;
  /** Expected length of that move, beside embeddings of length 1. Default 0.5. */
  readonly noise?: number;
  /** How targets are moved, turned and mirrored; no warp. Defaults: 5 degrees, scale 0.05, shift 0.03, half mirrored. */
  readonly augmentation?: Omit<AugmentationOptions, "warp">;
  /** How the light of targets is varied; false for not. Default brightness 0.1, contrast 0.1, nothing else. */
  readonly light?: LightOptions | false;
}

/** Which batch to make. */
export interface AeiBatchOptions extends AeiSampling {
  /** Pairs in a batch. */
  readonly size: number;
  /** The run's seed. */
  readonly seed: number;
  /** The step that it is for. */
  readonly step: number;
}

/**
 * Draws pairs: the target is any face; the source of a cross pair is any other person, then any face of theirs, or an
 * embedding of which there is no picture. The number of same pairs is the share rounded up or down at random, so that it
 * is right on average and differs by one at most.
 *
 * @param faces Faces with descriptors, all of one size.
 * @param options Size of the batch, seed and step, how pairs are drawn.
 * @returns The batch; equal options give equal batches.
 * @throws Problem when there are no faces, or not of one size, or there is nobody to be a source.
 */
export function aeiBatch({ faces, centre, morphs = [] }: EmbeddedFaces, options: AeiBatchOptions): AeiArrays {
  const { size, seed, step, same: share = 0.2, samePair = "photograph", morphed = 0.4 } = options;
  const side = faces[0]?.picture.width;
  if (side === undefined) throw cannot("make batch", "at least one face", "none");
  const random = randomSource(seed, "aei pairs", step);
  const count = Math.floor(size * share + uniform(random, 0, 1));
  const batch = {
    target: new Float32Array(size * side * side * 3),
    sourceId: new Float32Array(size * centre.length),
    same: new Float32Array(size).fill(1, 0, count),
  };
  const persons = [...Map.groupBy(faces, ({ person }) => person).values()];
  for (let i = 0; i < size; i++) {
    const among = morphs.length > 0 && uniform(random, 0, 1) < morphed ? morphs : faces;
    const target = among[index(random, among.length)]!;
    const { width, height } = target.picture;
    if (width !== side || height !== side) {
      throw cannot("make batch", `faces of ${side}x${side} pixels`, `${width}x${height}`);
    }
    drawTarget(target, side, random, options, batch.target, i * side * side * 3);
    const own = persons.find(([first]) => first!.person === target.person) ?? [target];
    const others = persons.filter((candidates) => candidates !== own);
    const identity = i < count
      ? directionOf(samePair === "photograph" ? target : another(own, target, random), centre)
      : crossSource(others, morphs, centre, random, options);
    batch.sourceId.set(identity, i * centre.length);
  }
  return batch;
}

function drawTarget(
  { picture }: EmbeddedFace,
  side: number,
  random: RandomSource,
  { augmentation, light = { brightness: 0.1, contrast: 0.1, hue: 0, saturation: 0, degrade: 0 } }: AeiSampling,
  out: Float32Array,
  at: number,
): void {
  const { target: map } = drawAugmentation(side, random, {
    ...{ rotation: 5, scale: 0.05, shift: 0.03, flip: 0.5 },
    ...augmentation,
    warp: 0,
  });
  sampleAlong(picture.data, side, 3, map, out, at);
  if (!light) return;
  const end = at + side * side * 3;
  out.set(varyLight(createPicture(side, side, 3, out.slice(at, end)), random, light).data, at);
}

/** z_id of a source other than the target's person. */
function crossSource(
  others: readonly (readonly EmbeddedFace[])[],
  morphs: readonly EmbeddedFace[],
  centre: Float32Array,
  random: RandomSource,
  { others: strangers = [], otherShare = 0.4, mixed = 0.15, noisy = 0.15, noise = 0.5, morphed = 0.4 }: AeiSampling,
): Float32Array {
  const draw = (): Float32Array => {
    if (morphs.length > 0 && uniform(random, 0, 1) < morphed) {
      return directionOf(morphs[index(random, morphs.length)]!, centre);
    }
    const stranger = strangers.length > 0 && (others.length === 0 || uniform(random, 0, 1) < otherShare);
    if (stranger) return identityDirections([strangers[index(random, strangers.length)]!], centre)[0]!;
    const person = others[index(random, others.length)];
    if (!person) throw cannot("make batch", "two persons, or descriptors of others", "one person");
    return directionOf(person[index(random, person.length)]!, centre);
  };
  const kind = uniform(random, 0, 1);
  const first = draw();
  if (kind < mixed) {
    const second = draw();
    const part = uniform(random, 0.25, 0.75);
    return normalised(first.map((value, i) => value * part + second[i]! * (1 - part)));
  }
  if (kind < mixed + noisy) {
    const deviation = noise / Math.sqrt(first.length);
    return normalised(first.map((value) => value + deviation * normal(random)));
  }
  return first;
}

/** Another face of a person, where there is one. */
function another(own: readonly EmbeddedFace[], face: EmbeddedFace, random: RandomSource): EmbeddedFace {
  const rest = own.filter((candidate) => candidate !== face);
  return rest[index(random, rest.length)] ?? face;
}

const directionOf = ({ descriptor }: EmbeddedFace, centre: Float32Array) =>
  identityDirections([descriptor], centre)[0]!;

function normalised(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}
