/**
 * The training loop with its callbacks, and checkpoints. What a step computes stands with the model that it trains.
 *
 * @module
 */

export { type CheckpointNotes, loadCheckpoint, readCheckpointNotes, saveCheckpoint } from "./checkpoint.ts";
export { type NamedVariables, prefixed } from "../nn/mod.ts";
export {
  type CheckpointedTask,
  checkpointName,
  type Trained,
  type TrainedState,
  type TrainingOptions,
  trainWithCheckpoints,
} from "./checkpointed.ts";
export { type Callback, every, type StepLog, train, type TrainingTask } from "./loop.ts";
export { decodeSafetensors, encodeSafetensors, type TensorFile } from "./safetensors.ts";
export { rateAt, type RateSchedule } from "./rate_schedule.ts";
export { type PairFaces, pretrain, type StartingPoint, trainPair, type TrainPairOptions } from "./train_pair.ts";
export { trainSuperResolution, type TrainSuperResolutionOptions } from "./train_super_resolution.ts";
export { loadFingerprint, trainFingerprint, type TrainFingerprintOptions } from "./train_fingerprint.ts";
export { loadXSeg, trainXSeg, type TrainXSegOptions } from "./train_xseg.ts";
export { loadAei, trainAei, type TrainAeiOptions, type TrainedAei } from "./train_aei.ts";
export { type HearTrainingData, loadHear, trainHear, type TrainHearOptions } from "./train_hear.ts";
export { type EarlyStop, earlyStop, type EarlyStopOptions } from "./early_stop.ts";
export { loadDetector, trainDetector, type TrainDetectorOptions, type TrainedDetector } from "./train_detector.ts";
