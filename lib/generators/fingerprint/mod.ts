/**
 * Autoencoders that leave the mark of their up-sampler on whole pictures: forged pictures in which nothing is swapped.
 *
 * @module
 */

export { UP_SAMPLERS, type UpSampler } from "./up_samplers.ts";
export {
  fingerprint,
  fingerprintDiscriminatorSizes,
  type FingerprintModel,
  type FingerprintSizes,
  fingerprintSizes,
} from "./autoencoder.ts";
export { cropBatch, type CropOptions } from "./crops.ts";
export {
  type FingerprintLosses,
  type FingerprintTraining,
  fingerprintTraining,
  type FingerprintTrainingOptions,
} from "./training_step.ts";
export { reconstructPictures } from "./reconstruct_pictures.ts";
