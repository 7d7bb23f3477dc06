/**
 * Sizes of HEAR-Net by name.
 *
 * @module
 */

/** Sizes of HEAR-Net, in the form in which a checkpoint keeps them. */
export type HearSizes = {
  /** Side of the pictures in pixels, divisible by two as often as there are levels. */
  readonly resolution: number;
  /** How often the resolution is halved. */
  readonly levels: number;
  /** Channels of the first level; each level below has twice as many. */
  readonly channels: number;
  /** Most channels of a level. */
  readonly most: number;
  /**
   * Whether the network sees the heuristic error. With "zeros" in its place, for the ablation, it is the same network with
   * the same parameters and, by one seed, the same first weights: what differs is what it is told, and nothing else.
   */
  readonly error: "given" | "zeros";
};

/** Sizes that have a name. */
export const hearSizes = {
  /** 256 px, widths 64-128-256-512-512 (FaceShifter's resolution; widths of its re-implementations): 16.7 M parameters. */
  paper: { resolution: 256, levels: 5, channels: 64, most: 512, error: "given" },
  /** 64 px, 32-64-128-128-128, down to 2 px: 1.82 M parameters. */
  small: { resolution: 64, levels: 5, channels: 32, most: 128, error: "given" },
  /** 16 px, 8-16-16: for tests. */
  tiny: { resolution: 16, levels: 3, channels: 8, most: 16, error: "given" },
} as const satisfies Record<string, HearSizes>;
