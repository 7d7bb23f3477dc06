/**
 * What goes together in a conversion: options, masks, kinds of models.
 *
 * @module
 */

import type { MaskMode } from "../../generators/mod.ts";
import { cannot } from "../../problem.ts";
import { flagOf } from "../_arguments.ts";

/**
 * Refuses options of the other kind of model.
 *
 * @param options Those that only one kind has.
 * @param isTold Whether the model is told by photographs whose face to make.
 * @throws {Problem} When one has no meaning for the model.
 */
export function requireMeaning(
  { source, sourcePerson, hear, extrapolate, to }: Readonly<
    & Record<"source" | "sourcePerson" | "hear" | "to", string | undefined>
    & Record<"extrapolate", number | undefined>
  >,
  isTold: boolean,
): void {
  const strange = Object.entries(isTold ? { to } : { source, sourcePerson, hear, extrapolate })
    .find(([, value]) => value !== undefined);
  if (!strange) return;
  const kind = isTold ? "aei" : "df or liae";
  throw cannot("convert", `an option that a model of ${kind} has`, flagOf(strange[0]), "see --help");
}

/**
 * Chooses the mask that was asked for or goes with the model.
 *
 * @param asked The mask asked for.
 * @param hasSegment Whether there is a segmentation network, which a mask with XSeg needs and no other takes.
 * @param isTold Whether the model is told by photographs whose face to make; it predicts no mask.
 * @returns The mask.
 * @throws {Problem} When mask, model and network do not go together.
 */
export function chooseMask(asked: MaskMode | undefined, hasSegment: boolean, isTold: boolean): MaskMode {
  const [plain, segmented] = isTold
    ? ["full", "XSeg-prd*XSeg-dst"] as const
    : ["learned-prd*learned-dst", "learned-prd*learned-dst*XSeg-prd*XSeg-dst"] as const;
  const mask = asked ?? (hasSegment ? segmented : plain);
  if (mask.includes("XSeg") !== hasSegment) {
    const expected = hasSegment ? "a mask with XSeg for --segment" : "--segment DIR for a mask with XSeg";
    throw cannot("convert", expected, hasSegment ? mask : "none", "--mask");
  }
  if (isTold && mask.includes("learned")) {
    throw cannot("convert", "a mask without learned, since aei predicts none", mask, "--mask");
  }
  return mask;
}
