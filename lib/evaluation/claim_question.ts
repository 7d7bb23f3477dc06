/**
 * A claim as an experiment asks it of its rows: what it needs may not have run, and what it compares may not be there.
 *
 * @module
 */

import { type AnyClaimPart, type ClaimRule, decideClaim, type DecidedClaim } from "./claims.ts";

/** A part of a claim before it is asked. */
export interface QuestionPart {
  /** What is compared. */
  readonly name: string;
  /** Arms (or detectors) without which it cannot be asked. */
  readonly needs: readonly string[];
  /** Makes the part from the rows; nothing where nothing was measured on both sides. */
  make(): AnyClaimPart | undefined;
}

/** A claim before it is asked. */
export interface ClaimQuestion extends ClaimRule {
  /** Its parts. */
  readonly parts: readonly QuestionPart[];
}

/**
 * Decides a claim where everything that it needs was measured; elsewhere it is inconclusive for the reason that it was not.
 *
 * @example A claim about an arm that did not run
 * ```ts
 * import { decideQuestion } from "doppel/evaluation/mod.ts";
 *
 * const part = { name: "DF above LIAE", needs: ["df", "liae"], make: () => undefined };
 * const question = { id: 3, statement: "DF carries more", source: "section 3.2", unit: "cosine", parts: [part] };
 * decideQuestion(question, (arm) => arm === "liae" ? "the arm liae did not run" : undefined).verdict; // "inconclusive"
 * ```
 *
 * @param question The claim.
 * @param missing Says why something that is needed is not there; nothing where it is.
 * @returns The decision.
 */
export function decideQuestion(
  { parts, ...rule }: ClaimQuestion,
  missing: (needed: string) => string | undefined,
): DecidedClaim {
  const open = (untestable: string) => decideClaim({ ...rule, untestable, parts: [] });
  if (rule.untestable !== undefined) return open(rule.untestable);
  for (const needed of parts.flatMap(({ needs }) => needs)) {
    const reason = missing(needed);
    if (reason !== undefined) return open(reason);
  }
  const made: AnyClaimPart[] = [];
  for (const { name, make } of parts) {
    const part = make();
    if (!part) return open(`nothing to compare: ${name}`);
    made.push(part);
  }
  return decideClaim({ ...rule, parts: made });
}
