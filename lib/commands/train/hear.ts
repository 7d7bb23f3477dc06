/**
 * Trains HEAR-Net on top of a trained AEI-Net.
 *
 * @module
 */

import { join } from "node:path";
import { hearSources, occluderTextures, partByError } from "../../data/mod.ts";
import { openAei } from "../../experiment/mod.ts";
import { identityEncoder } from "../../faces/mod.ts";
import { hear, hearSizes, heuristicErrors, withHear } from "../../generators/mod.ts";
import { cannot } from "../../problem.ts";
import { useTensorFlow } from "../../runtime/mod.ts";
import { every, trainHear } from "../../training/mod.ts";
import { identitySamples } from "./identity_samples.ts";
import { readManyPersons } from "./many_persons.ts";
import { trainOnRecord } from "./record.ts";
import { type Resolved, resolveSettings, type Settings, type Typed } from "./settings.ts";

const DEFAULTS: Settings = {
  ...{ steps: 1000, batch: 8, rate: 4e-4, decay: 0.5, samePairs: 0.5, occluded: 0.75, hardFaces: 0.1 },
  ...{ identityWeight: 1, reconstructionWeight: 10, changeWeight: 1 },
  ...{ seed: 1, mixedPrecision: "auto", sampleEvery: 500, saveEvery: 500 },
};

/**
 * Trains HEAR-Net into a model folder, or goes on with one.
 *
 * @param folder The model's folder.
 * @param typed What was typed.
 * @param options `resume`: only go on; `signal`: stops after the step at hand, with everything saved.
 * @throws {Problem} When settings, faces, the AEI-Net or a checkpoint do not fit.
 */
export async function trainHearModel(
  folder: string,
  typed: Typed,
  { resume, signal }: { readonly resume: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const optional = ["source", "useAll", "aei"];
  const resolved = await resolveSettings(folder, "hear", typed, DEFAULTS, { optional, resume });
  const { settings } = resolved;
  for (const [key, value] of [["source", "DIR"], ["aei", "MODEL"]] as const) {
    if (settings[key] === undefined) throw cannot("train hear", `--${key} ${value}`, "none", "see --help");
  }
  await useTensorFlow();
  const number = (key: string) => Number(settings[key]);
  const { model: first, centre, steps: firstSteps, sha256 } = await openFirstStage(resolved, folder);
  const cleanUp = [() => first.weights.dispose()];
  try {
    const sizes = sizesFor(first.sizes.resolution);
    const { embedded, shown, painted, data } = await readManyPersons({
      ...{ model: "hear", folder: String(settings["source"]), size: sizes.resolution },
      useAll: settings["useAll"] === true,
    });
    const samples = await identitySamples(shown, centre);
    const encoder = await identityEncoder({ centre });
    cleanUp.push(() => encoder.dispose());
    const errors = await heuristicErrors(first, encoder, embedded.faces.map(({ picture }) => picture));
    const { hard, rest } = partByError(embedded.faces, errors, { share: number("hardFaces") });
    const seed = number("seed");
    const textures = await occluderTextures(painted, { seed: 1 });
    const model = hear(sizes, seed);
    cleanUp.push(() => model.weights.dispose());
    const both = withHear(first, model, encoder);
    await trainOnRecord({
      ...resolved,
      ...{ folder, model: "hear", faceType: "full", sizes: { ...sizes }, data, stage: { sha256, steps: firstSteps } },
      fit: (callbacks) =>
        // Identities are seen from the first stage's centre, whoever is trained on now.
        trainHear(model, { stage: first, encoder }, { faces: rest, sources: hearSources({ ...embedded, centre }) }, {
          ...{ seed, signal, checkpoints: folder },
          ...{ steps: number("steps"), batch: number("batch"), rate: number("rate"), decay: number("decay") },
          saveEvery: number("saveEvery"),
          mixedPrecision: settings["mixedPrecision"] as "auto" | "on" | "off",
          augmentation: { hard, textures, sameShare: number("samePairs"), occluded: number("occluded") },
          weights: {
            ...{ reconstruction: number("reconstructionWeight"), identity: number("identityWeight") },
            change: number("changeWeight"),
          },
          callbacks: [
            ...callbacks,
            every(number("sampleEvery"), ({ step }) => {
              const name = `step_${String(step).padStart(6, "0")}.png`;
              const provenance = { synthetic: "true", generator: "aei+hear", step: String(step) };
              return samples.write(join(folder, "samples", name), both, provenance);
            }),
          ],
        }),
    });
  } finally {
    cleanUp.forEach((one) => one());
  }
}

/** The AEI-Net, which has to be the same as at the beginning when a training goes on. */
async function openFirstStage({ settings, stored }: Resolved, folder: string) {
  const opened = await openAei(String(settings["aei"]));
  if (!stored?.stage || stored.stage.sha256 === opened.sha256) return opened;
  opened.model.weights.dispose();
  throw cannot(
    "go on training",
    `the AEI-Net of the beginning, of ${stored.stage.steps} steps`,
    `another, of ${opened.steps} steps`,
    `${settings["aei"]}; train into another folder than ${folder}`,
  );
}

/** The named size nearest to a resolution, at that resolution. */
function sizesFor(resolution: number) {
  return { ...(resolution < 256 ? hearSizes.small : hearSizes.paper), resolution };
}
