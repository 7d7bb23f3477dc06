/** Forged sets of made-up pictures: a forgery is the real picture with a faint pattern, another one for each domain. */

import type { DetectionPicture, DomainName, DomainSets, Split } from "../../experiments/cross_domain_detection/sets.ts";
import { createPicture } from "doppel/image/mod.ts";

const side = 32;
/** Photographs by split. */
const photographs = { train: 6, validation: 3, test: 4 };

/** Landmarks of a face in the middle, an oval of 68 points. */
const landmarks = Float32Array.from({ length: 136 }, (_, i) => {
  const angle = 2 * Math.PI * Math.floor(i / 2) / 68;
  return side / 2 + side / 3 * (i % 2 ? Math.sin(angle) : Math.cos(angle));
});

/** Of each photograph the real picture, then the forged one. */
export function fakePictures(domain: DomainName, split: Split, photos: number, shift = 0): DetectionPicture[] {
  const period = domain === "graphics" ? 2 : 4;
  return Array.from({ length: 2 * photos }, (_, number) => {
    const [place, forged] = [Math.floor(number / 2), number % 2 === 1];
    const phase = 1 + place + shift + 100 * ["train", "validation", "test"].indexOf(split);
    const data = Float32Array.from({ length: side * side * 3 }, (_, i) => {
      const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
      const smooth = 0.5 + 0.2 * Math.sin(x / 7 + phase) + 0.2 * Math.cos(y / 9 + 2 * phase + i % 3);
      return smooth + (forged ? ((x + y) % period < period / 2 ? 0.04 : -0.04) : 0);
    });
    const photo = `${split}/${place}.jpg`;
    return {
      ...{ picture: createPicture(side, side, 3, data), forged, photo, landmarks },
      person: `${split} person ${place % 2}`,
    };
  });
}

/** Sets of all domains and both variants; `shift` makes other test pictures. */
export function fakeSets({ shift = 0 } = {}): DomainSets {
  return {
    read: ({ domain, split }) =>
      Promise.resolve(fakePictures(domain, split, photographs[split], split === "test" ? shift : 0)),
  };
}
