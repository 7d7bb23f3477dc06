/**
 * A conversion by AEI-Net: one model for any pair of persons, told whose face to make by photographs.
 *
 * @module
 */

import { basename, resolve } from "node:path";
import { checkpointOf, openAei, openHear } from "../../experiment/mod.ts";
import { type FaceType, identityEncoder } from "../../faces/mod.ts";
import { type AeiModel, identityConverter, withExtrapolation } from "../../generators/mod.ts";
import { cannot } from "../../problem.ts";
import { readCheckpointNotes } from "../../training/mod.ts";
import { type ConversionModels, type Helpers, openHelpers } from "./models.ts";
import { readSource } from "./identity.ts";

/** What a conversion by AEI-Net is told. */
export interface IdentityOptions extends Helpers {
  /** A photograph of the source, or a folder of them. */
  readonly source: string | undefined;
  readonly sourcePerson: string | undefined;
  /** The second stage, if there is one. */
  readonly hear: string | undefined;
  /** By how much the source is moved away from each target, see `withExtrapolation`. */
  readonly extrapolate: number | undefined;
  readonly faceType: FaceType | undefined;
}

/**
 * Tells whether the models of a conversion are told by photographs whose face to make.
 *
 * @param paths Folders of models.
 * @returns Whether the first one is an AEI-Net.
 * @throws {Problem} When there is no model, a HEAR-Net in its place, or an AEI-Net together with another model.
 */
export async function isToldIdentity(paths: readonly string[]): Promise<boolean> {
  const names: string[] = [];
  for (const path of paths) names.push((await readCheckpointNotes(await checkpointOf(resolve(path)))).model);
  const second = names.indexOf("hear");
  if (second >= 0) {
    throw cannot("convert", "a model of df, liae or aei", "one of hear, which goes to --hear", paths[second]!);
  }
  if (!names.includes("aei")) return false;
  if (names.length > 1) throw cannot("convert", "one model of aei, which is not merged", `${names.length}`, "--model");
  return true;
}

/**
 * Opens an AEI-Net with its source.
 *
 * @param path The model's folder, or a checkpoint.
 * @param options Source, second stage, networks that help.
 * @returns What converts.
 * @throws {Problem} When a model is missing or of another kind, they do not go together, or the source shows no face.
 */
export async function openIdentityModels(
  path: string,
  { source, sourcePerson, hear, extrapolate = 0, faceType, segment, enhance }: IdentityOptions,
): Promise<ConversionModels> {
  if (source === undefined) throw cannot("convert with aei", "--source PATH, whose face to make", "none", "see --help");
  if (faceType !== undefined && faceType !== "full") throw cannot("convert", "face type full", faceType, path);
  const disposals: (() => void)[] = [];
  const dispose = () => disposals.forEach((one) => one());
  try {
    const first = await openAei(resolve(path));
    disposals.push(() => first.model.weights.dispose());
    const second = hear === undefined ? undefined : await openHear(resolve(hear), first);
    if (second) disposals.push(() => second.dispose());
    const { identity, name } = await readSource(source, {
      ...{ person: sourcePerson, size: first.model.sizes.resolution, centre: first.centre },
    });
    const model = await extrapolated(second?.model ?? first.model, first.centre, extrapolate, disposals);
    const converter = identityConverter(model, identity);
    disposals.push(() => converter.dispose());
    const helpers = await openHelpers({ segment, enhance }, "full");
    disposals.push(() => helpers.dispose());
    return {
      ...helpers,
      models: [converter],
      faceType: "full",
      provenance: {
        synthetic: "true",
        generator: second ? "aei+hear" : "aei",
        model: [path, ...hear === undefined ? [] : [hear]].map((one) => basename(resolve(one))).join("+"),
        steps: [first.steps, ...second ? [second.steps] : []].join("+"),
        ...extrapolate > 0 ? { extrapolation: String(extrapolate) } : {},
        face_of: name,
      },
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The model with its sources moved away from the targets, if they are to be. */
async function extrapolated(
  model: AeiModel,
  centre: Float32Array,
  strength: number,
  disposals: (() => void)[],
): Promise<AeiModel> {
  if (strength === 0) return model;
  const encoder = await identityEncoder({ centre });
  disposals.push(() => encoder.dispose());
  return withExtrapolation(model, encoder, strength);
}
