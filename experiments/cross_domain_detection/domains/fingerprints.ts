/**
 * The domains of whole pictures: what detectors see of a photograph, passed through an autoencoder with one up-sampler.
 *
 * @module
 */

import {
  fingerprint,
  fingerprintDiscriminatorSizes,
  fingerprintSizes,
  multiScaleDiscriminator,
  reconstructPictures,
  type UpSampler,
} from "doppel/generators/mod.ts";
import { gaussianBlur } from "doppel/image/mod.ts";
import { loadFingerprint, trainFingerprint } from "doppel/training/mod.ts";
import { type Domain, forgeEach, type Work } from "./domain.ts";
import { trainedGenerator } from "./generators.ts";

const [batch, rate, decay] = [8, 2e-3, 0.5];

/**
 * The domain of one up-sampler.
 *
 * @param upSampler Which.
 * @returns The domain.
 */
export function fingerprints(upSampler: UpSampler): Domain {
  const title = `autoencoder, ${upSampler.replace("_", " ")}`;
  return {
    title,
    changes: "picture",
    square: "the picture",
    async forge(work) {
      const { model } = await loadFingerprint(await trainedAutoencoder(work, upSampler));
      try {
        return await forgeEach(work, title, work.targets, async ({ real }) => ({
          forged: (await reconstructPictures(model, [real]))[0]!,
          matched: (sigma) => Promise.resolve(gaussianBlur(real, sigma)),
        }));
      } finally {
        model.weights.dispose();
      }
    },
  };
}

async function trainedAutoencoder({ context, targets }: Work, upSampler: UpSampler): Promise<string> {
  const { generator_size: size, generator_seed: seed, fingerprint_steps: steps, resolution } = context.config;
  const crop = Math.min(64, resolution / 2);
  const settings = { sizes: fingerprintSizes[size], upSampler, resolution, ...{ steps, batch, crop, rate, decay } };
  return await trainedGenerator(context, `fingerprint_${upSampler}`, settings, async (how) => {
    const model = fingerprint(settings.sizes, upSampler, seed);
    const discriminator = multiScaleDiscriminator(fingerprintDiscriminatorSizes[size], seed);
    try {
      const pictures = targets.map(({ real }) => real);
      return await trainFingerprint(model, discriminator, pictures, { ...how, ...{ steps, batch, crop, rate, decay } });
    } finally {
      model.weights.dispose();
      discriminator.weights.dispose();
    }
  });
}
