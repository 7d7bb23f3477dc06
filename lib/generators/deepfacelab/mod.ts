/**
 * DeepFaceLab (Perov et al., arXiv 2005.05535): autoencoders that are trained on one pair of persons, their loss and
 * training step, and the conversion of a face back into its photograph.
 *
 * @module
 */

export type { Prediction } from "./decoder.ts";
export { type ArchiOptions, dfSizes, liaeSizes, type Sizes } from "./sizes.ts";
export type { FaceConverter, FacePairModel, Reconstruction, Side } from "./pair_model.ts";
export { df } from "./df.ts";
export { liae } from "./liae.ts";
export { reconstructionLoss, type ReconstructionOptions, softMask, type Target } from "./loss.ts";
export { type CodeDiscriminator, codeDiscriminator } from "./code_discriminator.ts";
export {
  type PatchDiscriminator,
  patchDiscriminator,
  type PatchLogits,
  receptiveField,
  stridesFor,
} from "./patch_discriminator.ts";
export type { GanSides } from "./adversarial.ts";
export type { PairDiscriminatorsOptions } from "./pair_discriminators.ts";
export {
  type OptimiserName,
  type PairBatch,
  type PairLosses,
  type PairTraining,
  pairTraining,
  type PairTrainingOptions,
  type SideBatch,
} from "./training_step.ts";
export { MASK_MODES, type MaskMode, maskOfMode, type MaskParts } from "./mask_modes.ts";
export { mergePredictions, type PredictedFace, predictFaces } from "./predict_faces.ts";
export { composeFace, type ComposeOptions, type Composition, MERGE_MODES, type MergeMode } from "./compose_face.ts";
export { type Conversion, type ConvertOptions, convertPhotos, type FaceNetwork } from "./convert.ts";
export type { FacePhoto } from "../../faces/mod.ts";
export { type FacePredictor, facePredictor } from "./face_predictor.ts";
export { type ConvertedFrame, convertFrames, type ConvertFramesOptions } from "./convert_video.ts";
