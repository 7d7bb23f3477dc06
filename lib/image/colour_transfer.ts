import { cannot } from "doppel/problem.ts";
import { iterativeDistributionTransfer } from "./iterative_distribution_transfer.ts";
import { linearColourTransfer } from "./linear_colour_transfer.ts";
import { mongeKantorovichTransfer } from "./monge_kantorovich.ts";
import { createPicture, type Picture } from "./picture.ts";
import type { ColourTransferOptions } from "./pixel_weights.ts";
import { reinhardColourTransfer } from "./reinhard_colour_transfer.ts";
import { slicedOptimalTransport } from "./sliced_optimal_transport.ts";

/**
 * DeepFaceLab's names for ways to give a picture another's colours: none; mean and deviation in L*a*b* (rct); mean and
 * covariance along principal axes (lct) or by the least move (mkl); the whole distribution by turned histograms (idt) or
 * by sliced optimal transport (sot).
 */
export const COLOUR_TRANSFERS = ["none", "rct", "lct", "mkl", "idt", "sot"] as const;

/** One of {@linkcode COLOUR_TRANSFERS}. */
export type ColourTransfer = (typeof COLOUR_TRANSFERS)[number];

const TRANSFERS: Readonly<
  Record<ColourTransfer, (picture: Picture, reference: Picture, options: ColourTransferOptions) => Picture>
> = {
  none: ({ width, height, channels, data }) => createPicture(width, height, channels, data.slice()),
  rct: reinhardColourTransfer,
  lct: linearColourTransfer,
  mkl: mongeKantorovichTransfer,
  idt: iterativeDistributionTransfer,
  sot: slicedOptimalTransport,
};

/**
 * Gives a picture the colours of another, by one of DeepFaceLab's methods (`merger/MergeMasked.py`).
 *
 * Statistics use the pixels inside the masks alone; the colours of the whole picture are changed.
 *
 * @example Fit a swapped face to the photograph
 * ```ts
 * import { createPicture, transferColour } from "doppel/image/mod.ts";
 *
 * const face = createPicture(64, 64, 3, [0.6, 0.4, 0.3]);
 * const photo = createPicture(64, 64, 3, [0.5, 0.45, 0.4]);
 * const fitted = transferColour(face, photo, { method: "mkl", mask: createPicture(64, 64, 1, 1) });
 * ```
 *
 * @param picture The picture to be changed, 3 channels in `[0, 1]`.
 * @param reference The picture whose colours are wanted, 3 channels, any size.
 * @param options The method, masks, and the seed of idt and sot.
 * @returns The recoloured picture, in `[0, 1]`; a copy with "none".
 * @throws {Problem} When the method is unknown, or a mask empty or of another size than its picture.
 */
export function transferColour(
  picture: Picture,
  reference: Picture,
  { method, ...options }: ColourTransferOptions & { readonly method: ColourTransfer },
): Picture {
  if (!COLOUR_TRANSFERS.includes(method)) {
    throw cannot("transfer colour", `one of ${COLOUR_TRANSFERS.join(", ")}`, `"${method}"`);
  }
  return TRANSFERS[method](picture, reference, options);
}
