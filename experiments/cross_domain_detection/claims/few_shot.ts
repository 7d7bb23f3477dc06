/**
 * Claims about detectors that saw a few pictures of the other forgery: 16, 18, 19.
 *
 * @module
 */

import type { Measurements, Where } from "../measurements.ts";
import type { DomainName } from "../sets.ts";
import { above, type Comparison, type Question, type Unit } from "./comparison.ts";

/** AUC on the target of a method after so many forged pictures of it. */
interface Adapted {
  readonly method: string;
  readonly shots: number;
}

/**
 * The claims.
 *
 * @param measured The measurements of the variant that decides.
 * @returns The claims, not decided.
 */
export function fewShotQuestions(measured: Measurements): Question[] {
  const compare = (name: string, of: Adapted, against: Adapted, margin = 0): Comparison => ({
    name,
    needs: [of.method, against.method],
    margin,
    units: pairUnits(
      measured,
      (source, target) => above({ source, target, test: target, ...of }, { source, target, test: target, ...against }),
    ),
  });
  const zeroShot = (name: string, method: string): Comparison => ({
    name,
    needs: ["ft", method],
    units: measured.sources.flatMap((source) =>
      measured.tests.filter((test) => test !== source).map((test) => ({
        pair: `${source}>${test}`,
        terms: () => above({ method: "ft", source, test }, { method, source, test }),
      }))
    ),
  });
  const paper = (section: string) => `ForensicTransfer, arXiv 1812.02510, ${section}`;
  return [
    {
      id: "16",
      statement:
        "Five pictures of the target bring ForensicTransfer far, and with a hundred it is ahead of a classifier.",
      source: paper("section 4"),
      parts: [
        compare("5 pictures 0.03 above none", { method: "ft", shots: 5 }, { method: "ft", shots: 0 }, 0.03),
        compare("100 pictures, above the classifier", { method: "ft", shots: 100 }, {
          method: "fine_tuned_classifier",
          shots: 100,
        }),
      ],
    },
    {
      id: "18",
      statement: "The reconstruction and the selection of one half of the code both help to carry over.",
      source: paper("section 3"),
      parts: Object.entries({ ft_gamma_0: "gamma 0", ft_no_selection: "no selection" }).flatMap(([method, words]) => [
        zeroShot(`zero-shot, above ${words}`, method),
        compare(`10 pictures, above ${words}`, { method: "ft", shots: 10 }, { method, shots: 10 }),
      ]),
    },
    {
      id: "19",
      statement:
        "ForensicTransfer as its paper has it is ahead of the one on RGB with ten epochs that it is compared by.",
      source: "T-GD, arXiv 2008.04115, section 4: its ForensicTransfer",
      parts: [
        compare("100 pictures, above RGB and 10 epochs", { method: "ft", shots: 100 }, {
          method: "ft_rgb_10_epochs",
          shots: 100,
        }),
      ],
    },
  ];
}

/**
 * One unit for each pair of source and target of adaptation.
 *
 * @param measured The measurements.
 * @param terms What is compared in a pair, in a seed.
 * @returns The units.
 */
export function pairUnits(
  { pairs }: Pick<Measurements, "pairs">,
  terms: (source: DomainName, target: DomainName, seed: number) => readonly { weight: number; where: Where }[],
): Unit[] {
  return pairs.map((pair) => {
    const [source, target] = pair.split(">") as [DomainName, DomainName];
    return { pair, terms: (seed) => terms(source, target, seed) };
  });
}
