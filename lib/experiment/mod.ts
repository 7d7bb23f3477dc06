/**
 * What an experiment is made of: settings with presets that say why, a folder for every run that is never overwritten,
 * cells that a stopped run does not compute twice, and the contract of its results; and the folder of a model that is
 * trained by itself. What is trained and measured in a cell belongs into `experiments/`, how it is shown into the report
 * room.
 *
 * @module
 */

export { definePreset, type Preset, type PresetName, presetNames, resolveConfig } from "./presets.ts";
export { describeEnvironment, type Environment, fileHash } from "./environment.ts";
export { type EndedTraining, findEnded, readEnd, trainToEnd, writeEnd } from "./ended_training.ts";
export { exportRun } from "./export_run.ts";
export { configHash, createRun, exportMetrics, openRun, type Run } from "./run_folder.ts";
export {
  checkpointOf,
  describeModel,
  type ModelDescription,
  type OpenedPair,
  openPair,
  openUpscaler,
  openXSeg,
  readModelDescription,
  TRAINED_MODELS,
  type TrainedModelName,
} from "./model_folder.ts";
export {
  describeDetector,
  DETECTOR_MARGIN,
  type DetectorDescription,
  type DetectorFigures,
  openDetector,
  type OpenedDetector,
  readDetectorDescription,
} from "./detector_folder.ts";
export { openAei, type OpenedAei, type OpenedHear, openHear } from "./open_faceshifter.ts";
export { type MetricsLog, openMetricsLog, readMetrics } from "./metrics_log.ts";
export { frameOf, readJson, writeJson, writeParquet } from "./records.ts";
export { readResults, type ResultClaim, type Results, resultsSchema, writeResults } from "./results.ts";
export {
  type ArmsOutcome,
  type ArmsProgress,
  type Cell,
  cellKey,
  type CellOptions,
  type CellWork,
  type FinishedCell,
  runArms,
  runCells,
} from "./arms.ts";
export { alone, removeClaims } from "./claim.ts";
export { shareOut } from "./share_out.ts";
export { compareRuns, type RunComparison } from "./compare.ts";
export { type Difference, differences, flatten } from "./flatten.ts";
export { closest } from "./closest.ts";
export type { Experiment, ExperimentContext, Findings, PresentContext } from "./experiment.ts";
