/**
 * The autoencoders' entries in the registry, one for each up-sampler, with a small batch for the tests that every model
 * has to pass.
 *
 * @module
 */

import { tf } from "../../runtime/mod.ts";
import { multiScaleDiscriminator } from "../faceshifter/multi_scale_discriminator.ts";
import type { GeneratorEntry, Trial } from "../registry.ts";
import { fingerprint, fingerprintDiscriminatorSizes, fingerprintSizes } from "./autoencoder.ts";
import { fingerprintTraining } from "./training_step.ts";
import { UP_SAMPLERS, type UpSampler } from "./up_samplers.ts";

/** The entries by name, `fingerprint_nearest` and so on. */
export const fingerprintEntries: Readonly<Record<string, GeneratorEntry>> = Object.fromEntries(
  UP_SAMPLERS.map((upSampler) => [`fingerprint_${upSampler}`, entryOf(upSampler)]),
);

function entryOf(upSampler: UpSampler): GeneratorEntry {
  return {
    name: "fingerprint",
    paper: "AutoGAN, Zhang et al., arXiv 1907.06515",
    parameters: upSampler === "pixel_shuffle" ? { small: "0.356", paper: "12.8" } : { small: "0.287", paper: "11.6" },
    count(size) {
      const { weights } = fingerprint(fingerprintSizes[size as keyof typeof fingerprintSizes], upSampler, 1);
      const { parameters } = weights;
      weights.dispose();
      return parameters;
    },
    trial: (seed) => trial(upSampler, seed),
  };
}

function trial(upSampler: UpSampler, seed: number): Trial {
  const [count, side] = [2, 16];
  const model = fingerprint(fingerprintSizes.tiny, upSampler, seed);
  const discriminator = multiScaleDiscriminator(fingerprintDiscriminatorSizes.tiny, seed);
  const { step, state, dispose } = fingerprintTraining(model, discriminator);
  const pictures = tf.tidy(() =>
    tf.image.resizeBilinear(tf.randomUniform([count, 4, 4, 3], 0, 1, "float32", 11) as tf.Tensor4D, [side, side])
  );
  const rate = tf.scalar(3e-3);
  return {
    weights: model.weights,
    state,
    async step() {
      const losses = await step(pictures, rate);
      // Without the adversarial part, which does not fall: the discriminator learns as well.
      const [loss] = losses.reconstruction.dataSync();
      tf.dispose(losses);
      return loss!;
    },
    outputs: () =>
      tf.tidy(() => ({ picture: model.reconstruct(pictures).shape })) as unknown as Record<string, number[]>,
    expected: { picture: [count, side, side, 3] },
    dispose() {
      tf.dispose([rate, pictures]);
      dispose();
      discriminator.weights.dispose();
      model.weights.dispose();
    },
  };
}
