/**
 * FaceShifter: swaps between any two persons in two stages.
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
export { heuristicError, heuristicErrors, type IdentityStage, type SwapStage } from "./heuristic_error.ts";
export { type RefinedFace, refineFaces } from "./refine_faces.ts";
