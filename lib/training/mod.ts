/**
 * The training loop with its callbacks, and checkpoints. What a step computes stands with the model that it trains.
 *
 * @module
 */

export {
  type CheckpointNotes,
  loadCheckpoint,
  type NamedVariables,
  prefixed,
  readCheckpointNotes,
  saveCheckpoint,
} from "./checkpoint.ts";
export { type Callback, every, type StepLog, train, type TrainingTask } from "./loop.ts";
export { decodeSafetensors, encodeSafetensors, type TensorFile } from "./safetensors.ts";
export { rateAt, type RateSchedule } from "./rate_schedule.ts";
export {
  checkpointName,
  type PairFaces,
  pretrain,
  type StartingPoint,
  type TrainedPair,
  trainPair,
  type TrainPairOptions,
} from "./train_pair.ts";
export {
  type TrainedSuperResolution,
  trainSuperResolution,
  type TrainSuperResolutionOptions,
} from "./train_super_resolution.ts";
export { loadXSeg, type TrainedXSeg, trainXSeg, type TrainXSegOptions } from "./train_xseg.ts";
export { type EarlyStop, earlyStop, type EarlyStopOptions } from "./early_stop.ts";
export { loadDetector, trainDetector, type TrainDetectorOptions, type TrainedDetector } from "./train_detector.ts";
