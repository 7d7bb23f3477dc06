import { cannot } from "doppel/problem.ts";
import { fromLab, toLab } from "./lab.ts";
import { type Picture, requirePicture } from "./picture.ts";

/**
 * Gives a picture the colours of another: in each channel of L*a*b*, mean and standard deviation are made those of the
 * reference (Reinhard, Ashikhmin, Gooch and Shirley, "Color transfer between images", 2001; DeepFaceLab calls it rct).
 *
 * Statistics are weighted by the masks, when given: what lies outside them has no say. (DeepFaceLab blackens the outside
 * and lets it count, which ties the result to the size of the mask.) The colours of the whole picture are changed.
 *
 * @example Fit a swapped face to the photograph
 * ```ts
 * import { createPicture, reinhardColourTransfer } from "doppel/image/mod.ts";
 *
 * const face = createPicture(64, 64, 3, [0.6, 0.4, 0.3]);
 * const photo = createPicture(64, 64, 3, [0.5, 0.45, 0.4]);
 * const fitted = reinhardColourTransfer(face, photo, { mask: createPicture(64, 64, 1, 1) });
 * ```
 *
 * @param picture The picture to be changed, 3 channels.
 * @param reference The picture whose colours are wanted, 3 channels, any size.
 * @param options `mask` (size of the picture) and `referenceMask` (size of the reference), 1 channel, in `[0, 1]`.
 * @returns The recoloured picture.
 * @throws {Problem} When a mask is empty or of another size than its picture.
 */
export function reinhardColourTransfer(
  picture: Picture,
  reference: Picture,
  { mask, referenceMask }: { readonly mask?: Picture; readonly referenceMask?: Picture } = {},
): Picture {
  const lab = toLab(picture);
  const from = statistics(lab, picture, mask, "the mask");
  const to = statistics(toLab(reference), reference, referenceMask, "the reference mask");
  for (let c = 0; c < 3; c++) {
    // A channel without variation has nothing to stretch; its mean alone is moved.
    const gain = from.deviation[c]! > 1e-4 ? to.deviation[c]! / from.deviation[c]! : 1;
    for (let i = c; i < lab.length; i += 3) lab[i] = (lab[i]! - from.mean[c]!) * gain + to.mean[c]!;
  }
  return fromLab(lab, picture.width, picture.height);
}

function statistics(
  lab: Float32Array,
  { width, height }: Picture,
  mask: Picture | undefined,
  name: string,
): { mean: number[]; deviation: number[] } {
  if (mask) requirePicture(mask, "transfer colour", name, { width, height, channels: 1 });
  const weightAt = (i: number) => mask ? mask.data[i]! : 1;
  const pixels = width * height;
  const mean = [0, 0, 0];
  const deviation = [0, 0, 0];
  let total = 0;
  for (let i = 0; i < pixels; i++) total += weightAt(i);
  if (!(total > 0)) throw cannot("transfer colour", `${name} with some pixels in it`, "an empty one");
  for (let i = 0; i < pixels; i++) for (let c = 0; c < 3; c++) mean[c]! += weightAt(i) * lab[i * 3 + c]! / total;
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) deviation[c]! += weightAt(i) * (lab[i * 3 + c]! - mean[c]!) ** 2 / total;
  }
  return { mean, deviation: deviation.map(Math.sqrt) };
}
