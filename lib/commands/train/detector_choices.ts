/**
 * What the options of a detector's training choose: which pictures, which network, which method.
 *
 * @module
 */

import type { LabelledPicturesOptions, LabelledSource, Preparation } from "../../data/mod.ts";
import { type Detector, type DetectorEntry, type DetectorSizes, pictureSide } from "../../detectors/mod.ts";
import { DETECTOR_MARGIN, openDetector, type OpenedDetector } from "../../experiment/mod.ts";
import { cannot } from "../../problem.ts";
import { readRegion } from "../_labelled.ts";
import type { Method } from "./detector_method.ts";
import type { Settings, Typed } from "./settings.ts";

/** The method by which a trained detector is brought over; none without one to begin with. */
export function methodOf(name: string, { init, method }: Typed): Method | undefined {
  if (init !== undefined) return (method ?? "fine-tune") as Method;
  if (method === undefined) return undefined;
  throw cannot(`train ${name}`, "--init RUN with --method", "none", "see --help");
}

/** Where the pictures are. */
export function sourceOf(name: string, { data, real, fake }: Settings): LabelledSource {
  if (data !== undefined && real === undefined && fake === undefined) return String(data);
  if (data === undefined && real !== undefined && fake !== undefined) {
    return { real: String(real), forged: String(fake) };
  }
  const given = Object.entries({ data, real, fake }).filter(([, value]) => value !== undefined);
  const got = given.map(([key]) => `--${key}`).join(" and ") || "none";
  throw cannot(`train ${name}`, "--data DIR, or --real DIR and --fake DIR", got, "see --help");
}

/** Opens the detector to begin with. */
export async function openInit(name: string, { init, size, resolution }: Settings): Promise<OpenedDetector> {
  const path = String(init);
  if (size !== undefined || resolution !== undefined) {
    throw cannot(`train ${name}`, "no --size and no --resolution with --init, whose network it is", "one of them");
  }
  const opened = await openDetector(path);
  if (opened.model.name === name) return opened;
  opened.model.weights.dispose();
  throw cannot(`train ${name}`, `a detector of ${name} to begin with`, `one of ${opened.model.name}`, path);
}

/** The sizes of a detector to be made. */
export function sizesOf(entry: DetectorEntry, { size, resolution }: Settings): DetectorSizes {
  const named = Object.keys(entry.sizes);
  // Not every detector has a size of that name: of a linear probe the recogniser is chosen.
  const chosen = String(size ?? (named.includes("small") ? "small" : named[0]));
  const sizes = Object.hasOwn(entry.sizes, chosen) ? entry.sizes[chosen]! : undefined;
  if (!sizes) throw cannot(`train ${entry.name}`, `one of ${named.join(", ")}`, chosen, "--size");
  if (resolution === undefined) return sizes;
  if ("resolution" in sizes) return { ...sizes, resolution: Number(resolution) };
  throw cannot(`train ${entry.name}`, "no --resolution, since it sees no pictures", String(resolution));
}

/** How pictures are prepared: as it was typed, or as those were that the detector has seen before. */
export function preparationOf(
  { input }: Detector,
  settings: Settings,
  before: Preparation | undefined,
): Pick<LabelledPicturesOptions, "resolution" | "crop" | "margin" | "quality"> {
  const { crop, margin, quality, whole } = settings;
  const given = margin === undefined ? before?.margin : Number(margin);
  const compression = quality === undefined ? before?.quality : Number(quality);
  return {
    resolution: pictureSide(input),
    crop: crop === undefined ? before?.crop ?? null : readRegion(String(crop)),
    margin: whole === true ? null : given === undefined ? DETECTOR_MARGIN : given,
    ...(typeof compression === "number" && { quality: compression }),
  };
}
