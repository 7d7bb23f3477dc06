/**
 * Sizes of DeepFaceLab's autoencoders, in its own names (`Model_SAEHD`).
 *
 * @module
 */

import { cannot } from "../../problem.ts";

/**
 * DeepFaceLab's letters after the architecture's name, as in "df-ud":
 * `u` normalises the code ("increased likeness"); `d` doubles the resolution in the last layer, at a quarter of the
 * decoder's work; `t` is one stage deeper.
 */
export type ArchiOptions = "" | "u" | "d" | "t" | "ud" | "ut" | "dt" | "udt";

/** Sizes of an autoencoder. */
export interface Sizes {
  /** Height and width of a face in pixels, a multiple of 16, of 32 with `d` or `t`. */
  readonly resolution: number;
  /** Channels of the encoder's first stage (`e_dims`). */
  readonly encoder: number;
  /** Channels of the decoder's last stage (`d_dims`). */
  readonly decoder: number;
  /** Length of the code (`ae_dims`). */
  readonly code: number;
  /** Channels of the mask branch's last stage (`d_mask_dims`). */
  readonly mask: number;
  /** Letters of the architecture. Default none. */
  readonly options?: ArchiOptions;
}

/** Sizes with what follows from them. */
export interface Plan extends Sizes {
  readonly pixelNorm: boolean;
  readonly double: boolean;
  readonly deep: boolean;
  /** Height and width of the encoder's output. */
  readonly encoded: number;
  /** Channels of the encoder's output. */
  readonly encodedChannels: number;
  /** Height and width at which the inter's second dense layer ends. */
  readonly lowest: number;
}

/**
 * Reads sizes.
 *
 * @param model The model's name, for the message.
 * @param sizes The sizes.
 * @returns The sizes with what follows from them.
 * @throws Problem when the resolution does not fit.
 */
export function planOf(model: string, sizes: Sizes): Plan {
  const { resolution, encoder, options = "" } = sizes;
  const [pixelNorm, double, deep] = ["u", "d", "t"].map((letter) => options.includes(letter)) as [
    boolean,
    boolean,
    boolean,
  ];
  const multiple = double || deep ? 32 : 16;
  if (resolution % multiple !== 0 || resolution < 32) {
    const expected = `a resolution that is a multiple of ${multiple}, at least 32`;
    throw cannot(`build ${model}${options && `-${options}`}`, expected, String(resolution));
  }
  return {
    ...sizes,
    pixelNorm,
    double,
    deep,
    encoded: resolution / (deep ? 32 : 16),
    encodedChannels: encoder * 8,
    lowest: resolution / (double ? 32 : 16),
  };
}

/** Sizes of DF that have a name. */
export const dfSizes = {
  /** 3.05 M parameters: a recognisable swap after minutes on two cores. */
  small: { resolution: 64, encoder: 16, decoder: 16, code: 64, mask: 6 },
  /** 11.9 M parameters: sharper, about four times the work. */
  medium: { resolution: 64, encoder: 32, decoder: 32, code: 128, mask: 10 },
  /**
   * 4.85 M parameters: half as many pixels again along each side as `small`; the last layer doubles the resolution, so a
   * step costs less than one of 64 pixels without.
   */
  compact96: { resolution: 96, encoder: 16, decoder: 16, code: 128, mask: 6, options: "ud" },
  /** 57.5 M parameters: DeepFaceLab's own sizes, for a GPU. */
  paper: { resolution: 128, encoder: 64, decoder: 64, code: 256, mask: 22 },
  /** 54.5 M parameters: the same with its default letters. */
  paper_ud: { resolution: 128, encoder: 64, decoder: 64, code: 256, mask: 22, options: "ud" },
  /** 87.7 M parameters: one stage deeper. */
  paper_udt: { resolution: 128, encoder: 64, decoder: 64, code: 256, mask: 22, options: "udt" },
  /** 38.3 M parameters: DeepFaceLab's Quick96. */
  quick96: { resolution: 96, encoder: 64, decoder: 64, code: 128, mask: 16, options: "ud" },
} as const satisfies Record<string, Sizes>;

/** Sizes of LIAE that have a name. */
export const liaeSizes = {
  /** 4.41 M parameters: the channels of DF small. */
  small: { resolution: 64, encoder: 16, decoder: 16, code: 64, mask: 6 },
  /** 4.86 M parameters: DF's of that name, the code shortened until both have as many parameters. */
  compact96: { resolution: 96, encoder: 16, decoder: 16, code: 67, mask: 6, options: "ud" },
  /** 95.0 M parameters: DeepFaceLab's own sizes, for a GPU. */
  paper: { resolution: 128, encoder: 64, decoder: 64, code: 256, mask: 22 },
  /** 82.4 M parameters: the same with DeepFaceLab's default letters. */
  paper_ud: { resolution: 128, encoder: 64, decoder: 64, code: 256, mask: 22, options: "ud" },
} as const satisfies Record<string, Sizes>;
