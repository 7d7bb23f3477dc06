/**
 * Detectors of forged faces: ForensicTransfer, T-GD and baselines, each an entry of one registry, with the steps that train
 * them and bring them to other forgeries. Which pictures they learn from, and how well they do, is said elsewhere.
 *
 * @module
 */

export {
  type Detector,
  detector,
  type DetectorEntry,
  type DetectorInput,
  type DetectorLosses,
  type DetectorNetwork,
  type DetectorSizes,
  type TrainingMode,
} from "./detector.ts";
export { countParameters, detectors } from "./registry.ts";
export { classifierNetwork, crossEntropy } from "./cross_entropy.ts";
export { scoreFeatures, scorePictures } from "./score_pictures.ts";
export { featuresOf, judgePictures, pictureSide } from "./judge_pictures.ts";
export {
  type DetectorBatch,
  type DetectorTraining,
  detectorTraining,
  type DetectorTrainingOptions,
} from "./training_step.ts";
export { forensicTransfer, type ForensicTransferSizes } from "./forensic_transfer/forensic_transfer.ts";
export { thirdOrderResidual } from "./forensic_transfer/residual.ts";
export { activationLoss, classActivations, selectHalf } from "./forensic_transfer/class_halves.ts";
export { efficientNet, type EfficientNetSizes } from "./tgd/efficient_net.ts";
export { resNeXt, type ResNeXtSizes } from "./tgd/resnext.ts";
export { standardise } from "./tgd/standardised_convolution.ts";
export { type TgdOptions, tgdTransfer } from "./tgd/transfer.ts";
export { classifier, type ClassifierSizes } from "./baselines/classifier.ts";
export { linearProbe, type LinearProbeSizes } from "./baselines/linear_probe.ts";
export { mesoInception, type MesoInceptionSizes } from "./baselines/meso_inception.ts";
export { xception, type XceptionSizes } from "./baselines/xception.ts";
