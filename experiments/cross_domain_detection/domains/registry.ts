/**
 * The forged domains by name. A domain more is one line here and one in `sets.ts`.
 *
 * @module
 */

import type { DomainName } from "../sets.ts";
import { deepFaceLab } from "./deepfacelab.ts";
import type { Domain } from "./domain.ts";
import { faceShifter } from "./faceshifter.ts";
import { fingerprints } from "./fingerprints.ts";
import { graphics } from "./graphics.ts";

/** The domains. */
export const domains: Readonly<Record<DomainName, Domain>> = {
  graphics,
  df: deepFaceLab("df"),
  liae: deepFaceLab("liae"),
  aei: faceShifter(1),
  aei_hear: faceShifter(2),
  nearest: fingerprints("nearest"),
  bilinear: fingerprints("bilinear"),
  transposed: fingerprints("transposed"),
  pixel_shuffle: fingerprints("pixel_shuffle"),
};
