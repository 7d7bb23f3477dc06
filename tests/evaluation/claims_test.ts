import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { type ClaimPart, correctClaims, decideClaim, rocAuc, type Scored } from "doppel/evaluation/mod.ts";

const rule = { id: 3, statement: "DF carries more identity than LIAE", source: "DeepFaceLab 3.2", unit: "cosine" };
/** Three seeds of three pairs round a centre, all within 0.03 of it. */
const round = (centre: number) =>
  [[-0.03, 0, 0.01], [0.02, -0.01, 0], [0.03, -0.02, 0]].map((s) => s.map((d) => d + centre));
const verdict = (part: ClaimPart) => decideClaim({ ...rule, ...part, draws: 400 }).verdict;

Deno.test("decideClaim() supports above the margin, contradicts below zero, and leaves the rest open", () => {
  equal(verdict({ samples: round(0.1) }), "supported");
  equal(verdict({ samples: round(-0.1) }), "contradicted");
  equal(verdict({ samples: round(0) }), "inconclusive");
  equal(verdict({ samples: round(0.1), margin: 0.15 }), "inconclusive");
  equal(verdict({ samples: round(-0.01), margin: -0.1 }), "supported");
  equal(verdict({ samples: round(-0.05), margin: -0.05 }), "inconclusive");
  equal(verdict({ samples: round(-0.2), margin: -0.1 }), "contradicted");
});

Deno.test("decideClaim() turns D round for a claim of something lower, and measures from a reference", () => {
  const claim = decideClaim({
    ...rule,
    samples: round(0.6),
    reference: 0.75,
    direction: "lower",
    unit: "AUC",
    draws: 400,
  });
  equal(claim.verdict, "supported");
  equal(claim.estimate?.toFixed(10), "0.1500000000");
  ok(claim.interval![0] < 0.15 && 0.15 < claim.interval![1] && claim.interval![0] > 0.1);
  equal(claim.unit, "AUC");
  equal(verdict({ samples: round(0.9), reference: 0.75, direction: "lower" }), "contradicted");
});

Deno.test("decideClaim() asks for three seeds and says so", () => {
  const claim = decideClaim({ ...rule, samples: round(0.1).slice(0, 2), draws: 100 });
  equal(claim.verdict, "inconclusive");
  equal(claim.reason, "2 seeds, and the rule asks for 3");
  equal(claim.seeds, 2);
});

Deno.test("decideClaim() needs the whole interval inside an equivalence band", () => {
  equal(verdict({ samples: round(0), band: [-0.05, 0.05] }), "supported");
  equal(verdict({ samples: round(0.05), band: [-0.05, 0.05] }), "inconclusive");
  equal(verdict({ samples: round(-0.2), band: [-0.05, 0.05] }), "contradicted");
});

Deno.test("decideClaim() joins parts: all must hold, or any", () => {
  const [yes, no, open] = [0.1, -0.1, 0].map((centre) => ({ name: `at ${centre}`, samples: round(centre) }));
  const joined = (combine: "all" | "any", ...parts: ClaimPart[]) =>
    decideClaim({ ...rule, combine, parts, draws: 400 }).verdict;
  deepEqual(
    [joined("all", yes!, yes!), joined("all", yes!, open!), joined("all", yes!, no!), joined("all", open!, no!)],
    ["supported", "inconclusive", "contradicted", "contradicted"],
  );
  deepEqual(
    [joined("any", no!, yes!), joined("any", no!, open!), joined("any", no!, no!), joined("any", open!, yes!)],
    ["supported", "inconclusive", "contradicted", "supported"],
  );
});

Deno.test("decideClaim() reports the part that decided, by name, and keeps all parts", () => {
  const claim = decideClaim({
    ...rule,
    draws: 400,
    parts: [{ name: "ID", samples: round(0.1) }, { name: "attr", samples: round(-0.2), unit: "ratio" }],
  });
  equal(claim.estimate?.toFixed(10), "-0.2000000000");
  equal(claim.unit, "ratio");
  match(claim.reason, /^attr: the 95 % interval \[-0\.\d+, -0\.\d+\] lies wholly below 0$/);
  deepEqual(claim.parts.map((part) => part.verdict), ["supported", "contradicted"]);
  deepEqual(claim.parts[0]!.by_seed.map((value) => value.toFixed(4)), ["0.0933", "0.1033", "0.1033"]);
});

Deno.test("decideClaim() takes records and a statistic of them, as an AUC difference needs", () => {
  type Pair = { a: Scored; b: Scored };
  const leaf = (forged: boolean, a: number, b: number): Pair => ({ a: { forged, score: a }, b: { forged, score: b } });
  const seed = [leaf(true, 0.9, 0.1), leaf(true, 0.8, 0.2), leaf(false, 0.1, 0.9), leaf(false, 0.2, 0.8)];
  const part: ClaimPart<Pair> = {
    samples: [seed, seed, seed],
    statistic: (leaves) => rocAuc(leaves.map((pair) => pair.a)) - rocAuc(leaves.map((pair) => pair.b)),
    strata: (pair) => pair.a.forged,
  };
  const claim = decideClaim({ ...rule, ...part, draws: 100 });
  deepEqual([claim.estimate, claim.interval, claim.verdict], [1, [1, 1], "supported"]);
});

Deno.test("decideClaim() says why a claim cannot be tested, and refuses samples that are not finite", () => {
  const claim = decideClaim({ ...rule, parts: [], untestable: "the data hold no clips" });
  deepEqual([claim.verdict, claim.reason, claim.estimate, claim.interval], [
    "inconclusive",
    "the data hold no clips",
    null,
    null,
  ]);
  throws(() => decideClaim({ ...rule, samples: [[1, NaN]] }), /claim 3: expected finite samples, got NaN/);
});

Deno.test("correctClaims() puts Holm's values beside the p-values and passes over untestable claims", () => {
  const claims = correctClaims([
    decideClaim({ ...rule, samples: round(0.1), draws: 999 }),
    decideClaim({ ...rule, parts: [], untestable: "the data hold no clips" }),
    decideClaim({ ...rule, samples: round(0), draws: 999 }),
  ]);
  equal(claims[0]!.p, 0.002);
  equal(claims[0]!.p_holm, 0.004);
  equal(claims[1]!.p_holm, null);
  ok(claims[2]!.p_holm! >= claims[2]!.p! && claims[2]!.p! > 0.05);
});
