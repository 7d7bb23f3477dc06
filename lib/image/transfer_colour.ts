import { reinhardColourTransfer } from "./colour_transfer.ts";
import type { Picture } from "./picture.ts";

export const COLOUR_TRANSFERS = ["none", "rct"] as const;
export type ColourTransfer = typeof COLOUR_TRANSFERS[number];
export function transferColour(
  picture: Picture,
  reference: Picture,
  { method, mask, referenceMask }: { method: ColourTransfer; mask?: Picture; referenceMask?: Picture; seed?: number },
): Picture {
  return method === "none"
    ? picture
    : reinhardColourTransfer(picture, reference, { ...(mask && { mask }), ...(referenceMask && { referenceMask }) });
}
