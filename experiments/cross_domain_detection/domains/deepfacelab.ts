/**
 * The domains of DF and LIAE: pretrained once on all persons, then trained for each pair of persons of an identity split.
 * What detectors may know is parted by persons; the generators see every photograph that they forge, as those of public
 * benchmarks do.
 *
 * @module
 */

import { readFaceSet, type SetFace } from "doppel/data/mod.ts";
import { cellKey } from "doppel/experiment/mod.ts";
import { alignFace, hullMask } from "doppel/faces/mod.ts";
import { df, type FacePairModel, liae, maskOfMode, predictFaces, type Sizes } from "doppel/generators/mod.ts";
import { loadCheckpoint, prefixed, pretrain, trainPair } from "doppel/training/mod.ts";
import { presets, sizes } from "../../df_vs_liae/presets.ts";
import type { Config } from "../presets.ts";
import { type Domain, forgeEach, type Made, type Work } from "./domain.ts";
import { trainedGenerator } from "./generators.ts";
import type { SwapPair } from "./pairs.ts";
import { laidBack } from "./swapped_face.ts";
import { facePhotoOf, type Target } from "./targets.ts";

type Name = "df" | "liae";

const MASK = "learned-prd*learned-dst";
// How the arms of df_vs_liae that begin with pretraining are trained: chosen there on persons of the split `validation`.
const { batch, scratch_rate, rate, decay, warp, unwarped, face_type: faceType } = presets.standard.config;

/**
 * The domain of one of DeepFaceLab's models.
 *
 * @param name Which.
 * @returns The domain.
 */
export function deepFaceLab(name: Name): Domain {
  return {
    title: name.toUpperCase(),
    changes: "face",
    square: "the aligned face",
    async forge(work) {
      const { context: { data, config }, targets, pairs } = work;
      const { faces } = await readFaceSet(data, {
        size: sizesOf(name, config).resolution,
        faceType,
        ...(config.photographs > 0 && { perPerson: config.photographs }),
      });
      const made = new Map<Target, Made | undefined>();
      for (const pair of pairs) {
        const own = targets.filter(({ person }) => pair.targets.includes(person));
        const model = await pairModel(work, name, pair, faces);
        try {
          const forged = await forgeEach(work, name.toUpperCase(), own, (t) => swap(work, model, pair, t), made.size);
          own.forEach((target, i) => made.set(target, forged[i]));
        } finally {
          model.weights.dispose();
        }
      }
      return targets.map((target) => made.get(target));
    },
  };
}

/** The smaller sizes, of 64 px: as much resolution as AEI-Net has, at half the time of 96 px. */
function sizesOf(name: Name, { generator_size }: Config): Sizes {
  return sizes[generator_size].ablation[name];
}

function build(name: Name, config: Config): FacePairModel {
  return (name === "df" ? df : liae)(sizesOf(name, config), config.generator_seed);
}

/** The trained model of a pair; its weights are the caller's to dispose of. */
async function pairModel(
  work: Work,
  name: Name,
  pair: SwapPair,
  faces: readonly SetFace[],
): Promise<FacePairModel> {
  const { context } = work;
  const { config } = context;
  const [source, destination] = pair.persons;
  const common = { sizes: sizesOf(name, config), face_type: faceType, batch, decay, warp };
  const first = { ...common, steps: config.pair_pretrain_steps, rate: scratch_rate };
  const model = build(name, config);
  try {
    const start = await trainedGenerator(context, `${name}_pretrained`, first, (how) =>
      pretrain(model, faces, {
        ...how,
        ...{ steps: config.pair_pretrain_steps, batch, rate: scratch_rate, decay, augmentation: { warp } },
      }));
    const settings = { ...common, steps: config.pair_steps, rate, unwarped, pretrained: first };
    // Persons are called as their folders are, which may be anything.
    const key = cellKey({ arm: name, seed: config.generator_seed, pair: `${source}+${destination}` });
    const of = (person: string) => faces.filter((face) => face.person === person);
    const path = await trainedGenerator(
      context,
      key,
      settings,
      (how) =>
        trainPair(model, { source: of(source), destination: of(destination) }, {
          ...how,
          ...{ steps: config.pair_steps, batch, rate, decay, unwarped, augmentation: { warp } },
          start: { checkpoint: start, as: "pretrained" },
        }),
    );
    await loadCheckpoint(path, prefixed("model", model.weights.named()));
    return model;
  } catch (error) {
    model.weights.dispose();
    throw error;
  }
}

/** Gives a photograph of one person of the pair the face of the other, as `convertPhotos` does. */
async function swap(
  { context: { data, say } }: Work,
  model: FacePairModel,
  { persons: [source] }: SwapPair,
  target: Target,
): Promise<Made | undefined> {
  const { photo, landmarks } = await facePhotoOf(data, target);
  const size = model.sizes.resolution;
  const aligned = alignFace(photo, landmarks, { size, faceType });
  const to = target.person === source ? "destination" : "source";
  const [predicted] = await predictFaces(model, [aligned.picture], { to });
  const { face, mask: learnedPrd, ownMask: learnedDst } = predicted!;
  const mask = maskOfMode(MASK, { hull: hullMask(aligned.landmarks, size, size), learnedPrd, learnedDst });
  if (mask.data.reduce((sum, value) => sum + value, 0) < 0.02 * size * size) {
    say(`Left out ${target.photo}: the model of ${target.source} and ${target.person} sees no face in it`);
    return undefined;
  }
  return await laidBack(data, target, { aligned, face, mask, options: {} });
}
