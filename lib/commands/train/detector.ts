/**
 * Trains a detector of forged faces on labelled folders, or brings a trained one to other forgeries.
 *
 * @module
 */

import { detectorBatch, featureBatch } from "../../data/mod.ts";
import { type Detector, detector, detectors, featuresOf, pictureSide } from "../../detectors/mod.ts";
import { balancedThreshold, rocAuc } from "../../evaluation/mod.ts";
import {
  describeDetector,
  type DetectorDescription,
  fileHash,
  openDetector,
  readDetectorDescription,
} from "../../experiment/mod.ts";
import { cannot } from "../../problem.ts";
import { useTensorFlow } from "../../runtime/mod.ts";
import { trainDetector } from "../../training/mod.ts";
import { type LabelledSplits, readLabelledWithProgress } from "../_labelled.ts";
import { note, say } from "../mod.ts";
import { methodOf, openInit, preparationOf, sizesOf, sourceOf } from "./detector_choices.ts";
import { methodDefaults, methodOptions } from "./detector_method.ts";
import { figuresOf, readySplit } from "./detector_score.ts";
import { begunWith, trainAlong } from "./record.ts";
import { resolveSettings, type Settings, type Typed } from "./settings.ts";

const DEFAULTS: Settings = {
  ...{ batch: 16, worsened: 0.1, validateEvery: 50 },
  ...{ seed: 1, mixedPrecision: "auto", saveEvery: 500 },
};
const OPTIONAL = [
  ...["data", "real", "fake", "size", "resolution", "crop", "margin", "whole", "quality", "keepFaceless"],
  ...["init", "method"],
];

/**
 * Trains a detector into a folder, or goes on with one.
 *
 * @param name Which.
 * @param folder The detector's folder.
 * @param typed What was typed.
 * @param options `resume`: only go on; `signal`: stops after the step at hand, with everything saved.
 * @throws {Problem} When settings, pictures or a checkpoint do not fit.
 */
export async function trainDetectorModel(
  name: string,
  folder: string,
  typed: Typed,
  { resume, signal }: { readonly resume: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const entry = detectors[name]!;
  const stored = await readDetectorDescription(folder);
  const method = methodOf(name, {
    init: typed["init"] ?? stored?.settings["init"],
    method: typed["method"] ?? stored?.settings["method"],
  });
  const resolved = await resolveSettings(
    folder,
    name,
    typed,
    { ...DEFAULTS, ...methodDefaults(method) },
    { optional: OPTIONAL, resume, read: readDetectorDescription },
  );
  const { settings } = resolved;
  const source = sourceOf(name, settings);
  const number = (key: string) => Number(settings[key]);
  if (number("batch") % 2 === 1) {
    throw cannot(`train ${name}`, "an even batch, half of it forged", settings["batch"] + "");
  }
  const { cutMix, training } = methodOptions(entry, method);
  await useTensorFlow();
  // A training that goes on has weights of its own; where it came from may be gone.
  const init = method !== undefined && !stored ? await openInit(name, settings) : undefined;
  const model = init?.model ??
    detector(entry, stored?.sizes ?? sizesOf(entry, settings), number("seed"));
  try {
    const pictures = await readLabelledWithProgress(source, {
      ...preparationOf(model, settings, stored?.pictures ?? init?.description?.pictures),
      ...(settings["keepFaceless"] === true && { faceless: "keep whole" as const }),
      signal,
    });
    const batches = await batchesOf(model, pictures, settings, cutMix);
    const [validation, test] = [
      await readySplit(model.input, pictures.of("validation")),
      await readySplit(model.input, pictures.of("test")),
    ];
    if (!validation.isWhole) {
      note("No validation: it needs pictures of both classes. The last weights stay, without a threshold.");
    }
    const from = stored?.from ?? (init && {
      ...{ sha256: (await fileHash(init.checkpoint))!, steps: init.steps, method: method! },
    });
    let description: DetectorDescription = {
      ...{ model: name, sizes: model.sizes, pictures: pictures.preparation },
      threshold: stored?.threshold ?? null,
      figures: stored?.figures ?? { validation: null, test: null },
      ...(from && { from }),
      ...await begunWith(resolved, `${name} --out ${folder}`, factsOf(pictures)),
    };
    await describeDetector(folder, description);
    const complete = await trainAlong({
      ...{ folder, title: name, steps: number("steps") },
      fit: (callbacks, log) =>
        trainDetector(model, batches, {
          ...{ signal, checkpoints: folder, callbacks, seed: number("seed"), steps: number("steps") },
          ...{ rate: number("rate"), decay: number("decay"), saveEvery: number("saveEvery") },
          mixedPrecision: settings["mixedPrecision"] as "auto" | "on" | "off",
          ...(training && { training }),
          ...(validation.isWhole && {
            validation: {
              every: number("validateEvery"),
              measure: async (now) => rocAuc(await validation.score(now)),
              onMeasured: (step, auc) => log.append({ step, validation_auc: auc }),
            },
          }),
        }),
    });
    if (!complete) return;
    // Not the model at hand: where training had ended before, its weights are not loaded.
    const { model: best } = await openDetector(folder);
    try {
      const threshold = validation.isWhole ? balancedThreshold(await validation.score(best)) : null;
      const measure = async (split: typeof test) =>
        split.isWhole ? figuresOf(await split.score(best), threshold ?? 0.5) : null;
      description = {
        ...{ ...description, threshold },
        figures: { validation: await measure(validation), test: await measure(test) },
      };
      await describeDetector(folder, description);
    } finally {
      best.weights.dispose();
    }
    tell(description);
  } finally {
    model.weights.dispose();
  }
}

async function batchesOf({ input }: Detector, pictures: LabelledSplits, settings: Settings, cutMix: number) {
  const train = pictures.of("train");
  for (const forged of [false, true]) {
    if (train.some((picture) => picture.forged === forged)) continue;
    throw cannot("train detector", `${forged ? "forged" : "real"} pictures to train on`, "none", "the split train");
  }
  const own = { size: Number(settings["batch"]), seed: Number(settings["seed"]) };
  const features = await featuresOf(input, train.map(({ picture }) => picture));
  if (features) {
    const vectors = train.map(({ forged }, i) => ({ forged, features: features[i]! }));
    return (step: number) => featureBatch(vectors, { ...own, step });
  }
  const worsened = Number(settings["worsened"]);
  const degradation = worsened > 0 ? { blur: worsened, jpeg: worsened } : false;
  const resolution = pictureSide(input);
  return (step: number) => detectorBatch(train, { ...own, step, resolution, degradation, cutMix });
}

function factsOf(pictures: LabelledSplits) {
  const count = (split: "train" | "validation" | "test") => {
    const own = pictures.of(split);
    return {
      [`${split}_real`]: own.filter(({ forged }) => !forged).length,
      [`${split}_forged`]: own.filter(({ forged }) => forged).length,
    };
  };
  return { split_by: pictures.splitBy, ...count("train"), ...count("validation"), ...count("test") };
}

function tell({ threshold, figures }: DetectorDescription): void {
  for (const [split, figure] of Object.entries(figures)) {
    if (!figure) continue;
    const { real, forged, auc, ap, eer, accuracy } = figure;
    const at = threshold === null ? "0.5" : threshold.toFixed(3);
    say(
      `${split}: AUC ${auc.toFixed(3)}, average precision ${ap.toFixed(3)}, equal error rate ${
        eer.toFixed(3)
      }, balanced ` +
        `accuracy ${accuracy.toFixed(3)} at ${at} (${real} real, ${forged} forged).`,
    );
  }
}
