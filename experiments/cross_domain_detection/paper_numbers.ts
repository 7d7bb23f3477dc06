/**
 * Published figures beside this run's. None is of the same protocol: other forgeries, other persons, larger networks.
 *
 * @module
 */

import { mean, type Row } from "doppel/evaluation/mod.ts";
import type { PaperComparison } from "doppel/report/mod.ts";
import { DECIDES } from "./claims.ts";
import { titleOf } from "./families.ts";
import { aucRows, openMeasurements } from "./measurements.ts";
import type { AucRow } from "./rows.ts";

/** Where the figures are from; the tables of ForensicTransfer and T-GD themselves were not at hand. */
const from = {
  ddt: "FaceForensics++ c23, accuracy: DDT (Aneja and Niessner), figures of its repository",
  bench: "DeepfakeBench, arXiv 2307.01426, trained on FaceForensics++ c23, frame-level",
  secondary: "self-blended images under DeepfakeBench's protocol, Celeb-DF v2, frame-level; cited by a later paper",
  notebooks:
    "notebooks of T-GD's authors, validation AUROC, StyleGAN2 to PGGAN; its T-GD saw pictures of the source as well",
  cored: "CoReD, arXiv 2107.02408, repository's tables: mean over ProGAN, StyleGAN, StarGAN",
} as const;

const why = "nine forgeries of 26 persons here; small networks and some hundred steps";

/**
 * Puts published figures beside those of a run.
 *
 * @param rows All rows of a run.
 * @returns What was measured here as well.
 */
export function paperNumbers(rows: readonly Row[]): PaperComparison[] {
  const own = aucRows(rows).filter((row) =>
    row.phase === "source" && row.variant === DECIDES && row.degradation === null
  );
  const at = (method: string, where: "own" | "cross", figure: "auc" | "accuracy") => {
    const found = own.filter((row) => row.method === method && (row.source === row.test) === (where === "own"));
    return average(found, figure);
  };
  const adapted = (method: string, which: "target" | "source") => adaptedAuc(rows, method, which);
  // Means over the rows and columns of the published tables: diagonals, and all that is beside them.
  const figures: readonly (readonly [string, number, string, number | undefined, string?])[] = [
    ["ForensicTransfer, in-domain", 0.9694, from.ddt, at("ft", "own", "accuracy"), "accuracy"],
    ["ForensicTransfer, cross-domain", 0.5517, from.ddt, at("ft", "cross", "accuracy"), "accuracy"],
    ["classifier, in-domain", 0.9542, from.ddt, at("classifier", "own", "accuracy"), "accuracy"],
    ["classifier, cross-domain", 0.551, from.ddt, at("classifier", "cross", "accuracy"), "accuracy"],
    ["EfficientNet of T-GD, in-domain", 0.9992, from.cored, at("efficient_net", "own", "auc"), "AUC"],
    ["EfficientNet of T-GD, cross-domain", 0.541, from.cored, at("efficient_net", "cross", "auc"), "AUC"],
    ["Xception, in-domain", 0.945, from.bench, at("xception", "own", "auc"), "AUC"],
    ["Xception, cross-domain", 0.7718, from.bench, at("xception", "cross", "auc"), "AUC"],
    ["MesoInception-4, in-domain", 0.7571, from.bench, at("meso_inception", "own", "auc"), "AUC"],
    ["MesoInception-4, cross-domain", 0.7364, from.bench, at("meso_inception", "cross", "auc"), "AUC"],
    ["self-blended images, unseen forgeries", 0.813, from.secondary, at("sbi", "cross", "auc"), "AUC"],
    ...(["fine_tuned", "tgd"] as const).flatMap((method) =>
      (["target", "source"] as const).map((which) =>
        [
          `${titleOf(method)}, ${which} after transfer`,
          notebooks[method][which],
          from.notebooks,
          adapted(method, which),
          "AUC",
        ] as const
      )
    ),
  ];
  return figures.flatMap(([what, paper, source, ours, unit]) =>
    ours === undefined ? [] : [{ what, paper, source, ours, ...(unit ? { unit } : {}), sameProtocol: false, why }]
  );
}

/** Plain fine-tuning, and T-GD at its last epoch. */
const notebooks = {
  fine_tuned: { target: 0.9985, source: 0.3512 },
  tgd: { target: 0.9982, source: 0.9763 },
} as const;

/** At the last step and with the most pictures, mean over pairs and seeds. */
function adaptedAuc(rows: readonly Row[], method: string, which: "target" | "source"): number | undefined {
  const measured = openMeasurements(rows, DECIDES);
  const shots = measured.shots.at(-1);
  const found = aucRows(rows).filter((row) =>
    row.phase === "adapted" && row.variant === DECIDES && row.method === method && row.shots === shots && row.chosen &&
    row.stop === "last" && row.test === row[which]
  );
  return average(found, "auc");
}

const average = (rows: readonly AucRow[], figure: "auc" | "accuracy") =>
  rows.length > 0 ? mean(rows.map((row) => row[figure])) : undefined;
