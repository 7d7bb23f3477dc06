/**
 * The domains of FaceShifter: one AEI-Net for all persons, and HEAR-Net on top of it.
 *
 * @module
 */

import {
  type EmbeddedFaces,
  embedFaces,
  hearSources,
  occluderTextures,
  partByError,
  personIdentities,
  readFaceSet,
  type TexturedPhoto,
} from "doppel/data/mod.ts";
import { alignFace, type DifferentiableEncoder, identityEncoder } from "doppel/faces/mod.ts";
import {
  aei,
  type AeiModel,
  hear,
  heuristicErrors,
  multiScaleDiscriminator,
  swapFaces,
  withHear,
} from "doppel/generators/mod.ts";
import { createPicture } from "doppel/image/mod.ts";
import { loadAei, loadHear, trainAei, trainHear } from "doppel/training/mod.ts";
import { morphsOf } from "../../aei_hear_ablation/morphs.ts";
import { presets, sizes } from "../../aei_hear_ablation/presets.ts";
import type { Config } from "../presets.ts";
import { type Domain, forgeEach, type Work } from "./domain.ts";
import { trainedGenerator } from "./generators.ts";
import { laidBack } from "./swapped_face.ts";
import { facePhotoOf } from "./targets.ts";

// How the main arms of aei_hear_ablation are trained.
const { batch, rate, hear_rate, decay, ema, identity_weight, mixed, noisy, morphs, morphed, autoencode } =
  presets.standard.config;

/**
 * The domain of FaceShifter's first stage, or of both.
 *
 * @param stages How many.
 * @returns The domain.
 */
export function faceShifter(stages: 1 | 2): Domain {
  const title = stages === 1 ? "AEI-Net" : "AEI-Net + HEAR-Net";
  return {
    title,
    changes: "face",
    square: "the aligned face",
    async forge(work) {
      const { context: { data }, targets } = work;
      const embedded = await embeddedFaces(work);
      const encoder = await identityEncoder({ centre: embedded.centre });
      const opened: { readonly weights: { dispose(): void } }[] = [];
      try {
        const first = await firstStage(work, embedded, encoder);
        opened.push(first);
        let model = first;
        if (stages === 2) {
          const second = await secondStage(work, embedded, encoder, first);
          opened.push(second);
          model = withHear(first, second, encoder);
        }
        const identities = personIdentities(embedded.faces, embedded.centre);
        const size = model.sizes.resolution;
        return await forgeEach(work, title, targets, async (target) => {
          const { photo, landmarks } = await facePhotoOf(data, target);
          const aligned = alignFace(photo, landmarks, { size, faceType: "full" });
          const [face] = await swapFaces(model, [aligned.picture], identities.get(target.source)!);
          // The whole square goes back, softly and in the network's own colours, as in `swapPhotos`.
          const [mask, options] = [createPicture(size, size, 1, 1), { colour: "none", blur: 0.03 } as const];
          return await laidBack(data, target, { aligned, face: face!, mask, options });
        });
      } finally {
        opened.forEach(({ weights }) => weights.dispose());
        encoder.dispose();
      }
    },
  };
}

/** Faces of all persons with what the encoder that trains says of them. */
async function embeddedFaces({ context: { data, config } }: Work): Promise<EmbeddedFaces> {
  const which = {
    size: sizes[config.generator_size].aei.resolution,
    ...(config.photographs > 0 && { perPerson: config.photographs }),
  };
  const { faces } = await readFaceSet(data, which);
  return { ...await embedFaces(faces), morphs: await morphsOf(data, { ...which, count: morphs }) };
}

function firstSettings({ generator_size, aei_steps: steps }: Config) {
  const { aei: own, discriminator } = sizes[generator_size];
  return {
    sizes: own,
    discriminator,
    steps,
    ...{ batch, rate, decay, ema },
    ...{ identity_weight, mixed, noisy, morphs, morphed, autoencode },
  };
}

async function firstStage(
  { context }: Work,
  embedded: EmbeddedFaces,
  encoder: DifferentiableEncoder,
): Promise<AeiModel> {
  const { config } = context;
  const settings = firstSettings(config);
  const path = await trainedGenerator(context, "aei", settings, async (how) => {
    const model = aei(settings.sizes, config.generator_seed);
    const discriminator = multiScaleDiscriminator(settings.discriminator, config.generator_seed);
    try {
      const { averaged, ...trained } = await trainAei(model, discriminator, encoder, embedded, {
        ...how,
        ...{ steps: settings.steps, batch, rate, decay, ema, autoencode, soften: {} },
        loss: { identity: identity_weight },
        sampling: { mixed, noisy, morphed },
      });
      averaged.weights.dispose();
      return trained;
    } finally {
      model.weights.dispose();
      discriminator.weights.dispose();
    }
  });
  return (await loadAei(path)).model;
}

async function secondStage(
  work: Work,
  embedded: EmbeddedFaces,
  encoder: DifferentiableEncoder,
  first: AeiModel,
) {
  const { context } = work;
  const { config } = context;
  const own = { ...sizes[config.generator_size].hear, error: "given" } as const;
  const settings = {
    sizes: own,
    steps: config.hear_steps,
    batch,
    rate: hear_rate,
    decay,
    first: firstSettings(config),
  };
  const path = await trainedGenerator(context, "hear", settings, async (how) => {
    const errors = await heuristicErrors(first, encoder, embedded.faces.map(({ picture }) => picture));
    const { hard, rest } = partByError(embedded.faces, errors);
    const textures = await occluderTextures(paintedPhotos(work), { seed: 1, count: 8 });
    const model = hear(own, config.generator_seed);
    try {
      return await trainHear(model, { stage: first, encoder }, { faces: rest, sources: hearSources(embedded) }, {
        ...how,
        ...{ steps: settings.steps, batch, rate: hear_rate, decay, augmentation: { hard, textures } },
      });
    } finally {
      model.weights.dispose();
    }
  });
  return (await loadHear(path)).model;
}

/** One photograph of each person, to cut textures from. */
function paintedPhotos({ context: { data }, targets }: Work): TexturedPhoto[] {
  const first = [...Map.groupBy(targets, ({ person }) => person).values()].map(([target]) => target!);
  return first.map((target) => ({ name: target.photo, open: () => facePhotoOf(data, target) }));
}
