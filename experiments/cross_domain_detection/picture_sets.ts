/**
 * The sets that detectors see, read once for many detectors: with their degraded versions, and what a frozen recogniser says
 * of their faces.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type Degradation, degradePicture, selfBlend } from "doppel/data/mod.ts";
import { type Detector, scoreFeatures, scorePictures } from "doppel/detectors/mod.ts";
import type { Scored } from "doppel/evaluation/mod.ts";
import { describeFaces, type IdentityEncoder } from "doppel/faces/mod.ts";
import { cannot } from "doppel/problem.ts";
import { randomSource } from "doppel/random.ts";
import type { DetectionPicture, DomainName, DomainSets, Split, Variant } from "./sets.ts";

/** Pictures, under a name that is theirs alone. */
export interface PictureSet {
  readonly name: string;
  readonly pictures: readonly DetectionPicture[];
}

/** Which set. */
export interface SetChoice {
  readonly domain: DomainName;
  readonly variant: Variant;
  readonly split: Split;
  /** How its pictures are worsened, such as "jpeg 50"; none for not. */
  readonly degradation?: string | null;
}

/** The sets of an experiment. */
export interface PictureSets {
  /** Reads a set; of each photograph it has the real picture, then the forged one. */
  read(which: SetChoice): Promise<PictureSet>;
  /**
   * Real pictures of all domains, each photograph once: where variants treat real pictures by domain, the photographs take
   * the treatments by turns.
   */
  real(domains: readonly DomainName[], variant: Variant, split: Split): Promise<PictureSet>;
  /** The same real pictures, each followed by itself self-blended, always alike. */
  selfBlended(domains: readonly DomainName[], variant: Variant, split: Split): Promise<PictureSet>;
  /** A recogniser's features of a set, one vector a picture. */
  features(set: PictureSet): Promise<readonly Float32Array[]>;
  /** Scores a set with a detector of pictures or of features, in the set's order. */
  score(model: Detector, set: PictureSet): Promise<Scored[]>;
  /** SHA-256 of a set's pictures and labels. */
  digest(set: PictureSet): string;
}

/** Sets that are kept in memory: the test pictures of all domains, those of two with each degradation, and a source. */
const KEPT = 24;

/**
 * Opens the sets of an experiment.
 *
 * @param sets The forged sets.
 * @param encoder Whose features a linear probe sees.
 * @returns The sets; those that were asked for last are kept in memory, features and digests for good.
 */
export function openPictureSets(sets: DomainSets, encoder: IdentityEncoder): PictureSets {
  const kept = new Map<string, Promise<PictureSet>>();
  const described = new Map<string, Promise<readonly Float32Array[]>>();
  const digests = new Map<string, string>();

  const keep = (name: string, make: () => Promise<readonly DetectionPicture[]>): Promise<PictureSet> => {
    const found = kept.get(name) ?? make().then((pictures) => ({ name, pictures }));
    kept.delete(name);
    kept.set(name, found);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    return found;
  };
  const read = ({ domain, variant, split, degradation = null }: SetChoice): Promise<PictureSet> =>
    keep([variant, domain, split, degradation ?? "as it is"].join("/"), async () => {
      if (degradation === null) return await sets.read({ domain, variant, split });
      const { pictures } = await read({ domain, variant, split });
      const how = degradationOf(degradation);
      return await Promise.all(pictures.map(async (given) => ({
        ...given,
        picture: await degradePicture(given.picture, how),
      })));
    });
  const real = (domains: readonly DomainName[], variant: Variant, split: Split) =>
    keep([variant, "real", split, ...domains].join("/"), async () => {
      const chosen = new Map<string, DetectionPicture>();
      const places = new Map<string, number>();
      for (const [turn, domain] of domains.entries()) {
        const own = (await sets.read({ domain, variant, split })).filter(({ forged }) => !forged);
        for (const given of own) {
          if (!places.has(given.photo)) places.set(given.photo, places.size);
          const inTurn = places.get(given.photo)! % domains.length === turn;
          if (inTurn || !chosen.has(given.photo)) chosen.set(given.photo, given);
        }
      }
      return [...chosen.values()];
    });
  const features = (set: PictureSet) => {
    if (!described.has(set.name)) {
      described.set(set.name, describeFaces(set.pictures.map(({ picture }) => picture), { encoder }));
    }
    return described.get(set.name)!;
  };

  return {
    read,
    real,
    features,
    selfBlended: (domains, variant, split) =>
      keep([variant, "self-blended", split, ...domains].join("/"), async () => {
        const { pictures } = await real(domains, variant, split);
        return pictures.flatMap((face) => {
          const blended = selfBlend(face, randomSource(1, "self-blended pictures", face.photo));
          return [{ ...face, picture: blended.real }, { ...face, picture: blended.forged, forged: true }];
        });
      }),
    async score(model, set) {
      const scores = model.input.kind === "features"
        ? await scoreFeatures(model, await features(set))
        : await scorePictures(model, set.pictures.map(({ picture }) => picture));
      return set.pictures.map(({ forged }, i) => ({ forged, score: scores[i]! }));
    },
    digest(set) {
      const known = digests.get(set.name);
      if (known) return known;
      const hash = createHash("sha256");
      for (const { picture: { data }, photo, forged } of set.pictures) {
        hash.update(`${photo} ${forged} `).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      }
      digests.set(set.name, hash.digest("hex"));
      return digests.get(set.name)!;
    },
  };
}

/**
 * Reads how pictures are worsened.
 *
 * @param text "jpeg 50" (quality), "blur 2" (standard deviation in pixels) or "size 0.5" (share at which detail is lost).
 * @returns What `degradePicture` takes.
 * @throws {Problem} When it is none of these.
 */
export function degradationOf(text: string): Degradation {
  const [, kind, number] = /^(jpeg|blur|size) (\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const value = Number(number);
  const none = { size: 1, sigma: 0, quality: undefined };
  if (kind === "jpeg" && Number.isInteger(value) && value >= 1 && value <= 100) return { ...none, quality: value };
  if (kind === "blur" && value > 0) return { ...none, sigma: value };
  if (kind === "size" && value > 0 && value < 1) return { ...none, size: value };
  throw cannot("worsen pictures", '"jpeg 50", "blur 2" or "size 0.5"', JSON.stringify(text), "degradations");
}
