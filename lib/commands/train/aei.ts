/**
 * Trains AEI-Net, one network that swaps any pair of persons.
 *
 * @module
 */

import { join } from "node:path";
import { identityEncoder } from "../../faces/mod.ts";
import { aei, aeiSizes, discriminatorSizes, multiScaleDiscriminator } from "../../generators/mod.ts";
import { cannot } from "../../problem.ts";
import { useTensorFlow } from "../../runtime/mod.ts";
import { every, trainAei } from "../../training/mod.ts";
import { identitySamples } from "./identity_samples.ts";
import { readManyPersons } from "./many_persons.ts";
import { trainOnRecord } from "./record.ts";
import { resolveSettings, type Settings, type Typed } from "./settings.ts";

/** Sizes that can be trained: the paper's identity encoder gives 512 numbers, the one that is here 128. */
const SIZES = {
  small: { model: aeiSizes.small, discriminator: discriminatorSizes.small },
  paper: { model: { ...aeiSizes.paper, identity: 128 }, discriminator: discriminatorSizes.paper },
} as const;

const DEFAULTS: Settings = {
  ...{ size: "small", steps: 6000, batch: 8, rate: 1.2e-3, decay: 0.5, samePairs: 0.2, morphs: 300 },
  ...{ identityWeight: 7, attributeWeight: 10, reconstructionWeight: 10, adversarialWeight: 1 },
  ...{ seed: 1, mixedPrecision: "auto", sampleEvery: 500, saveEvery: 500 },
};

/** What experiments/aei_hear_ablation chose on persons set aside for it. */
const CHOSEN = { sampling: { mixed: 0.3, noisy: 0.2, morphed: 0.3 }, autoencode: 0.15 } as const;

/**
 * Trains AEI-Net into a model folder, or goes on with one.
 *
 * @param folder The model's folder.
 * @param typed What was typed.
 * @param options `resume`: only go on; `signal`: stops after the step at hand, with everything saved.
 * @throws {Problem} When settings, faces or a checkpoint do not fit.
 */
export async function trainAeiModel(
  folder: string,
  typed: Typed,
  { resume, signal }: { readonly resume: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const resolved = await resolveSettings(folder, "aei", typed, DEFAULTS, { optional: ["source", "useAll"], resume });
  const { settings } = resolved;
  const size = String(settings["size"]);
  if (!(size in SIZES)) throw cannot("train aei", `one of ${Object.keys(SIZES).join(", ")}`, size, "--size");
  if (settings["source"] === undefined) throw cannot("train aei", "--source DIR", "none", "see --help");
  await useTensorFlow();
  const number = (key: string) => Number(settings[key]);
  const sizes = SIZES[size as keyof typeof SIZES];
  const { embedded, shown, data } = await readManyPersons({
    ...{ model: "aei", folder: String(settings["source"]), size: sizes.model.resolution },
    useAll: settings["useAll"] === true,
    morphs: number("morphs"),
  });
  const samples = await identitySamples(shown, embedded.centre);
  const encoder = await identityEncoder({ centre: embedded.centre });
  const seed = number("seed");
  const model = aei(sizes.model, seed);
  const adversarial = number("adversarialWeight");
  const discriminator = adversarial > 0 ? multiScaleDiscriminator(sizes.discriminator, seed) : undefined;
  try {
    await trainOnRecord({
      ...resolved,
      ...{ folder, model: "aei", faceType: "full", sizes: { ...sizes.model }, data },
      fit: async (callbacks) => {
        const { averaged, ...trained } = await trainAei(model, discriminator, encoder, embedded, {
          ...{ seed, signal, checkpoints: folder, callbacks },
          ...{ steps: number("steps"), batch: number("batch"), rate: number("rate"), decay: number("decay") },
          saveEvery: number("saveEvery"),
          mixedPrecision: settings["mixedPrecision"] as "auto" | "on" | "off",
          autoencode: CHOSEN.autoencode,
          sampling: { ...CHOSEN.sampling, same: number("samePairs") },
          loss: {
            ...{ adversarial, identity: number("identityWeight"), attributes: number("attributeWeight") },
            reconstruction: number("reconstructionWeight"),
          },
          // The encoder sees each made face moved and blurred a little, so that no pattern of pixels pleases it.
          soften: {},
          watch: (now) =>
            every(number("sampleEvery"), ({ step }) => {
              const name = `step_${String(step).padStart(6, "0")}.png`;
              const provenance = { synthetic: "true", generator: "aei", step: String(step) };
              return samples.write(join(folder, "samples", name), now, provenance);
            }),
        });
        averaged.weights.dispose();
        return trained;
      },
    });
  } finally {
    model.weights.dispose();
    discriminator?.weights.dispose();
    encoder.dispose();
  }
}
