/**
 * The domain of swaps without learning: the source's face warped by landmarks, recoloured, blended by Poisson's equation.
 *
 * @module
 */

import { type FacePhoto, graphicsSwap } from "doppel/generators/mod.ts";
import { cropPicture, gaussianBlur, type Picture, transformPoints } from "doppel/image/mod.ts";
import { cutCrop } from "./crop.ts";
import { type Domain, forgeEach } from "./domain.ts";
import { facePhotoOf, type Target } from "./targets.ts";

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
      const { picture } = graphicsSwap(await localPhoto(data, target), await sources(target.source), { label: false });
      return {
        forged: resized(picture, target),
        matched: async (sigma) => resized(onItself(await localPhoto(data, target), sigma), target),
      };
    });
  },
};

/** What detectors see of a photograph, before it is resized: nothing outside of it is ever used. */
async function localPhoto(data: string, target: Target): Promise<FacePhoto> {
  const { photo, landmarks } = await facePhotoOf(data, target);
  const { region } = target.crop;
  return {
    photo: cropPicture(photo, region),
    landmarks: landmarks.map((value, i) => value - (i % 2 === 0 ? region.x : region.y)),
  };
}

function resized(picture: Picture, { crop: { size, region: { width, height } } }: Target): Picture {
  return cutCrop(picture, { region: { x: 0, y: 0, width, height }, size });
}

/**
 * The face swapped with itself. Its own landmarks are turned and widened by so little that no pixel moves by a whole one:
 * the warp then samples between pixels, as it does in a swap, where landmarks of two photographs never fit exactly.
 */
function onItself({ photo, landmarks }: FacePhoto, sigma: number): Picture {
  const [x, y] = [0, 1].map((axis) =>
    landmarks.filter((_, i) => i % 2 === axis).reduce((sum, value) => sum + value, 0) / (landmarks.length / 2)
  ) as [number, number];
  const [turn, scale, shift] = [0.004, 1.004, 0.3];
  const [a, b] = [scale * Math.cos(turn), scale * Math.sin(turn)];
  const moved = transformPoints([a, -b, x - a * x + b * y + shift, b, a, y - b * x - a * y + shift], landmarks);
  const source = { photo: gaussianBlur(photo, sigma), landmarks: moved };
  return graphicsSwap({ photo, landmarks }, [source], { label: false }).picture;
}
