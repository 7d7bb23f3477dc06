/**
 * `task train`: trains a model into a folder of its own.
 *
 * @module
 */

import { resolve } from "node:path";
import { detectors } from "../detectors/mod.ts";
import { TRAINED_MODELS, type TrainedModelName } from "../experiment/mod.ts";
import { FACE_TYPES } from "../faces/mod.ts";
import { dfSizes, liaeSizes } from "../generators/mod.ts";
import { COLOUR_TRANSFERS } from "../image/mod.ts";
import { cannot } from "../problem.ts";
import { closest, command, main } from "./mod.ts";
import { trainAeiModel } from "./train/aei.ts";
import { trainDetectorModel } from "./train/detector.ts";
import { METHODS } from "./train/detector_method.ts";
import { trainHearModel } from "./train/hear.ts";
import { trainNetwork } from "./train/network.ts";
import { trainPairModel } from "./train/pair.ts";

const ofDetectors = Object.values(detectors).flatMap((entry) => Object.keys(entry.sizes));
const sizes = [...new Set([...Object.keys(dfSizes), ...Object.keys(liaeSizes), ...ofDetectors])];
const PATHS = [
  ...["source", "destination", "pretrained", "continue", "masks", "aei"] as const,
  ...["data", "real", "fake", "init"] as const,
];
const MODELS = [...TRAINED_MODELS, ...Object.keys(detectors)];

/** The command. */
export const train = command({
  name: "train",
  summary: "Train a swap of two persons or of any, a segmentation or a super-resolution network, or a detector",
  description:
    `Models: df and liae, which swap the faces of two persons; aei, which learns from many persons and then swaps any
pair; hear, which brings back what aei has lost of hands, hair and glasses before a face; xseg, which tells what of a
picture is face, from hand-drawn masks; super_resolution, which sharpens what the others make. Faces come from folders of
photographs, of extractions (task extract) or of the bundled set; for aei and hear with one sub-folder a person.

The folder --out gets model.json, the checkpoint, metrics.jsonl and sample grids. Ctrl-C stops with everything saved; the
same command, or --out alone, goes on as if it had never stopped. Photographs that a set holds out (every fourth) are not
trained on, nor, by networks for all persons, those persons whom it holds out (two of five); the sample grids show
photographs that were held out.

Detectors (${Object.keys(detectors).join(", ")}) learn from --data, a
folder of real and forged pictures in sub-folders real/ and fake/, or from --real and --fake. Sub-folders train/, validation/
and test/ are kept to; without, pictures are dealt out by sub-folder (a person, a film) where there are five or more, or else
by a hash of their names. Faces are cut out, and both classes brought to one size and one JPEG quality. With --init a trained
detector is brought to the forgeries of --data, by --method.`,
  positionals: [{ name: "model", summary: `One of ${MODELS.join(", ")}` }],
  options: {
    out: { type: "text", summary: "The model's folder: a new one, or one to go on with", value: "DIR" },
    source: {
      type: "text",
      summary: "Photographs of the person whose face is put on; or of all persons",
      value: "DIR",
    },
    destination: { type: "text", summary: "Photographs of the person who gets the face", value: "DIR" },
    sourcePerson: { type: "text", summary: "Which person of a folder of several", value: "NAME" },
    destinationPerson: { type: "text", summary: "Which person of a folder of several", value: "NAME" },
    masks: { type: "text", summary: "Hand-drawn masks for xseg, by default those in --source", value: "DIR" },
    aei: { type: "text", summary: "The trained aei that hear refines", value: "MODEL" },
    useAll: { type: "flag", summary: "Train on held-out photographs and persons as well" },
    resume: { type: "flag", summary: "Only go on with a training; refuse to begin one" },
    steps: {
      type: "integer",
      summary:
        "Steps in all; default 4000 for a pair, 6000 for aei, 1000 for hear and detectors, 200 with --init, else 2000",
      min: 1,
    },
    size: { type: "choice", summary: "Size of the model, default small: 64 px; compact96: 96 px", choices: sizes },
    faceType: { type: "choice", summary: "How much of the head is replaced, default full", choices: FACE_TYPES },
    batch: {
      type: "integer",
      summary: "Faces in a batch, for a pair of each person; default 8, 4 for a pair, 16 for detectors",
      min: 1,
      max: 1024,
    },
    rate: {
      type: "number",
      summary: "Learning rate, default 4e-4 for what swaps faces, 1.2e-3 for aei, 1e-3 for detectors",
      min: 1e-8,
      max: 1,
    },
    decay: {
      type: "number",
      summary: "Share of the steps over which the rate falls to 0, default 0.5",
      min: 0,
      max: 1,
    },
    optimiser: { type: "choice", summary: "Default adam", choices: ["adam", "adabelief", "rmsprop"] },
    rateDropout: { type: "flag", summary: "Update each weight in three of ten steps only (with adabelief or rmsprop)" },
    clip: { type: "flag", summary: "Scale gradients down to a norm of 1" },
    eyesMouth: { type: "flag", summary: "Give eyes and mouth priority" },
    gan: { type: "number", summary: "Power of the patch discriminators, such as 0.1", min: 0, max: 10 },
    trueFace: { type: "number", summary: "Power of the code discriminator of df, such as 0.01", min: 0, max: 1 },
    trainingColour: {
      type: "choice",
      summary: "Recolour the source's faces after the destination's, default none",
      choices: COLOUR_TRANSFERS,
    },
    samePairs: {
      type: "number",
      summary: "Of aei, hear: share of pairs that are one photograph; default 0.2, 0.5",
      min: 0,
      max: 1,
    },
    morphs: {
      type: "integer",
      summary: "Of aei: faces between two persons, made to train on beside them; default 300, 0 for none",
      min: 0,
      max: 100_000,
    },
    identityWeight: { type: "number", summary: "Of aei, hear: weight of the identity loss; default 7, 1", min: 0 },
    reconstructionWeight: { type: "number", summary: "Of aei, hear: of the reconstruction loss; default 10", min: 0 },
    attributeWeight: { type: "number", summary: "Of aei: of the attribute loss; default 10", min: 0 },
    adversarialWeight: { type: "number", summary: "Of aei: of the adversarial loss, 0 for none; default 1", min: 0 },
    changeWeight: { type: "number", summary: "Of hear: of the loss on changes; default 1", min: 0 },
    occluded: { type: "number", summary: "Of hear: share of faces that are covered; default 0.75", min: 0, max: 1 },
    hardFaces: {
      type: "number",
      summary: "Of hear: share of faces, those that aei does worst, drawn as they are; default 0.1",
      min: 0,
      max: 0.9,
    },
    warp: { type: "number", summary: "Strength of the random warp, default 0.24, 0 for none", min: 0, max: 1 },
    unwarped: {
      type: "number",
      summary: "Share of the steps, at the end, without the warp: sharper faces; default 0.5",
      min: 0,
      max: 1,
    },
    pretrained: { type: "text", summary: "Begin with a pretrained model: its folder or checkpoint", value: "MODEL" },
    continue: { type: "text", summary: "Begin where another training ended, with other settings", value: "MODEL" },
    data: { type: "text", summary: "Of detectors: real and forged pictures, in real/ and fake/", value: "DIR" },
    real: {
      type: "text",
      summary: "Of detectors: the real pictures, with --fake in the place of --data",
      value: "DIR",
    },
    fake: { type: "text", summary: "Of detectors: the forged pictures", value: "DIR" },
    resolution: {
      type: "integer",
      summary: "Of detectors: side of their pictures; default by size",
      min: 16,
      max: 1024,
    },
    margin: { type: "number", summary: "Of detectors: margin round faces, default 0.3 of their size", min: 0, max: 3 },
    whole: { type: "flag", summary: "Of detectors: whole pictures, no faces" },
    keepFaceless: { type: "flag", summary: "Of detectors: pictures without a face are taken whole, not left out" },
    crop: { type: "text", summary: "Of detectors: cut this out of all pictures first", value: "X,Y,WIDTH,HEIGHT" },
    quality: {
      type: "integer",
      summary: "Of detectors: JPEG quality of all pictures, default the lower one of both classes",
      min: 1,
      max: 100,
    },
    worsened: {
      type: "number",
      summary: "Of detectors: share of pictures that are blurred, and compressed more, in training; default 0.1",
      min: 0,
      max: 1,
    },
    validateEvery: { type: "integer", summary: "Of detectors: steps between validations, default 50", min: 1 },
    init: { type: "text", summary: "Of detectors: begin with a trained one", value: "MODEL" },
    method: { type: "choice", summary: "With --init: how it is brought over, default fine-tune", choices: METHODS },
    seed: { type: "integer", summary: "Seed of everything random, default 1", min: 1, max: 1_000_000 },
    mixedPrecision: { type: "choice", summary: "bfloat16, default auto", choices: ["auto", "on", "off"] },
    sampleEvery: { type: "integer", summary: "Steps between sample grids, default 500", min: 1 },
    saveEvery: { type: "integer", summary: "Steps between checkpoints, default 500", min: 1 },
  },
  examples: [
    "train df --source faces/anna --destination faces/bert --out models/anna_onto_bert",
    "train liae --size compact96 --source set --source-person anna --destination bert --out models/one",
    "train df --out models/anna_onto_bert --steps 8000",
    "train aei --source faces --out models/anybody",
    "train hear --source faces --aei models/anybody --out models/anybody_hear",
    "train xseg --source photographs --masks masks --out models/masks",
    "train efficient_net --data set --out models/detector",
    "train efficient_net --init models/detector --data other_set --method tgd --out models/other",
  ],
  async run({ model }, { out, resume, ...rest }, { signal }) {
    if (!MODELS.includes(model)) {
      const near = closest(model, MODELS);
      throw cannot(
        "train",
        `one of ${MODELS.join(", ")}`,
        `"${model}"${near ? `; did you mean ${near}?` : ""}`,
      );
    }
    if (out === undefined) throw cannot("train", "--out DIR", "none", "see --help");
    const typed: Record<string, string | number | boolean | undefined> = { ...rest };
    for (const key of PATHS) if (rest[key] !== undefined) typed[key] = resolve(rest[key]);
    if (Object.hasOwn(detectors, model)) {
      return await trainDetectorModel(model, resolve(out), typed, { resume, signal });
    }
    const name = model as TrainedModelName;
    if (name === "df" || name === "liae") await trainPairModel(name, resolve(out), typed, { resume, signal });
    else if (name === "aei") await trainAeiModel(resolve(out), typed, { resume, signal });
    else if (name === "hear") await trainHearModel(resolve(out), typed, { resume, signal });
    else await trainNetwork(name, resolve(out), typed, { resume, signal });
  },
});

if (import.meta.main) await main(train);
