/**
 * Trains the networks that help a swap: segmentation and super-resolution.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { type FaceSample, readMasks, type SetFace, withHandMasks } from "../../data/mod.ts";
import { type FaceType, xseg, xsegSizes } from "../../faces/mod.ts";
import { upscaler, upscalerSizes } from "../../generators/mod.ts";
import { cannot } from "../../problem.ts";
import { useTensorFlow } from "../../runtime/mod.ts";
import { trainSuperResolution, trainXSeg } from "../../training/mod.ts";
import { noteMissed, readFacesWithProgress } from "../_faces.ts";
import { note } from "../mod.ts";
import { trainOnRecord } from "./record.ts";
import { type Resolved, resolveSettings, type Settings, type Typed } from "./settings.ts";

const COMMON: Settings = {
  ...{ size: "small", faceType: "full", steps: 2000, batch: 8, seed: 1, mixedPrecision: "auto", saveEvery: 500 },
};
const DEFAULTS: Readonly<Record<"xseg" | "super_resolution", Settings>> = {
  xseg: { ...COMMON, rate: 2e-3 },
  super_resolution: { ...COMMON, rate: 1e-3 },
};
/** Side of the faces that super-resolution learns from; it works on any size. */
const SHARP = 128;

/**
 * Trains a network into a model folder, or goes on with one.
 *
 * @param model Which.
 * @param folder The model's folder.
 * @param typed What was typed.
 * @param options `resume`: only go on; `signal`: stops after the step at hand, with everything saved.
 * @throws {Problem} When settings, faces or masks do not fit.
 */
export async function trainNetwork(
  model: "xseg" | "super_resolution",
  folder: string,
  typed: Typed,
  { resume, signal }: { readonly resume: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const optional = ["source", "useAll", ...(model === "xseg" ? ["masks"] : [])];
  const resolved = await resolveSettings(folder, model, typed, DEFAULTS[model], { optional, resume });
  const { settings } = resolved;
  const known: Readonly<Record<string, object>> = model === "xseg" ? xsegSizes : upscalerSizes;
  const size = String(settings["size"]);
  if (!known[size]) throw cannot(`train ${model}`, `one of ${Object.keys(known).join(", ")}`, size, "--size");
  if (settings["source"] === undefined) throw cannot(`train ${model}`, "--source DIR", "none", "see --help");
  await useTensorFlow();
  const number = (key: string) => Number(settings[key]);
  const seed = number("seed");
  const how = {
    ...{ seed, signal, checkpoints: folder, steps: number("steps"), batch: number("batch"), rate: number("rate") },
    ...{ saveEvery: number("saveEvery"), mixedPrecision: settings["mixedPrecision"] as "auto" | "on" | "off" },
  };
  const record = { ...resolved, folder, model, faceType: settings["faceType"] as FaceType, sizes: { ...known[size] } };
  if (model === "xseg") {
    const own = xsegSizes[size as keyof typeof xsegSizes];
    const faces = await maskedFaces(resolved, own.resolution);
    const network = xseg(own, seed);
    try {
      await trainOnRecord({ ...record, fit: (callbacks) => trainXSeg(network, faces, { ...how, callbacks }) });
    } finally {
      network.weights.dispose();
    }
    return;
  }
  const pictures = (await readFaces(resolved, SHARP)).map(({ picture }) => picture);
  const network = upscaler(upscalerSizes[size as keyof typeof upscalerSizes], seed);
  try {
    await trainOnRecord({
      ...record,
      fit: (callbacks) => trainSuperResolution(network, pictures, { ...how, callbacks }),
    });
  } finally {
    network.weights.dispose();
  }
}

async function readFaces({ settings }: Resolved, size: number): Promise<SetFace[]> {
  const set = await readFacesWithProgress(String(settings["source"]), {
    ...{ size, faceType: settings["faceType"] as FaceType },
    ...(settings["useAll"] === true ? {} : { identitySplit: "train" as const }),
  });
  noteMissed(set);
  return [...set.faces];
}

/** Faces whose masks were drawn by hand. */
async function maskedFaces(resolved: Resolved, size: number): Promise<FaceSample[]> {
  const source = String(resolved.settings["source"]);
  const beside = join(source, "masks");
  const folder = String(resolved.settings["masks"] ?? (existsSync(beside) ? beside : source));
  const faces = await readFaces(resolved, size);
  const { masks, unused } = await readMasks(folder, {
    photographs: faces.map(({ path }) => path),
    photoFolder: source,
  });
  const masked = withHandMasks(faces, masks);
  if (masked.faces.length === 0) throw cannot("train xseg", "masks of the photographs", "none", folder);
  if (masked.missed.length > 0) note(`${masked.missed.length} faces have no mask and are left out.`);
  if (unused.length > 0) note(`${unused.length} masks are of other photographs and are left out.`);
  return [...masked.faces];
}
