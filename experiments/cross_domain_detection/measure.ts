/**
 * From scores to rows: ranking, threshold, and what each photograph contributes to the AUC.
 *
 * @module
 */

import { detectionFigures, type Scored } from "doppel/evaluation/mod.ts";
import type { AucRow, PhotosRow } from "./rows.ts";
import type { DetectionPicture, DomainName, Variant } from "./sets.ts";

/** What a row says beside its figures. */
export type AucFacts = Omit<AucRow, "kind" | "auc" | "ap" | "eer" | "accuracy" | "threshold" | "placements">;

/**
 * Measures a detector on a test set.
 *
 * @param facts Which detector, on what.
 * @param scored Scores in the set's order: of each photograph the real picture, then the forged one.
 * @param threshold Pictures that score at least this are called forged.
 * @returns The row.
 */
export function aucRow(facts: AucFacts, scored: readonly Scored[], threshold: number): AucRow {
  return {
    kind: "auc",
    ...facts,
    ...detectionFigures(scored, threshold),
    threshold,
    placements: placementsOf(scored),
  };
}

/**
 * What each photograph contributes to the AUC: the share of real pictures that score below its forgery, plus the share of
 * forgeries that score above its real picture, minus the AUC; ties count half. Their mean is the AUC. A photograph gives one
 * picture to each class, so their variance over n is DeLong's with the covariance of the two classes (DeLong, DeLong,
 * Clarke-Pearson, Biometrics 44, 1988; for clustered pictures Obuchowski, Biometrics 53, 1997).
 *
 * @param scored Of each photograph the real picture, then the forged one.
 * @returns One number a photograph, to six decimals: files hold thousands of rows.
 */
export function placementsOf(scored: readonly Scored[]): number[] {
  if (scored.length % 2 || scored.some(({ forged }, i) => forged !== (i % 2 === 1))) {
    throw new RangeError("Cannot compare photographs: expected real and forged pictures by turns");
  }
  const photos = scored.length / 2;
  const real = Array.from({ length: photos }, (_, i) => scored[2 * i]!.score);
  const forged = Array.from({ length: photos }, (_, i) => scored[2 * i + 1]!.score);
  const wins = (above: number, below: number) => above > below ? 1 : above === below ? 0.5 : 0;
  const share = (count: (i: number) => number) => {
    let sum = 0;
    for (let i = 0; i < photos; i++) sum += count(i);
    return sum / photos;
  };
  const own = real.map((score, i) => share((j) => wins(forged[i]!, real[j]!)) + share((j) => wins(forged[j]!, score)));
  const auc = share((i) => own[i]!) / 2;
  return own.map((value) => Math.round((value - auc) * 1e6) / 1e6);
}

/**
 * The photographs of a test set, in the order of placements.
 *
 * @param test The domain.
 * @param variant How real pictures were treated.
 * @param pictures The set.
 * @returns The row.
 */
export function photosRow(test: DomainName, variant: Variant, pictures: readonly DetectionPicture[]): PhotosRow {
  const own = pictures.filter(({ forged }) => !forged);
  return {
    kind: "photos",
    test,
    variant,
    photos: own.map(({ photo }) => photo),
    persons: own.map(({ person }) => person),
  };
}
