/**
 * Claims about what a detector keeps of its source when it is brought to another forgery: 21 to 25.
 *
 * @module
 */

import type { Measurements, Where } from "../measurements.ts";
import type { DomainName } from "../sets.ts";
import { above, aucElsewhere, type Comparison, meanOf, type Question, type Term } from "./comparison.ts";
import { pairUnits } from "./few_shot.ts";

/**
 * The claims. All are asked at the largest number of target pictures. What a method does by itself (21, 23) is asked of the last
 * step, since the best one is chosen with a view to the source as well; methods against each other (22) by the best step.
 *
 * @param measured The measurements of the variant that decides.
 * @returns The claims, not decided.
 */
export function forgettingQuestions(measured: Measurements): Question[] {
  const shots = measured.shots.at(-1) ?? 0;
  const at = (method: string, source: DomainName, target: DomainName, test: DomainName, more: Partial<Where> = {}) => ({
    ...{ method, source, target, test, shots },
    ...more,
  });
  const before = (method: string, source: DomainName, target: DomainName): Where =>
    at(method, source, target, source, { shots: 0 });
  const both = (of: Partial<Where> & { method: string }, against: Partial<Where> & { method: string }) =>
    pairUnits(
      measured,
      (source, target) =>
        [source, target].flatMap((test) =>
          above(at(of.method, source, target, test, of), at(against.method, source, target, test, against))
        ),
    );
  const paper = "T-GD, arXiv 2008.04115, section 4";
  return [
    {
      id: "21",
      statement:
        "Plain fine-tuning forgets the source at the rate that is best for the target, and at a tenth of it it " +
        "does not learn the target.",
      source: paper,
      parts: [
        {
          name: "source falls by 0.05 at the best rate",
          needs: ["fine_tuned"],
          margin: 0.05,
          units: pairUnits(measured, (source, target, seed) => {
            const best = bestRate(measured, source, target, seed);
            if (!best) return [];
            return above(
              before("fine_tuned", source, target),
              at("fine_tuned", source, target, source, { setting: best, stop: "last" }),
            );
          }),
        },
        {
          name: "target 0.05 lower at a tenth of it",
          needs: ["fine_tuned"],
          margin: 0.05,
          units: pairUnits(measured, (source, target, seed) => {
            const best = bestRate(measured, source, target, seed);
            const tenth = best &&
              rates(measured, source, target).find(({ rate }) => Math.abs(rate * 10 / rateOf(best) - 1) < 0.01);
            if (!best || !tenth) return [];
            return above(
              at("fine_tuned", source, target, target, { setting: best, stop: "last" }),
              at("fine_tuned", source, target, target, { setting: tenth.setting, stop: "last" }),
            );
          }),
        },
      ],
    },
    {
      id: "22",
      statement:
        "T-GD keeps more of source and target together than plain fine-tuning with the same pictures and steps.",
      source: paper,
      parts: [{
        name: "target + source, T-GD above fine-tuning",
        needs: ["tgd", "fine_tuned"],
        units: both({ method: "tgd" }, { method: "fine_tuned" }),
      }],
    },
    {
      id: "23",
      statement: "Augmentation does not keep the source; L2-SP does.",
      source: paper,
      parts: [
        {
          name: "source, with L2-SP above without",
          needs: ["l2_sp", "fine_tuned_augmented"],
          units: pairUnits(measured, (source, target) =>
            above(
              at("l2_sp", source, target, source, { stop: "last" }),
              at("fine_tuned_augmented", source, target, source, { stop: "last" }),
            )),
        },
        {
          name: "without it, source falls by 0.05",
          needs: ["fine_tuned_augmented"],
          margin: 0.05,
          units: pairUnits(measured, (source, target) =>
            above(
              before("fine_tuned_augmented", source, target),
              at("fine_tuned_augmented", source, target, source, { stop: "last" }),
            )),
        },
      ],
    },
    {
      id: "24",
      statement: "Stopping where target and source together are best on validation is better than the last step.",
      source: paper,
      parts: [{
        name: "T-GD, target + source, best above last step",
        needs: ["tgd"],
        units: both({ method: "tgd", stop: "best" }, { method: "tgd", stop: "last" }),
      }],
    },
    {
      id: "25",
      statement: "Through three domains in a row T-GD keeps less than plain fine-tuning.",
      source: "CoReD, arXiv 2107.02408, task 2",
      parts: [chained(measured)],
    },
  ];
}

function chained({ chains }: Measurements): Comparison {
  return {
    name: "all seen domains, T-GD below fine-tuning",
    needs: ["tgd", "fine_tuned"],
    direction: "lower",
    units: chains.filter((chain) => chain.split(">").length > 2).map((chain) => {
      const seen = chain.split(">") as [DomainName, ...DomainName[]];
      const at = (method: string, test: DomainName): Where => ({ method, source: seen[0], test, chain });
      return {
        pair: chain,
        terms: (): Term[] => meanOf(seen, (test) => above(at("tgd", test), at("fine_tuned", test))),
      };
    }),
  };
}

const rateOf = (setting: string): number => Number(setting.replace(/^rate /, ""));

function rates(measured: Measurements, source: DomainName, target: DomainName) {
  return measured.settings("fine_tuned", `${source}>${target}`).map((setting) => ({ setting, rate: rateOf(setting) }));
}

/** The setting with the highest AUC on the target over the other seeds: the seed it is measured on does not choose it. */
function bestRate(measured: Measurements, source: DomainName, target: DomainName, seed: number): string | undefined {
  const shots = measured.shots.at(-1) ?? 0;
  const scored = rates(measured, source, target).flatMap(({ setting }) => {
    const where: Where = { method: "fine_tuned", source, target, test: target, shots, setting, stop: "last" };
    const auc = aucElsewhere(measured, where, seed);
    return auc === undefined ? [] : [{ setting, auc }];
  });
  return scored.toSorted((a, b) => b.auc - a.auc)[0]?.setting;
}
