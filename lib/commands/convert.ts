/**
 * `task convert`: swaps the faces of photographs and videos.
 *
 * @module
 */

import { resolve } from "node:path";
import { FACE_TYPES } from "../faces/mod.ts";
import { type ConvertOptions, MASK_MODES, MERGE_MODES } from "../generators/mod.ts";
import { COLOUR_TRANSFERS } from "../image/mod.ts";
import { cannot, sentence } from "../problem.ts";
import { useTensorFlow } from "../runtime/mod.ts";
import { chooseMask, requireMeaning } from "./convert/choices.ts";
import { isToldIdentity, openIdentityModels } from "./convert/identity_models.ts";
import { openModels } from "./convert/models.ts";
import { convertPhotograph } from "./convert/photograph.ts";
import { listTargets, type Target } from "./convert/targets.ts";
import { convertVideo, type VideoOutcome } from "./convert/video.ts";
import { command, main, note, progress, say } from "./mod.ts";

// It changes nothing, or gives another picture than the photograph: neither is a conversion.
const modes = MERGE_MODES.filter((mode) => mode !== "original");

/** The command. */
export const convert = command({
  name: "convert",
  summary: "Swap the faces of photographs and videos with a trained model",
  description:
    `Puts the source's face into photographs, folders of them, or videos of the destination. Photographs become PNG or
JPEG, videos MP4 with their sound; outside of the face nothing is changed but for the label. Everything carries the label
SYNTHETIC and says in its metadata what made it.

A model of df or liae knows its two persons. One of aei swaps any pair: whose face it makes is told by --source, a
photograph or a folder of one person's, of which the mean counts; --hear then brings back what lies before the face.

In a folder, files without a face are listed and passed over. A video is worked on as a stream; frames without a face stay
as they are and are counted.`,
  options: {
    model: {
      type: "text",
      summary: "A model's folder; given twice, both models' faces are merged",
      value: "DIR",
      many: true,
    },
    source: { type: "text", summary: "With aei: a photograph or a folder of whose face they get", value: "PATH" },
    sourcePerson: { type: "text", summary: "Which person of a folder of several", value: "NAME" },
    hear: { type: "text", summary: "With aei: the hear model that was trained on it", value: "DIR" },
    extrapolate: {
      type: "number",
      summary: "With aei: move the source away from each target by so much of what lies between them; 0.25 helps",
      min: 0,
      max: 1,
    },
    target: { type: "text", summary: "A photograph, a video, or a folder of both", value: "PATH" },
    out: { type: "text", summary: "A file for one file, or a folder", value: "PATH" },
    to: {
      type: "choice",
      summary: "With df, liae: whose face they get, default source",
      choices: ["source", "destination"],
    },
    mode: { type: "choice", summary: "How the face is put in", choices: modes, default: "overlay" },
    mask: {
      type: "choice",
      summary: "Where it goes; default learned-prd*learned-dst, with aei full; with --segment times XSeg-prd*XSeg-dst",
      choices: MASK_MODES,
    },
    colour: {
      type: "choice",
      summary: "How it takes on the colours; default rct, with aei none",
      choices: COLOUR_TRANSFERS,
    },
    erode: { type: "number", summary: "Shrink the mask, as a share of the face; negative widens", min: -0.5, max: 0.5 },
    blur: {
      type: "number",
      summary: "Soften the mask's edge, as a share of the face; default 0.015, with aei 0.03",
      min: 0,
      max: 0.5,
    },
    sharpen: { type: "number", summary: "-100 to 100: sharpen the face, or blur it", min: -100, max: 100 },
    sharpenWindow: { type: "choice", summary: "How --sharpen sharpens", choices: ["box", "gaussian"] },
    motionBlur: { type: "number", summary: "Of a video: blur by so many percent of the motion", min: 0, max: 100 },
    denoise: { type: "number", summary: "Take noise out of the face", min: 0, max: 500 },
    degrade: { type: "number", summary: "Take detail out of the face, to match a poor picture", min: 0, max: 100 },
    degradeColour: { type: "number", summary: "Take colours out of the face", min: 0, max: 100 },
    faceScale: { type: "number", summary: "Make the face so many percent larger", min: -50, max: 50 },
    faceType: { type: "choice", summary: "How faces are cut out, where no model.json says it", choices: FACE_TYPES },
    enhance: { type: "text", summary: "A super_resolution model that sharpens the face", value: "DIR" },
    enhancePower: { type: "number", summary: "How much of the sharpened face is mixed in", min: 0, max: 100 },
    segment: { type: "text", summary: "An xseg model for masks with XSeg", value: "DIR" },
    label: { type: "text", summary: "The visible label; none for no label", value: "TEXT", default: "SYNTHETIC" },
    faces: { type: "choice", summary: "Which faces are swapped", choices: ["largest", "all"], default: "largest" },
    minScore: { type: "number", summary: "Least score of the detector", min: 0.01, max: 0.99, default: 0.5 },
    detectEvery: { type: "integer", summary: "Of a video: frames between detections", min: 1, default: 25 },
    format: { type: "choice", summary: "Of photographs in a folder", choices: ["png", "jpeg"], default: "png" },
    quality: {
      type: "integer",
      summary: "Of a video: 0 best and large, 51 worst and small",
      min: 0,
      max: 51,
      default: 18,
    },
  },
  examples: [
    "convert --model models/anna_onto_bert --target bert.jpg --out swap.png",
    "convert --model models/anna_onto_bert --target interview.mp4 --out swap.mp4 --colour lct",
    "convert --model models/anybody --source anna.jpg --target bert.jpg --out swap.png",
    "convert --model models/one --model models/two --target photographs --out swapped --mask dst",
  ],
  async run(_, options, { signal }) {
    const { model: paths, target, out, label: words, segment, enhance, faceType, format, quality } = options;
    if (paths.length === 0) throw cannot("convert", "--model DIR", "none", "see --help");
    if (target === undefined) throw cannot("convert", "--target PATH", "none", "see --help");
    if (out === undefined) throw cannot("convert", "--out PATH", "none", "see --help");
    if (options.enhancePower !== undefined && enhance === undefined) {
      throw cannot("convert", "--enhance DIR with --enhance-power", "none", "see --help");
    }
    const isTold = await isToldIdentity(paths);
    requireMeaning(options, isTold);
    const mask = chooseMask(options.mask, segment !== undefined, isTold);
    const { targets, others } = await listTargets(target, resolve(out), format);
    if (options.motionBlur !== undefined && !targets.some(({ isVideo }) => isVideo)) {
      throw cannot("convert", "a video for --motion-blur", "photographs, which do not move", target);
    }
    await useTensorFlow();
    const { source, sourcePerson, hear, extrapolate, to = "source" } = options;
    const opened = isTold
      ? await openIdentityModels(paths[0]!, { source, sourcePerson, hear, extrapolate, segment, enhance, faceType })
      : await openModels(paths, { segment, enhance, faceType, to });
    const { faces, minScore, detectEvery } = options;
    // AEI-Net keeps the target's colours, and all of its square goes back: the edge is wider.
    const { colour = isTold ? "none" : "rct", blur = isTold ? 0.03 : undefined } = options;
    const { erode, sharpen, sharpenWindow, denoise, degrade, degradeColour, faceScale, enhancePower } = options;
    const given = { erode, blur, sharpen, sharpenWindow, denoise, degrade, degradeColour, faceScale, enhancePower };
    const how: Omit<ConvertOptions, "motionBlur"> = {
      ...{ to, mask, mode: options.mode, colour, faceType: opened.faceType },
      label: words === "none" ? false : words,
      ...(opened.segment && { segment: opened.segment }),
      ...(opened.enhance && { enhance: opened.enhance }),
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    };
    const { provenance } = opened;
    const one = async (file: Target): Promise<string> => {
      if (!file.isVideo) {
        const count = await convertPhotograph(opened.models, file, { ...how, faces, minScore, provenance });
        return count === 1 ? file.out : `${file.out}, ${count} faces`;
      }
      const bar = progress(`Converting ${file.name}`, { unit: "frame" });
      try {
        const outcome = await convertVideo(opened.models, file, {
          ...{ ...how, faces, minScore, detectEvery, quality, provenance, signal },
          ...(options.motionBlur !== undefined && { motionBlur: options.motionBlur }),
          onProgress: (done, total) => bar.update(done, total === undefined ? {} : { total }),
        });
        return `${file.out}, ${wordsOf(outcome)}`;
      } finally {
        bar.clear();
      }
    };
    try {
      await convertAll(targets, one, signal);
    } finally {
      opened.dispose();
    }
    if (others.length > 0) note(`${others.length} other files are neither photographs nor videos.`);
  },
});

/** Converts one file after the other; of several, those that fail are listed and passed over. */
async function convertAll(
  targets: readonly Target[],
  one: (target: Target) => Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  const [single] = targets;
  if (targets.length === 1) return say(await one(single!));
  const bar = progress("Converting", { total: targets.length, unit: "file" });
  let [done, failed] = [0, 0];
  try {
    for (const target of targets) {
      signal.throwIfAborted();
      try {
        say(await one(target));
        done++;
      } catch (error) {
        const reason = sentence(error);
        if (reason === undefined) throw error;
        failed++;
        note(`Passed over ${target.name}: ${reason}`);
      }
      bar.update(done + failed);
    }
  } finally {
    bar.clear();
    say(`${done} of ${targets.length} files converted.`);
  }
  if (done === 0) throw cannot("convert", "a file with a face", `none among ${targets.length}`);
}

/** "250 frames, 12 of them without a face, sound copied; 6.1 frames a second" */
function wordsOf({ frames, faceless, refused, sound, rate, milliseconds }: VideoOutcome): string {
  const parts = [
    `${frames} frames`,
    ...(faceless > 0 ? [`${faceless} of them without a face`] : []),
    ...(refused > 0 ? [`${refused} with an empty mask, left as they were`] : []),
    `sound: ${sound}`,
  ];
  const each = Object.entries(milliseconds).map(([part, time]) => `${part} ${time.toFixed(0)}`).join(", ");
  return `${parts.join(", ")}; ${rate.toFixed(1)} frames a second (ms a frame: ${each})`;
}

if (import.meta.main) await main(convert);
