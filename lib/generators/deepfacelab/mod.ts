/**
 * DeepFaceLab (Perov et al., arXiv 2005.05535): autoencoders that are trained on one pair of persons, their loss and
 * training step, and the conversion of a face back into its photograph.
 *
 * @module
 */

export type { Prediction } from "./decoder.ts";
export { df, dfSizes, type FacePairModel, type Side, type Sizes } from "./df.ts";
export { reconstructionLoss, type ReconstructionOptions, type Target } from "./loss.ts";
export {
  type PairBatch,
  type PairLosses,
  type PairTraining,
  pairTraining,
  type PairTrainingOptions,
} from "./training_step.ts";
export { type Conversion, type ConvertOptions, convertPhotos, type FacePhoto } from "./convert.ts";
