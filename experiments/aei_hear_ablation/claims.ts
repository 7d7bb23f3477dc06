/**
 * Claims 8 to 13 and the rules that decide them, written before the run at standard size.
 *
 * @module
 */

import {
  type AnyClaimPart,
  compareShared,
  correctClaims,
  type DecidedClaim,
  decideQuestion,
  isCrossed,
  mean,
  namePictures,
  nestRows,
  rankCorrelation,
  type Row,
} from "doppel/evaluation/mod.ts";
import { identityWeights, sameShares } from "./arms.ts";
import { FIELD_ARMS } from "./field.ts";

const levels = ["seed", "pair", "picture"] as const;

/** Rows of one kind, of one group of photographs. */
interface Measured {
  readonly kind: "swap" | "reconstruction" | "occlusion";
  /** Of swaps and reconstructions. */
  readonly group?: string;
  /** Of occlusions: another's face was put in, or the person's own. */
  readonly task?: string;
  readonly value: string;
}

/** How two arms are compared. */
interface Comparison extends Measured {
  readonly name: string;
  /** Who is claimed to be higher (or, with `lower`, lower). */
  readonly of: string;
  readonly against: string;
  readonly direction?: "higher" | "lower";
  readonly margin?: number;
  readonly band?: readonly [low: number, high: number];
  readonly unit?: string;
}

/** How a figure is claimed to follow a setting. */
interface Trend extends Measured {
  readonly name: string;
  readonly over: Readonly<Record<string, number>>;
  readonly direction: "higher" | "lower";
}

/** A part, and the arms without which it cannot be decided. */
interface Part {
  readonly arms: readonly string[];
  readonly name: string;
  make(rows: readonly Row[]): AnyClaimPart | undefined;
}

const paper = (section: string) => `FaceShifter, arXiv 1912.13457, ${section}`;
const rho = "Spearman's rho";

/**
 * Decides the claims from the rows.
 *
 * @param rows All rows of a run, those of df_vs_liae that were joined among them.
 * @returns The claims, with Holm's correction; one whose arms did not run is inconclusive for that reason.
 */
export function decideClaims(rows: readonly Row[]): DecidedClaim[] {
  const cost = rows.filter(({ kind }) => kind === "cost").reduce((sum, row) => sum + (row["seconds"] as number), 0);
  const ran = new Set(rows.map(({ arm }) => arm));
  const missing = (arm: string) => ran.has(arm) ? undefined : reasonFor(arm, rows);
  const decide = (id: string, statement: string, source: string, unit: string, parts: readonly Part[]) => {
    const asked = parts.map(({ name, arms, make }) => ({ name, needs: arms, make: () => make(rows) }));
    return decideQuestion({ id, statement, source, unit, cost, parts: asked }, missing);
  };
  const field = { kind: "swap", group: "field" } as const;
  const seen = { kind: "swap", group: "seen" } as const;
  const again = { kind: "reconstruction", group: "seen", value: "error" } as const;
  return correctClaims([
    decide(
      "8",
      "One AEI-Net for all is recognised as often as DF, and DF more often than a graphics swap, which keeps most.",
      paper("section 4"),
      "share",
      [
        compare({ name: "top-1, AEI at least DF", of: "aei", against: "df", ...field, value: "top1", margin: -0.02 }),
        compare({ name: "top-1, DF above graphics", of: "df", against: "graphics", ...field, value: "top1" }),
        ...["aei", "df"].map((against) =>
          compare({
            ...{
              name: `attr, graphics below ${against.toUpperCase()}`,
              of: "graphics",
              against,
              ...field,
              value: "attr",
            },
            ...{ direction: "lower", unit: "of random pairs" },
          })
        ),
      ],
    ),
    decide(
      "9",
      "The learned mask gives sharper faces with more identity than Add and Cat, all levels better ones than three.",
      paper("section 4, ablations"),
      "cosine",
      [
        ...["add", "cat"].flatMap((against) => [
          compare({ name: `sharper than ${against}`, of: "aad", against, ...seen, value: "sharp", unit: "ratio" }),
          compare({ name: `identity above ${against}`, of: "aad", against, ...seen, value: "gain" }),
        ]),
        compare({
          ...{ name: "reconstruction error below three levels", of: "aad", against: "three_levels", ...again },
          ...{ direction: "lower", unit: "of the range" },
        }),
      ],
    ),
    decide(
      "10",
      "The identity counts most at the lowest resolution: the mask is larger there than at the middle levels.",
      paper("section 4, ablations"),
      "M",
      [masks("aei")],
    ),
    decide(
      "11",
      "HEAR-Net brings back what lies before the face and leaves the identity as it is.",
      paper("section 3.2"),
      "cosine",
      [
        compare({
          ...{ name: "error inside the occluder lower", of: "hear", against: "aei", kind: "occlusion", task: "swap" },
          ...{ value: "inside", direction: "lower", unit: "of the range" },
        }),
        compare({
          ...{ name: "identity the same", of: "hear", against: "aei", kind: "swap", group: "occluded", value: "gain" },
          band: [-0.02, 0.02],
        }),
      ],
    ),
    decide(
      "12",
      "The more same pairs, the better the reconstruction and the less the identity.",
      "a hypothesis: re-implementations of FaceShifter differ in the share, 0.2 and 0.8",
      rho,
      [
        follow({ name: "reconstruction error falls", over: sameShares, ...again, direction: "lower" }),
        follow({ name: "identity falls", over: sameShares, ...seen, value: "gain", direction: "lower" }),
      ],
    ),
    decide(
      "13",
      "The more the identity loss weighs, the more identity and the larger the error of attributes.",
      "a hypothesis: FaceShifter weighs it with 5, re-implementations with up to 20",
      rho,
      [
        follow({ name: "identity rises", over: identityWeights, ...seen, value: "gain", direction: "higher" }),
        follow({ name: "attr rises", over: identityWeights, ...seen, value: "attr", direction: "higher" }),
      ],
    ),
  ]);
}

function compare(
  { name, of, against, value, direction = "higher", margin = 0, band, unit, ...measured }: Comparison,
): Part {
  return {
    name,
    arms: [of, against],
    make(rows) {
      const side = (arm: string) => select(rows, arm, { ...measured, value });
      const compared = compareShared(side(of), side(against), { value, levels });
      return compared && { name, ...compared, direction, ...(band ? { band } : { margin }), ...(unit && { unit }) };
    },
  };
}

function follow({ name, over, direction, value, ...measured }: Trend): Part {
  return {
    name,
    arms: Object.keys(over),
    make(rows) {
      const points = Object.entries(over).flatMap(([arm, setting]) =>
        select(rows, arm, { ...measured, value }).map((row) => ({ ...row, setting }))
      );
      // A photograph counts only where every setting was measured on it; it then has a correlation of its own.
      const each = Map.groupBy(points, (row: Row) => JSON.stringify(levels.map((level) => row[level])));
      const correlated = [...each.values()].filter(({ length }) => length === Object.keys(over).length).map((own) => ({
        ...own[0]!,
        rho: rankCorrelation(own.map((row) => ({ x: row["setting"] as number, y: row[value] as number }))),
      }));
      if (correlated.length === 0) return undefined;
      const samples = nestRows(correlated, { levels, value: "rho" });
      return { name, samples, crossed: isCrossed(correlated, levels), direction };
    },
  };
}

/** Mean of M at the lowest level against that of the middle ones: all but the lowest and the full resolution. */
function masks(arm: string): Part {
  const name = "lowest level above the middle ones";
  return {
    name,
    arms: [arm],
    make(rows) {
      const own = namePictures(rows.filter((row) => row["kind"] === "mask" && row["arm"] === arm));
      const faces = [...Map.groupBy(own, (row) => JSON.stringify(levels.map((level) => row[level]))).values()];
      const at = (which: (level: number, all: number) => boolean) =>
        faces.flatMap((face) => {
          const values = face.filter(({ level, levels: all }) => which(level as number, all as number));
          return values.length > 0 ? [{ ...face[0]!, mask: mean(values.map(({ mask }) => mask as number)) }] : [];
        });
      const [lowest, middle] = [at((level) => level === 1), at((level, all) => level > 1 && level < all)];
      const compared = compareShared(lowest, middle, { value: "mask", levels });
      return compared && { name, ...compared };
    },
  };
}

/** The rows of an arm, their photographs named across directions. */
function select(rows: readonly Row[], arm: string, { kind, group, task, value }: Measured): Row[] {
  return namePictures(
    rows.filter((row) =>
      row["kind"] === kind && row["arm"] === arm && typeof row[value] === "number" &&
      (group === undefined || row["group"] === group) && (task === undefined || row["task"] === task)
    ),
  );
}

function reasonFor(missing: string, rows: readonly Row[]): string {
  const reason = rows.find(({ kind }) => kind === "field")?.["reason"];
  return (FIELD_ARMS as readonly string[]).includes(missing) && typeof reason === "string"
    ? `${missing} was not joined: ${reason}`
    : `the arm ${missing} did not run`;
}
