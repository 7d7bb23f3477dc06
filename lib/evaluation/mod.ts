/**
 * Figures and what they allow to be said: detector metrics, picture and swap metrics, intervals for nested data, and the
 * rule that turns an interval into a verdict on a paper's claim. Works on plain numbers and pictures; no tensors, no
 * files in here, and the networks that it asks stay in the room of faces.
 *
 * @module
 */

export { leavesOf, type Nested, nestRows, pairedDifferences, type Row } from "./nested.ts";
export { type BootstrapOptions, type BootstrapResult, hierarchicalBootstrap, mean, quantile } from "./bootstrap.ts";
export { compareShared, isCrossed, meanWithInterval, namePictures, type SharedComparison } from "./shared_rows.ts";
export { bootstrapPValue, holm } from "./significance.ts";
export {
  type AnyClaimPart,
  type ClaimPart,
  type ClaimRule,
  correctClaims,
  decideClaim,
  type DecidedClaim,
  type DecidedPart,
  type Verdict,
} from "./claims.ts";
export { type ClaimQuestion, decideQuestion, type QuestionPart } from "./claim_question.ts";
export { accuracy, averagePrecision, equalErrorRate, rocAuc, rocCurve, type RocPoint, type Scored } from "./roc.ts";
export { balancedThreshold } from "./threshold.ts";
export { type DetectionFigures, detectionFigures } from "./detection_figures.ts";
export { meanAbsoluteError, psnr } from "./pixels.ts";
export { intersectionOverUnion, shareCovered } from "./iou.ts";
export { measureSegmentation, type SegmentationCase, type SegmentationScores } from "./segmentation.ts";
export { ssim } from "./ssim.ts";
export { relativeSharpness, sharpness } from "./sharpness.ts";
export { seamGap } from "./seam.ts";
export { attributeDistance, eyeDistance, featureDistance, landmarkError } from "./attributes.ts";
export {
  type AttributeDistances,
  attributeDistances,
  attributeError,
  type FaceAttributes,
  randomPairDistances,
} from "./attribute_error.ts";
export { perceptualDistance, perceptualMapDistance } from "./perceptual_distance.ts";
export { type GalleryEntry, identityGain, retrievalRank } from "./identity.ts";
export { type AttributeEntry, attributeRetrievalRank, retrievalAccuracy } from "./attribute_retrieval.ts";
export {
  maskedDifference,
  type OccludedSwap,
  type OcclusionErrors,
  occlusionErrors,
  occlusionRegions,
} from "./occlusion_error.ts";
export { rankCorrelation, trend, type TrendPoint } from "./rank_correlation.ts";
