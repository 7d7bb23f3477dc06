/**
 * What a forged domain is: a way to make forgeries of photographs, and of each photograph a real picture that went through
 * the same hands.
 *
 * @module
 */

import type { ExperimentContext } from "doppel/experiment/mod.ts";
import type { Picture } from "doppel/image/mod.ts";
import type { Config } from "../presets.ts";
import type { Target, Targets } from "./targets.ts";

/** What a domain works with. */
export interface Work extends Targets {
  readonly context: ExperimentContext<Config>;
}

/** What became of one photograph; both pictures are in the square that detectors see, without label. */
export interface Made {
  readonly forged: Picture;
  /**
   * The photograph itself after the same resampling and blending.
   *
   * @param sigma Standard deviation of a Gaussian that the part that a forgery changes is softened with first, in pixels of
   * the square that the domain works in; 0 for none.
   */
  matched(sigma: number): Promise<Picture>;
}

/** A domain. */
export interface Domain {
  /** As in tables and labels. */
  readonly title: string;
  /** What a forgery changes, and where sharpness is compared: the face, or the whole picture. */
  readonly changes: "face" | "picture";
  /** What the square is in which `sigma` counts pixels. */
  readonly square: string;
  /** Trains what it needs and forges; nothing where a photograph could not be forged, which has been told. */
  forge(work: Work): Promise<(Made | undefined)[]>;
}

/**
 * Forges photographs one by one, with a progress line, until asked to stop.
 *
 * @param work What the domain works with.
 * @param name What the line says.
 * @param targets The photographs.
 * @param forge Forges one.
 * @param done How many were done before.
 * @returns One a photograph.
 */
export async function forgeEach(
  { context: { signal, progress }, targets: all }: Work,
  name: string,
  targets: readonly Target[],
  forge: (target: Target) => Promise<Made | undefined>,
  done = 0,
): Promise<(Made | undefined)[]> {
  const made: (Made | undefined)[] = [];
  for (const target of targets) {
    signal?.throwIfAborted();
    made.push(await forge(target));
    progress(`forging by ${name}`, done + made.length, all.length);
  }
  return made;
}
