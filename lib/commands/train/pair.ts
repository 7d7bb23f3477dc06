/**
 * Trains a swap of two persons.
 *
 * @module
 */

import { join } from "node:path";
import { checkpointOf } from "../../experiment/mod.ts";
import type { FaceType } from "../../faces/mod.ts";
import { df, dfSizes, liae, liaeSizes, type OptimiserName, type Sizes } from "../../generators/mod.ts";
import type { ColourTransfer } from "../../image/mod.ts";
import { cannot } from "../../problem.ts";
import { useTensorFlow } from "../../runtime/mod.ts";
import { every, readCheckpointNotes, type StartingPoint, trainPair } from "../../training/mod.ts";
import { readPerson } from "./persons.ts";
import { trainOnRecord } from "./record.ts";
import { writeSamples } from "./samples.ts";
import { type Resolved, resolveSettings, type Settings, type Typed } from "./settings.ts";

/** Sizes that have a name, by model. */
const SIZES: Readonly<Record<"df" | "liae", Readonly<Record<string, Sizes>>>> = { df: dfSizes, liae: liaeSizes };

/** Settings that nobody has typed: the experiments' for two cores. */
const DEFAULTS: Settings = {
  size: "small",
  faceType: "full",
  steps: 4000,
  batch: 4,
  rate: 4e-4,
  decay: 0.5,
  optimiser: "adam",
  warp: 0.24,
  unwarped: 0.5,
  trainingColour: "none",
  seed: 1,
  mixedPrecision: "auto",
  sampleEvery: 500,
  saveEvery: 500,
};
const OPTIONAL = [
  ...["source", "destination", "sourcePerson", "destinationPerson", "useAll", "pretrained", "continue"],
  ...["gan", "trueFace", "rateDropout", "clip", "eyesMouth"],
];

/**
 * Trains a pair into a model folder, or goes on with one.
 *
 * @param model Which.
 * @param folder The model's folder.
 * @param typed What was typed.
 * @param options `resume`: only go on; `signal`: stops after the step at hand, with everything saved.
 * @throws {Problem} When settings, faces or a checkpoint do not fit.
 */
export async function trainPairModel(
  model: "df" | "liae",
  folder: string,
  typed: Typed,
  { resume, signal }: { readonly resume: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const resolved = await resolveSettings(folder, model, typed, DEFAULTS, { optional: OPTIONAL, resume });
  const { settings } = resolved;
  const text = (key: string) => settings[key] as string | undefined;
  const number = (key: string) => Number(settings[key]);
  const sizes = SIZES[model][text("size")!];
  if (!sizes) throw cannot(`train ${model}`, `one of ${Object.keys(SIZES[model]).join(", ")}`, text("size")!, "--size");
  if (settings["trueFace"] && model !== "df") throw cannot("train liae", "no --true-face, which is of df", "it");
  const start = await startingPoint(resolved, model, sizes);
  const faceType = text("faceType") as FaceType;
  await useTensorFlow();
  const read = (side: "source" | "destination") => {
    const from = text(side);
    if (from === undefined) throw cannot(`train ${model}`, `--${side} DIR`, "none", "see --help");
    return readPerson({
      ...{ folder: from, side, faceType, size: sizes.resolution, person: text(`${side}Person`) },
      ...{ eyesMouth: settings["eyesMouth"] === true, useAll: settings["useAll"] === true },
    });
  };
  const source = await read("source");
  const destination = await read("destination");
  const seed = number("seed");
  const network = (model === "df" ? df : liae)(sizes, seed);
  const colour = text("trainingColour") as ColourTransfer;
  try {
    await trainOnRecord({
      ...resolved,
      ...{ folder, model, faceType, sizes: { ...sizes } },
      persons: {
        source: { name: source.person, faces: source.train.length },
        destination: { name: destination.person, faces: destination.train.length },
      },
      fit: (callbacks) =>
        trainPair(network, { source: source.train, destination: destination.train }, {
          ...{ seed, discriminatorSeed: seed, signal, checkpoints: folder },
          ...{ steps: number("steps"), batch: number("batch"), rate: number("rate"), decay: number("decay") },
          saveEvery: number("saveEvery"),
          optimiser: text("optimiser") as OptimiserName,
          augmentation: { warp: number("warp") },
          unwarped: number("unwarped"),
          mixedPrecision: text("mixedPrecision") as "auto" | "on" | "off",
          ...(colour !== "none" && { trainingColour: { method: colour } }),
          ...(settings["rateDropout"] === true && { keep: 0.3 }),
          ...(settings["clip"] === true && { clipNorm: 1 }),
          ...(settings["eyesMouth"] === true && { loss: { eyesMouth: 300 } }),
          ...(settings["gan"] !== undefined && { gan: { power: number("gan") } }),
          ...(settings["trueFace"] !== undefined && { trueFace: { power: number("trueFace") } }),
          ...(start && { start }),
          callbacks: [
            ...callbacks,
            every(number("sampleEvery"), ({ step }) => {
              const name = `step_${String(step).padStart(6, "0")}.png`;
              const shown = { source: source.shown, destination: destination.shown };
              const provenance = { synthetic: "true", generator: model, step: String(step) };
              return writeSamples(join(folder, "samples", name), network, shown, provenance);
            }),
          ],
        }),
    });
  } finally {
    network.weights.dispose();
  }
}

/** Another training's checkpoint, looked at before anything is written. */
async function startingPoint(
  { settings, stored }: Resolved,
  model: string,
  sizes: Sizes,
): Promise<StartingPoint | undefined> {
  const { pretrained, continue: continued } = settings as Record<string, string | undefined>;
  if (pretrained && continued) throw cannot(`train ${model}`, "either --pretrained or --continue", "both");
  const from = pretrained ?? continued;
  // A training that goes on has a checkpoint of its own; where it came from may be gone.
  if (!from || stored) return undefined;
  const checkpoint = await checkpointOf(from);
  const notes = await readCheckpointNotes(checkpoint);
  const words = (name: string, own: object) =>
    `${name} of ${JSON.stringify(Object.fromEntries(Object.entries(own).sort()))}`;
  const [wanted, found] = [words(model, sizes), words(notes.model, notes.sizes)];
  if (wanted !== found) throw cannot(`train ${model}`, `a checkpoint of ${wanted}`, `one of ${found}`, checkpoint);
  return { checkpoint, as: pretrained ? "pretrained" : "continued" };
}
