/**
 * FaceShifter (Li et al., arXiv 1912.13457): AEI-Net, one network for all persons, which is told by an embedding whose
 * face to make; its losses and training step, and the conversion of a face back into its photograph.
 *
 * @module
 */

export { hear, type HearModel } from "./hear.ts";
export { type HearSizes, hearSizes } from "./hear_sizes.ts";
export {
  EQUAL_HEAR_WEIGHTS,
  HEAR_WEIGHTS,
  type HearLosses,
  hearLosses,
  type HearLossWeights,
  type HearOutcome,
  weightedHearLoss,
} from "./hear_loss.ts";
export { type HearBatch, type HearTraining, hearTraining, type HearTrainingOptions } from "./hear_training_step.ts";
export { heuristicErrors, requireFit, type SwapStage, type SwapWithError, swapWithError } from "./heuristic_error.ts";
export { withHear } from "./with_hear.ts";
export { withExtrapolation } from "./with_extrapolation.ts";

export { type AeiSizes, aeiSizes, type Fusion } from "./sizes.ts";
export type { AttributeEncoder } from "./attribute_encoder.ts";
export type { Generated } from "./generator.ts";
export { aei, type AeiModel } from "./aei.ts";
export { aeiParameters } from "./aei_parameters.ts";
export {
  type DiscriminatorSizes,
  discriminatorSizes,
  type MultiScaleDiscriminator,
  multiScaleDiscriminator,
} from "./multi_scale_discriminator.ts";
export {
  type AeiLossWeights,
  aeiLossWeights,
  attributeLoss,
  fooledLoss,
  hingeLoss,
  identityLoss,
  samePairLoss,
} from "./aei_loss.ts";
export { type RandomSoftness, softenRandomly } from "./soften_randomly.ts";
export {
  type AeiBatch,
  type AeiEncoder,
  type AeiLosses,
  type AeiTraining,
  aeiTraining,
  type AeiTrainingOptions,
} from "./aei_training_step.ts";
export { maskMeans, swapFaces } from "./swap_faces.ts";
export { swapPhotos, type SwapPhotosOptions } from "./swap_photos.ts";
export { type IdentityConverter, identityConverter } from "./identity_converter.ts";
