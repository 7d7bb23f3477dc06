/**
 * The arms of the experiment: AEI-Net with one thing changed at a time, and HEAR-Net on top of it.
 *
 * @module
 */

import type { AeiLossWeights, AeiSizes, HearSizes } from "doppel/generators/mod.ts";

/** An AEI-Net that is trained. */
export interface AeiArm {
  readonly kind: "aei";
  /** As in tables. */
  readonly title: string;
  /** Whether it is trained for `steps` and compared with other systems, or for `ablation_steps` among its like. */
  readonly length: "long" | "short";
  /** What differs in the network. */
  readonly network?: Pick<AeiSizes, "fusion" | "levels">;
  /** What differs in the weights of the losses. */
  readonly loss?: Partial<AeiLossWeights>;
  /** Share of same pairs, if not the paper's 0.2. */
  readonly same?: number;
}

/** A HEAR-Net on top of an AEI-Net. */
export interface HearArm {
  readonly kind: "hear";
  /** As in tables. */
  readonly title: string;
  /** The arm that is its first stage. */
  readonly on: "aei";
  /** Whether it is shown the heuristic error. */
  readonly error: HearSizes["error"];
  /** Whether the faces with the largest heuristic errors are drawn apart, uncovered. */
  readonly hard: boolean;
}

/** A model of another arm, shown its sources further away from the targets (`withExtrapolation`): nothing is trained. */
export interface ExtrapolatedArm {
  readonly kind: "extrapolated";
  /** As in tables. */
  readonly title: string;
  /** The arm that the model is of. */
  readonly on: "aei" | "hear";
}

/** An arm. */
export type Arm = AeiArm | HearArm | ExtrapolatedArm;

const short = { kind: "aei", length: "short" } as const;
const second = { kind: "hear", on: "aei" } as const;

/** The arms by name, in the order in which they are run: what works on another arm's model comes after it. */
export const arms = {
  aei: { kind: "aei", title: "AEI-Net", length: "long" },
  hear: { ...second, title: "AEI-Net + HEAR-Net", error: "given", hard: true },
  hear_no_error: { ...second, title: "HEAR-Net, no error input", error: "zeros", hard: true },
  hear_no_hard: { ...second, title: "HEAR-Net, no hard examples", error: "given", hard: false },
  aei_extrapolated: { kind: "extrapolated", on: "aei", title: "AEI-Net, extrapolated" },
  hear_extrapolated: { kind: "extrapolated", on: "hear", title: "AEI-Net + HEAR-Net, extrapolated" },
  aad: { ...short, title: "AAD, short" },
  add: { ...short, title: "Add (no mask)", network: { fusion: "add" } },
  cat: { ...short, title: "Cat", network: { fusion: "cat" } },
  three_levels: { ...short, title: "three levels", network: { levels: 3 } },
  id_1: { ...short, title: "identity weight 1", loss: { identity: 1 } },
  id_15: { ...short, title: "identity weight 15", loss: { identity: 15 } },
  same_50: { ...short, title: "same pairs 0.5", same: 0.5 },
  same_80: { ...short, title: "same pairs 0.8", same: 0.8 },
  adv_01: { ...short, title: "adversarial weight 0.1", loss: { adversarial: 0.1 } },
  adv_0: { ...short, title: "no discriminator", loss: { adversarial: 0 } },
} as const satisfies Record<string, Arm>;

/** The name of an arm. */
export type ArmName = keyof typeof arms;

/** The names of all arms. */
export const armNames = Object.keys(arms) as ArmName[];

/** An arm by name, typed as any arm. */
export const armOf = (name: string): Arm => arms[name as ArmName];

/** Whether an arm is compared with other systems and on occluded photographs: the long one, and all on top of it. */
export const isMain = (arm: Arm): boolean => arm.kind !== "aei" || arm.length === "long";

/**
 * Which arm has to be trained before an arm.
 *
 * @param name An arm.
 * @returns The arm that it works on; nothing where it begins from nothing.
 */
export function neededBy(name: ArmName): ArmName | undefined {
  const arm = armOf(name);
  return arm.kind === "aei" ? undefined : arm.on;
}

/** Share of same pairs by arm, for the trend over it. */
export const sameShares: Readonly<Record<string, number>> = { aad: 0.2, same_50: 0.5, same_80: 0.8 };

/** Weight of the identity loss by arm, for the trend over it. */
export const identityWeights: Readonly<Record<string, number>> = { id_1: 1, aad: 5, id_15: 15 };
