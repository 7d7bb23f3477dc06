/**
 * The domain of swaps without learning: the source's face warped by landmarks, recoloured, blended by Poisson's equation.
 *
 * @module
 */

import { type FacePhoto, graphicsSwap } from "doppel/generators/mod.ts";
import { gaussianBlur, type Picture, transformPoints } from "doppel/image/mod.ts";
import { cutCrop } from "./crop.ts";
import { type Domain, forgeEach } from "./domain.ts";
import { facePhotoOf } from "./targets.ts";

/** Graphics swap (FaceSwap's kind; see `graphicsSwap`). */
export const graphics: Domain = {
  title: "graphics swap",
  changes: "face",
  square: "the photograph",
  async forge(work) {
    const { context: { data }, targets } = work;
    const known = { person: "", photos: [] as FacePhoto[] };
    // The targets are ordered by person, so each source person is read once or twice.
    const sources = async (person: string) => {
      if (known.person !== person) {
        const own = targets.filter((target) => target.person === person);
        Object.assign(known, { person, photos: await Promise.all(own.map((target) => facePhotoOf(data, target))) });
      }
      return known.photos;
    };
    return await forgeEach(work, "graphics swap", targets, async (target) => {
      const photo = await facePhotoOf(data, target);
      const { picture } = graphicsSwap(photo, await sources(target.source), { label: false });
      return {
        forged: cutCrop(picture, target.crop),
        matched: async (sigma) => cutCrop(onItself(await facePhotoOf(data, target), sigma), target.crop),
      };
    });
  },
};

/**
 * The face swapped with itself. Its own landmarks are turned and widened by so little that no pixel moves by a whole one:
 * the warp then samples between pixels, as it does in a swap, where landmarks of two photographs never fit exactly.
 */
function onItself({ photo, landmarks }: FacePhoto, sigma: number): Picture {
  const centre = [0, 1].map((axis) => landmarks.filter((_, i) => i % 2 === axis).reduce((a, b) => a + b) / 68);
  const [x, y] = centre as [number, number];
  const [turn, scale] = [0.004, 1.004];
  const [a, b] = [scale * Math.cos(turn), scale * Math.sin(turn)];
  const moved = transformPoints([a, -b, x - a * x + b * y + 0.3, b, a, y - b * x - a * y + 0.3], landmarks);
  const source = { photo: gaussianBlur(photo, sigma), landmarks: moved };
  return graphicsSwap({ photo, landmarks }, [source], { label: false }).picture;
}
