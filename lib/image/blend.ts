import { createPicture, type Picture, requirePicture } from "./picture.ts";

/**
 * Lays a face over a target: `target * (1 - mask) + face * mask` (DeepFaceLab's overlay mode).
 *
 * Where the mask is 0 the target's values come back bit for bit, where it is 1 the face's.
 *
 * @param target The picture underneath, 3 channels.
 * @param face The picture on top, same size.
 * @param mask 1 channel in `[0, 1]`, same size.
 * @returns The blend.
 * @throws {Problem} When the sizes differ.
 */
export function blendByMask(target: Picture, face: Picture, mask: Picture): Picture {
  const { width, height, channels } = target;
  requirePicture(face, "blend by mask", "the face", { width, height, channels });
  requirePicture(mask, "blend by mask", "the mask", { width, height, channels: 1 });
  const data = target.data.slice();
  for (let i = 0; i < mask.data.length; i++) {
    const share = mask.data[i]!;
    if (share === 0) continue;
    for (let k = i * channels; k < (i + 1) * channels; k++) {
      data[k] = share === 1 ? face.data[k]! : target.data[k]! * (1 - share) + face.data[k]! * share;
    }
  }
  return createPicture(width, height, channels, data);
}
