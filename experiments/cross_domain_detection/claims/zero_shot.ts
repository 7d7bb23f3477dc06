/**
 * Claims about detectors as they were trained, without a picture of the other forgery: 14, 15, 17, 20, 26 to 28.
 *
 * @module
 */

import { areNear, families } from "../families.ts";
import type { Measurements } from "../measurements.ts";
import { detectorNames } from "../methods.ts";
import type { DomainName } from "../sets.ts";
import { above, as, type Comparison, meanOf, type Question, type Term, type Unit } from "./comparison.ts";

/** Detectors that learn from one forgery; self-blending learns from real faces alone. */
const supervised = detectorNames.filter((name) => name !== "sbi");

/**
 * The claims.
 *
 * @param measured The measurements of the variant that decides.
 * @returns The claims, not decided.
 */
export function zeroShotQuestions(measured: Measurements): Question[] {
  const ran = supervised.filter((name) => measured.methods.has(name));
  // Without any of them there is something to name as missing.
  const all = ran.length > 0 ? ran : supervised;
  const atHome = unitsOf(measured, (source, test) => source === test);
  const abroad = unitsOf(measured, (source, test) => source !== test);
  const unlike = unitsOf(measured, (source, test) => !areNear(source, test));
  const nearest = unitsOf(measured, (source, test) => source !== test && areNear(source, test));
  const own = (method: string) => (source: DomainName) => as({ method, source, test: source });
  const cross = (method: string) => (source: DomainName, test: DomainName) => as({ method, source, test });
  const beat = (name: string, of: string, against: string, units: Units, lower = false): Comparison => ({
    name,
    needs: [of, against],
    units: units((source, test) => above({ method: of, source, test }, { method: against, source, test })),
    ...(lower ? { direction: "lower" } : {}),
  });
  return [
    {
      id: "14",
      statement:
        "Forgeries of AEI-Net are harder to see the more they are compressed, and by detectors of other forgeries.",
      source: "FaceForensics++, benchmark of FaceShifter; DeepfakeBench",
      parts: [...compression(all), {
        name: "transfer to AEI 0.15 below in-domain",
        needs: all,
        margin: 0.15,
        units: unitsOf(measured, (source, test) => test === "aei" && !areNear(source, test))((source, test) =>
          meanOf(all, (method) => above({ method, source, test: source }, { method, source, test }))
        ),
      }],
    },
    {
      id: "15",
      statement: "Detectors are near perfect on their own forgery and near chance on unlike ones; on the nearest one " +
        "ForensicTransfer is ahead of a classifier.",
      source: "ForensicTransfer, arXiv 1812.02510, section 4",
      parts: [
        ...["ft", "classifier"].flatMap((method): Comparison[] => [
          { name: `in-domain, ${method} above 0.95`, needs: [method], reference: 0.95, units: atHome(own(method)) },
          {
            name: `unlike domains, ${method} under 0.75`,
            needs: [method],
            reference: 0.75,
            direction: "lower",
            units: unlike(cross(method)),
          },
        ]),
        beat("nearest domain, ft above classifier", "ft", "classifier", nearest),
      ],
    },
    {
      id: "17",
      statement: "High-pass residuals carry over better than RGB, and detect their own forgery worse.",
      source: "ForensicTransfer, section 3; Nguyen et al., arXiv 1906.06876",
      parts: [
        beat("zero-shot, residuals above RGB", "ft", "ft_rgb", abroad),
        beat("in-domain, residuals below RGB", "ft", "ft_rgb", atHome, true),
      ],
    },
    {
      id: "20",
      statement: "Trained on one forgery, detectors are near perfect on it and near chance on others.",
      source: "T-GD, arXiv 2008.04115, section 4",
      parts: [
        {
          name: "other domains under 0.75",
          needs: all,
          reference: 0.75,
          direction: "lower",
          units: abroad((source, test) => meanOf(all, (method) => as({ method, source, test }))),
        },
        {
          name: "in-domain above 0.95",
          needs: all,
          reference: 0.95,
          units: atHome((source) => meanOf(all, (method) => own(method)(source))),
        },
      ],
    },
    {
      id: "26",
      statement: "In-domain figures overstate what detectors do on other forgeries by 0.15 of AUC or more.",
      source: "DeepfakeBench, arXiv 2307.01426, frame-level results",
      parts: [{
        name: "in-domain minus cross-domain",
        needs: all,
        margin: 0.15,
        units: abroad((source, test) =>
          meanOf(all, (method) => above({ method, source, test: source }, { method, source, test }))
        ),
      }],
    },
    {
      id: "27",
      statement: "Self-blending of real faces carries over better than training on one forgery.",
      source: "Self-blended images, arXiv 2204.08376",
      parts: [{
        name: "unseen forgeries, self-blending above",
        needs: ["sbi", "efficient_net"],
        units: abroad((source, test) =>
          above({ method: "sbi", source: "real", test }, { method: "efficient_net", source, test })
        ),
      }],
    },
    {
      id: "28",
      statement: "Training with blur and JPEG makes a classifier carry over better.",
      source: "CNNDetection, arXiv 1912.11035, section 4",
      parts: [
        beat("cross-domain, augmented above plain", "classifier_augmented", "classifier", abroad),
      ],
    },
    {
      id: "29",
      statement: "Scores averaged over the frames of a clip separate better than single frames.",
      source: "DeepfakeBench; self-blended images",
      untestable: "the data are single photographs: there are no clips whose frames could be averaged",
      parts: [],
    },
  ];
}

type Units = (terms: (source: DomainName, test: DomainName) => readonly Term[]) => readonly Unit[];

/** Pairs of a source and a test domain of one kind. */
function unitsOf(
  { sources, tests }: Measurements,
  wanted: (source: DomainName, test: DomainName) => boolean,
): Units {
  const pairs = sources.flatMap((source) =>
    tests.filter((test) => wanted(source, test)).map((test) => ({ source, test }))
  );
  return (terms) => pairs.map(({ source, test }) => ({ pair: `${source}>${test}`, terms: () => terms(source, test) }));
}

/** Detectors that were trained on AEI-Net's forgeries, tested on them at falling quality. */
function compression(methods: readonly string[]): Comparison[] {
  const at = (method: string, quality: number) =>
    ({ method, source: "aei", test: "aei", degradation: `jpeg ${quality}` }) as const;
  return [[95, 50], [50, 20]].map(([high, low]) => ({
    name: `AEI, JPEG ${low} below ${high}`,
    needs: methods,
    units: [{ pair: "aei>aei", terms: () => meanOf(methods, (method) => above(at(method, high!), at(method, low!))) }],
  }));
}

/** The families in words, for the report. */
export const familyNames: string = Object.values(families).filter(({ length }) => length > 1).map((members) =>
  members.join(" and ")
).join("; ");
