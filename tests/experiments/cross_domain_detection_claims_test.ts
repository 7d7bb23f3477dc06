import assert from "node:assert/strict";
import { decideClaims as decide } from "../../experiments/cross_domain_detection/claims.ts";
import { areNear } from "../../experiments/cross_domain_detection/families.ts";
import { adaptationNames, detectorNames } from "../../experiments/cross_domain_detection/methods.ts";
import type { DomainName } from "../../experiments/cross_domain_detection/sets.ts";
import { type Measured, type Plan, rowsOf } from "./cross_domain_detection_rows.ts";

const plan: Plan = {
  domains: ["graphics", "df", "liae", "aei"],
  detectors: detectorNames,
  adaptations: adaptationNames,
  pairs: [["df", "aei"], ["graphics", "df"]],
  chains: ["df>graphics>aei"],
  shots: [0, 5, 10, 100],
  rates: [1e-4, 3e-4, 1e-3],
  degradations: ["jpeg 95", "jpeg 50", "jpeg 20"],
  photographs: 3,
};

/** Few draws: what varies here is a hundredth of what is compared. */
const decideClaims = (rows: readonly Record<string, unknown>[]) => decide(rows, { draws: 300 });

type Figure = (measured: Measured) => number | undefined;

/** AUC on other forgeries, detectors as they were trained. */
const abroad: Readonly<Record<string, number>> = {
  ft: 0.66,
  classifier: 0.58,
  classifier_augmented: 0.64,
  sbi: 0.7,
};

/** What the papers say, as figures. */
function asClaimed({ phase, method, source, target, shots, setting, stop, test, degradation }: Measured): number {
  if (phase === "chain") return method === "tgd" ? 0.8 : 0.9;
  if (phase === "source" || shots === 0) {
    if (source === "real") return abroad["sbi"]!;
    if (source !== test) {
      const near = areNear(source, test as DomainName) ? 0.08 : 0;
      return (abroad[method] ?? 0.56) + (method === "ft" ? near : 0);
    }
    const quality = Number(/^jpeg (\d+)$/.exec(degradation ?? "")?.[1] ?? 100);
    return (method === "ft_rgb" ? 0.99 : 0.975) - (100 - quality) / 400;
  }
  const fast = setting === "rate 0.001";
  if (test === target) {
    const few = { ft: 0.02, fine_tuned_classifier: 0 }[method as string] ?? 0;
    const slow = method === "fine_tuned" ? { "rate 0.0001": 0.2, "rate 0.0003": 0.02 }[setting as string] ?? 0 : 0;
    return Math.min(0.92, 0.74 + 0.0012 * shots! + few) - slow;
  }
  const kept = { tgd: 0.95, l2_sp: 0.93 }[method as string] ?? (fast ? 0.6 : 0.8);
  return kept - (stop === "last" ? 0.03 : 0);
}

const rows = (change: Figure = () => undefined, changed: Partial<Plan> = {}) =>
  rowsOf({ ...plan, ...changed }, (measured) => change(measured) ?? asClaimed(measured));

const ids = Array.from({ length: 16 }, (_, i) => String(14 + i));

Deno.test("decideClaims() of cross_domain_detection supports every claim that can be asked when figures are as claimed", () => {
  const decided = decideClaims(rows());
  assert.deepEqual(
    Object.fromEntries(decided.map(({ id, verdict }) => [id, verdict])),
    Object.fromEntries(ids.map((id) => [id, id === "29" ? "inconclusive" : "supported"])),
  );
  assert.match(decided.at(-1)!.reason, /no clips/);
  const gap = decided.find(({ id }) => id === "27")!;
  assert.ok(Math.abs(gap.estimate! - (0.7 - 0.56)) < 1e-9, "self-blended minus supervised, variation cancelled");
  assert.deepEqual(decided.find(({ id }) => id === "15")!.parts.map(({ seeds }) => seeds), [3, 3, 3, 3, 3]);
});

const own = ({ phase, source, test, degradation }: Measured) =>
  phase === "source" && source === test && degradation === null;
const cross = ({ phase, source, test }: Measured) => phase === "source" && source !== test;
const onTarget = ({ phase, test, target, shots }: Measured) => phase === "adapted" && test === target && shots !== 0;
const onSource = ({ phase, test, source, shots }: Measured) => phase === "adapted" && test === source && shots !== 0;

const reversed: Readonly<Record<string, readonly [id: string, change: Figure]>> = {
  "AEI that is seen better at low quality": ["14", (at) => at.degradation === "jpeg 20" ? 0.99 : undefined],
  "detectors that see AEI untrained": ["14", (at) => cross(at) && at.test === "aei" ? 0.99 : undefined],
  "a classifier that does not learn its own forgery": [
    "15",
    (at) => own(at) && at.method === "classifier" ? 0.8 : undefined,
  ],
  "a detector that sees unlike forgeries": ["15", (at) => cross(at) && at.method === "ft" ? 0.9 : undefined],
  "a classifier that is ahead on the nearest domain": [
    "15",
    (at) => cross(at) && at.method === "classifier" && areNear(at.source as DomainName, at.test) ? 0.85 : undefined,
  ],
  "five pictures that make it worse": [
    "16",
    (at) => onTarget(at) && at.method === "ft" && at.shots === 5 ? 0.5 : undefined,
  ],
  "a classifier that learns more of a hundred": [
    "16",
    (at) => onTarget(at) && at.method === "fine_tuned_classifier" && at.shots === 100 ? 0.99 : undefined,
  ],
  "RGB that carries over better": ["17", (at) => cross(at) && at.method === "ft_rgb" ? 0.8 : undefined],
  "RGB that is worse in-domain": ["17", (at) => own(at) && at.method === "ft_rgb" ? 0.9 : undefined],
  "no reconstruction, better": ["18", (at) => cross(at) && at.method === "ft_gamma_0" ? 0.8 : undefined],
  "no selection, better with ten pictures": [
    "18",
    (at) => onTarget(at) && at.method === "ft_no_selection" && at.shots === 10 ? 0.95 : undefined,
  ],
  "ten epochs on RGB, better": ["19", (at) => onTarget(at) && at.method === "ft_rgb_10_epochs" ? 0.95 : undefined],
  "detectors that see everything": ["20", (at) => cross(at) ? 0.96 : undefined],
  "detectors that learn nothing": ["20", (at) => own(at) ? 0.8 : undefined],
  "a source that gets better": ["21", (at) => onSource(at) && at.method === "fine_tuned" ? 0.99 : undefined],
  "a tenth of the rate that serves as well": [
    "21",
    (at) =>
      onTarget(at) && at.method === "fine_tuned"
        ? { "rate 0.0001": 0.9, "rate 0.001": 0.91 }[at.setting as string] ?? 0.7
        : undefined,
  ],
  "fine-tuning that keeps more": ["22", (at) => onSource(at) && at.method === "fine_tuned" ? 0.99 : undefined],
  "L2-SP that keeps less": ["23", (at) => onSource(at) && at.method === "l2_sp" ? 0.3 : undefined],
  "augmentation that keeps the source": [
    "23",
    (at) => onSource(at) && at.method === "fine_tuned_augmented" ? 0.99 : undefined,
  ],
  "a last step that is better": ["24", (at) => onSource(at) && at.stop === "last" ? 0.99 : undefined],
  "T-GD that keeps a chain": ["25", (at) => at.phase === "chain" && at.method === "tgd" ? 0.95 : undefined],
  "detectors that lose nothing elsewhere": ["26", (at) => cross(at) ? 0.99 : undefined],
  "self-blending that sees nothing": ["27", (at) => at.source === "real" ? 0.4 : undefined],
  "blur and JPEG that harm": ["28", (at) => cross(at) && at.method === "classifier_augmented" ? 0.5 : undefined],
};
for (const [what, [id, change]] of Object.entries(reversed)) {
  // The best rate for the target is never worse than a tenth of it: that part can only stay open.
  const verdict = what.startsWith("a tenth") ? "inconclusive" : "contradicted";
  Deno.test(`decideClaims() of cross_domain_detection finds claim ${id} ${verdict} by ${what}`, () => {
    assert.equal(decideClaims(rows(change)).find((claim) => claim.id === id)!.verdict, verdict);
  });
}

Deno.test("decideClaims() of cross_domain_detection chooses the rate of claim 21 by the other seeds", () => {
  // Seed 1 alone is best at 3e-4, by far; the seeds that choose for it say 1e-3, and the other way round for the rest.
  const luck = rowsOf(
    plan,
    (at, seed) =>
      onTarget(at) && at.method === "fine_tuned" && at.setting === "rate 0.0003" && seed === 1 ? 0.95 : asClaimed(at),
  );
  const part = decideClaims(luck).find(({ id }) => id === "21")!.parts[0]!;
  // With 1e-3 the source falls to 0.57 from 0.975, with 3e-4 to 0.77.
  assert.deepEqual(part.by_seed.map((value) => Number(value.toFixed(3))), [0.405, 0.205, 0.205]);
});

Deno.test("decideClaims() of cross_domain_detection leaves open what is within noise, and what did not run", () => {
  const even = rows((at) =>
    at.method === "tgd" && at.phase === "adapted" ? asClaimed({ ...at, method: "fine_tuned" }) : undefined
  );
  assert.equal(decideClaims(even).find(({ id }) => id === "22")!.verdict, "inconclusive");

  const quick = decideClaims(rows(undefined, {
    ...{
      domains: ["graphics", "df", "nearest"],
      detectors: ["ft", "classifier"],
      pairs: [["graphics", "df"]],
      chains: [],
    },
    ...{ adaptations: ["ft", "fine_tuned_classifier"], shots: [0, 5, 25], rates: [1e-3], degradations: ["jpeg 50"] },
  }));
  const open = Object.fromEntries(quick.map(({ id, reason }) => [id, reason]));
  assert.match(open["14"]!, /nothing to compare: AEI, JPEG 50 below 95/);
  assert.match(open["15"]!, /nothing to compare: nearest domain/);
  assert.match(open["16"]!, /nothing to compare: 100 pictures/);
  assert.match(open["17"]!, /\(ft_rgb\) did not run/);
  assert.match(open["22"]!, /T-GD \(tgd\) did not run/);
  assert.match(open["27"]!, /\(sbi\) did not run/);
  assert.equal(quick.find(({ id }) => id === "26")!.verdict, "supported", "two detectors are all that ran");

  assert.ok(decideClaims([]).every(({ verdict, reason }) => verdict === "inconclusive" && reason));
  const raw = decideClaims(rows(undefined, { variants: ["raw"], detectors: ["ft"], adaptations: [] }));
  assert.match(raw[0]!.reason, /nothing was run with matched real pictures/);
});

Deno.test("decideClaims() of cross_domain_detection decides nothing by one seed", () => {
  const one = decideClaims(rows(undefined, { seeds: [1] }));
  assert.ok(one.every(({ verdict }) => verdict === "inconclusive"));
  assert.match(one[0]!.reason, /1 seed, and the rule asks for 3/);
});

Deno.test("decideClaims() of cross_domain_detection compares on the photographs that all domains have", () => {
  const short = rows().map((row) =>
    row["kind"] === "photos" && row["test"] === "graphics"
      ? { ...row, photos: ["photo_0", "photo_2"], persons: ["person_0", "person_2"] }
      : row["kind"] === "auc" && row["test"] === "graphics"
      ? { ...row, placements: [(row["placements"] as number[])[0]!, (row["placements"] as number[])[2]!] }
      : row
  );
  // In-domain on graphics, with two photographs, against AEI, with three.
  const [all, fewer] = [rows(), short].map((own) =>
    decideClaims(own).find(({ id }) => id === "14")!.parts[2]!.estimate
  );
  assert.ok(Math.abs(all! - fewer!) < 1e-9, "a photograph is compared with itself, whatever its place");
});
