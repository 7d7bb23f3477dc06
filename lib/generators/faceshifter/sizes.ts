/**
 * Sizes of AEI-Net.
 *
 * @module
 */

import { cannot } from "../../problem.ts";

/**
 * How an AAD layer joins what the attributes and what the identity say; the last two are the ablations of FaceShifter:
 * "aad": by a learned mask; "add": their sum; "cat": beside each other, then a 1x1 convolution to the same channels.
 */
export type Fusion = "aad" | "add" | "cat";

/** Sizes of AEI-Net. */
export interface AeiSizes {
  /** Height and width of a face in pixels: twice or more what as many halvings as `attributes` has entries leave. */
  readonly resolution: number;
  /** Length of the identity embedding, z_id. */
  readonly identity: number;
  /** Channels of the attribute encoder's convolutions, each of which halves the resolution. */
  readonly attributes: readonly number[];
  /** Channels that go into each level of the generator, from the lowest resolution to R; one more than `attributes`. */
  readonly generator: readonly number[];
  /** Height and width of the kernel that makes the masks. */
  readonly mask: 1 | 3;
  /** What the level at full resolution is: a whole residual block, or one AAD layer and a convolution. */
  readonly head: "block" | "layer";
  /** How attributes and identity are joined. Default "aad". */
  readonly fusion?: Fusion;
  /**
   * How many levels of attributes there are, from the lowest resolution up; above them A is the normalised activation
   * itself. 3 is the paper's ablation "compressed". Default all.
   */
  readonly levels?: "all" | number;
}

/** Sizes with what follows from them. */
export interface AeiPlan extends AeiSizes {
  readonly fusion: Fusion;
  /** Height and width at the bottom. */
  readonly lowest: number;
  /** Channels of each z_att from the lowest resolution up, as many as are used. */
  readonly embedded: readonly number[];
}

/** Sizes that have a name. */
export const aeiSizes = {
  /** 0.01 M parameters at 16 px: for tests. */
  tiny: { resolution: 16, identity: 8, attributes: [8, 8, 8], generator: [8, 8, 8, 8], mask: 1, head: "layer" },
  /** 4.35 M parameters at 64 px: faces after minutes on two cores. */
  small: {
    resolution: 64,
    identity: 128,
    attributes: [32, 64, 128, 192, 128],
    generator: [128, 128, 128, 64, 32, 16],
    mask: 3,
    head: "layer",
  },
  /** 184 M parameters at 256 px, 67.1 M in the attribute encoder and 117.3 M in the generator: for a GPU. */
  paper: {
    resolution: 256,
    identity: 512,
    attributes: [32, 64, 128, 256, 512, 1024, 1024],
    generator: [1024, 1024, 1024, 1024, 512, 256, 128, 64],
    mask: 1,
    head: "block",
  },
} as const satisfies Record<string, AeiSizes>;

/**
 * Reads sizes.
 *
 * @param sizes The sizes.
 * @returns The sizes with what follows from them.
 * @throws Problem when they do not fit together.
 */
export function aeiPlanOf(sizes: AeiSizes): AeiPlan {
  const { resolution, attributes, generator, fusion = "aad", levels = "all" } = sizes;
  const refuse = (expected: string, got: string) => cannot("build AEI-Net", expected, got);
  const halvings = attributes.length;
  const lowest = resolution / 2 ** halvings;
  if (halvings < 2) throw refuse("two or more convolutions in the attribute encoder", String(halvings));
  if (!Number.isInteger(lowest) || lowest < 2) {
    throw refuse(`a resolution that is a multiple of ${2 ** (halvings + 1)}`, String(resolution));
  }
  if (generator.length !== halvings + 1) {
    throw refuse(`channels of ${halvings + 1} levels in the generator`, String(generator.length));
  }
  if (levels !== "all" && !(Number.isInteger(levels) && levels >= 1 && levels <= generator.length)) {
    throw refuse(`"all" or 1 to ${generator.length} levels of attributes`, String(levels));
  }
  // The encoder's last convolution, then each transposed one with the skip beside it, then the last of these, enlarged.
  const skips = attributes.slice(0, -1).reverse();
  const all = [attributes.at(-1)!, ...skips.map((channels) => channels * 2)];
  all.push(all.at(-1)!);
  return { ...sizes, fusion, lowest, embedded: all.slice(0, levels === "all" ? all.length : levels) };
}
