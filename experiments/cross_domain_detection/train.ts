/**
 * Training of a detector on its source: persons of `train`, stopped and chosen by the AUC on persons of `validation`.
 *
 * @module
 */

import { join } from "node:path";
import { type DetectorArrays, detectorBatch, featureBatch, selfBlendedBatch } from "doppel/data/mod.ts";
import { type Detector, detector } from "doppel/detectors/mod.ts";
import { rocAuc } from "doppel/evaluation/mod.ts";
import {
  type Cell,
  cellKey,
  type EndedTraining,
  type ExperimentContext,
  findEnded,
  writeEnd,
} from "doppel/experiment/mod.ts";
import { checkpointName, every, loadDetector, prefixed, saveCheckpoint, trainDetector } from "doppel/training/mod.ts";
import type { DetectorName } from "./methods.ts";
import type { PictureSet, PictureSets } from "./picture_sets.ts";
import type { Config } from "./presets.ts";
import { recipes, sizesOf, stepsWith } from "./recipes.ts";
import type { DomainName, Variant } from "./sets.ts";

/** The experiment's context. */
export type Context = ExperimentContext<Config>;

/** A domain, or real pictures alone. */
export type Source = DomainName | "real";

/** A detector that is trained on a source. */
export interface SourceTraining {
  readonly detector: DetectorName;
  readonly seed: number;
  readonly variant: Variant;
  readonly source: Source;
}

/** A trained detector. */
export interface TrainedOnSource {
  /** Its weights are the caller's to dispose of. */
  readonly model: Detector;
  readonly steps: number;
  readonly seconds: number;
}

/** Looks at validation pictures without a better one after which training at a constant rate ends. */
const PATIENCE = 6;

/** The cell of a source training. */
export const sourceCell = ({ detector, seed, variant, source }: SourceTraining): Cell => ({
  arm: detector,
  seed,
  pair: `${variant}/${source}`,
});

const folderOf = ({ run }: Pick<Context, "run">, training: SourceTraining) =>
  join(run.checkpoints, cellKey(sourceCell(training)));

/**
 * The pictures that stop a source training and set its threshold.
 *
 * @param context The experiment's.
 * @param sets The picture sets.
 * @param training Which detector; one that sees real pictures alone is judged by self-blended ones.
 * @returns Pictures of the persons of `validation`.
 */
export function validationSet(
  { config }: Pick<Context, "config">,
  sets: PictureSets,
  { source, variant }: Pick<SourceTraining, "source" | "variant">,
): Promise<PictureSet> {
  return source === "real"
    ? sets.selfBlended(config.domains, variant, "validation")
    : sets.read({ domain: source, variant, split: "validation" });
}

/**
 * Trains a detector, goes on with one that was stopped, or opens one that is finished, in this run or in the one that may be
 * reused: there, only one of the same settings and the same pictures.
 *
 * @param context The experiment's.
 * @param sets The picture sets.
 * @param training Which detector, seed and source.
 * @param append Adds to the run's metrics.
 * @returns The detector with its best weights by validation.
 * @throws The signal's reason when training was stopped; what was done is saved.
 */
export async function trainOnSource(
  context: Context,
  sets: PictureSets,
  training: SourceTraining,
  append: (record: Record<string, unknown>) => void,
): Promise<TrainedOnSource> {
  const { config, signal, progress } = context;
  const { detector: name, seed, variant, source } = training;
  const cell = sourceCell(training);
  const folder = folderOf(context, training);
  const unfinished = join(folder, "training");
  const recipe = recipes[name];
  const pictures = source === "real"
    ? await sets.real(config.domains, variant, "train")
    : await sets.read({ domain: source, variant, split: "train" });
  const validation = await validationSet(context, sets, training);
  const { batch, validate_every } = config;
  const { entry, augmentation, rate, decay = 0, mixedPrecision = "auto" } = recipe;
  const steps = stepsWith(name, config.steps);
  const sizes = sizesOf(name, config);
  const settings = {
    ...{ detector: name, entry: entry.name, sizes, batch, steps, validate_every },
    ...{ augmentation, rate, decay, mixedPrecision, pictures: sets.digest(pictures) },
  };
  const title = `${recipe.title}, seed ${seed}, ${variant}/${source},`;
  const ended = await findEnded(context, cellKey(cell), settings, title);
  if (ended) {
    // Left behind where a run was stopped right at the end of a training.
    await Deno.remove(unfinished, { recursive: true }).catch(() => {});
    return { model: await loadDetector(join(folder, checkpointName)), steps: ended.steps, seconds: ended.seconds };
  }
  const model = detector(entry, sizes, seed);
  const began = performance.now();
  try {
    const trained = await trainDetector(model, await batchesOf(sets, recipe.material, pictures, training, config), {
      ...{ steps, rate, decay, mixedPrecision, seed, signal, checkpoints: unfinished, saveEvery: 2 * validate_every },
      validation: {
        measure: async (own) => rocAuc(await sets.score(own, validation)),
        every: validate_every,
        // A rate that falls to zero brings the most at its end: EfficientNet on AEI-Net's forgeries stood still for 300 steps before.
        ...(decay === 0 && { patience: PATIENCE }),
        enough: 1,
        onMeasured: (step, auc) => append({ ...cell, step, validation_auc: auc }),
      },
      callbacks: [
        every(validate_every, ({ step, losses, rate }) => append({ ...cell, step, ...losses, rate })),
        ({ step, steps, losses }) =>
          progress(`training ${cellKey(cell)}`, step, steps, `loss ${(losses["total"] ?? 0).toFixed(3)}`),
      ],
    });
    if (!trained.complete) throw signal?.reason;
    const notes = { step: trained.best!.step, model: model.name, sizes: { ...model.sizes } };
    await saveCheckpoint(join(folder, checkpointName), prefixed("model", model.weights.named()), notes);
    const end: EndedTraining = { steps: trained.steps, seconds: (performance.now() - began) / 1000, settings };
    await writeEnd(folder, end);
    await Deno.remove(unfinished, { recursive: true });
    return { model, steps: end.steps, seconds: end.seconds };
  } catch (error) {
    model.weights.dispose();
    throw error;
  }
}

/**
 * Opens a detector that was trained on a source.
 *
 * @param context The experiment's.
 * @param training Which.
 * @returns The detector; its weights are the caller's to dispose of.
 */
export async function openTrained(context: Pick<Context, "run">, training: SourceTraining): Promise<Detector> {
  return await loadDetector(join(folderOf(context, training), checkpointName));
}

/** Batches of a source; all detectors of a seed see the same pictures in the same order. */
async function batchesOf(
  sets: PictureSets,
  material: "pictures" | "features" | "real pictures",
  set: PictureSet,
  { seed, detector }: SourceTraining,
  { batch: size, resolution }: Config,
): Promise<(step: number) => DetectorArrays | Promise<DetectorArrays>> {
  const { augmentation } = recipes[detector];
  if (material === "features") {
    const vectors = await sets.features(set);
    const features = set.pictures.map(({ forged }, i) => ({ forged, features: vectors[i]! }));
    return (step) => featureBatch(features, { size, seed, step });
  }
  const make = material === "pictures" ? detectorBatch : selfBlendedBatch;
  return (step) => make(set.pictures, { size, resolution, seed, step, ...augmentation });
}
