/**
 * How each detector is trained on its source: network, sizes, what it sees, augmentation, optimiser. Where a paper's recipe
 * starts from weights trained on ImageNet, which are not shipped, or runs for a hundred thousand pictures, the rate is one
 * that brings a fresh network there in some hundred steps.
 *
 * @module
 */

import type { DetectorAugmentation } from "doppel/data/mod.ts";
import {
  classifier,
  type DetectorEntry,
  detectors,
  type DetectorSizes,
  efficientNet,
  type EfficientNetSizes,
  forensicTransfer,
  linearProbe,
  xception,
  type XceptionSizes,
} from "doppel/detectors/mod.ts";
import type { IdentityEncoder } from "doppel/faces/mod.ts";
import type { Config } from "./presets.ts";

/** How a detector is trained on its source. */
export interface Recipe {
  /** As in tables. */
  readonly title: string;
  /** Its network's entry in the registry of `lib/detectors`. */
  readonly entry: DetectorEntry;
  /** Sizes by the setting `size`; a detector of pictures gets the setting `resolution` on top. */
  readonly sizes: Readonly<Record<"tiny" | "small" | "paper", DetectorSizes>>;
  /**
   * What it learns from: real and forged pictures; their features by a frozen recogniser; or real pictures alone, of which
   * forged ones are made by self-blending.
   */
  readonly material: "pictures" | "features" | "real pictures";
  /** How training pictures are varied. */
  readonly augmentation: DetectorAugmentation;
  /** Adam's learning rate, and the share of the steps over which it falls along a cosine. */
  readonly rate: number;
  readonly decay?: number;
  /** Factor on the settings `steps` and `adapt_steps`, for networks that take longer, or settle sooner. Default 1. */
  readonly longer?: number;
  /** Whether it may train in bfloat16 where the processor has it. Default "auto". */
  readonly mixedPrecision?: "auto" | "off";
}

/**
 * Whole pixels that pictures are moved: it leaves all traces, and a few hundred pictures of sixteen persons are soon known by
 * heart. Of the swaps without learning it brought ForensicTransfer from .90 to .93 on validation persons.
 */
const shift = 4;
/** Mirror images and moves, and nothing that destroys traces. */
export const flipsAlone: DetectorAugmentation = { shift, degradation: false };

const adamRecipe = { material: "pictures", augmentation: flipsAlone, rate: 1e-3 } as const;

/** ForensicTransfer: Adam at 1e-3, stopped by validation (arXiv 1812.02510). */
const ft = { ...adamRecipe, entry: detectors["forensic_transfer"]! };
const ftSizes = (changed: Partial<typeof forensicTransfer.sizes.tiny> = {}) => ({
  tiny: { ...forensicTransfer.sizes.tiny, ...changed },
  small: { ...forensicTransfer.sizes["small"]!, ...changed },
  paper: { ...forensicTransfer.sizes["paper"]!, ...changed },
});

const plain = {
  entry: detectors["classifier"]!,
  sizes: {
    tiny: classifier.sizes.tiny,
    small: classifier.sizes["small"]!,
    paper: classifier.sizes["small"]!,
  },
};

// A first convolution with stride 1 is meant for 64 pixels; at more it takes three times as long.
const efficientSizes = {
  tiny: efficientNet.sizes.tiny,
  small: { ...efficientNet.sizes["small"]!, stem: 2 } satisfies EfficientNetSizes,
  paper: efficientNet.sizes["b0"]!,
};
const xceptionSizes = {
  tiny: xception.sizes.tiny,
  small: { ...xception.sizes["small"]!, stem: 2 } satisfies XceptionSizes,
  paper: xception.sizes["paper"]!,
};
/**
 * T-GD's pretraining (arXiv 2008.04115) has blur and JPEG for a fifth of the pictures and gradient descent at 0.04 along a
 * cosine, for hundreds of epochs. In some hundred steps that leaves this network at chance, so it is Adam's here; the network
 * still takes twice as long as the others, and its pictures are not moved: moved by 4 pixels it stays near chance in that time.
 */
const tgdRecipe = {
  ...{ rate: 5e-3, decay: 1, longer: 2 },
  // Its depthwise convolutions and norms stay in float32 anyway: casting round them takes longer than it saves, and a gradient
  // of many thin layers loses by it (.89 against .92 on validation persons).
  mixedPrecision: "off",
} as const;
const meso = detectors["meso_inception"]!;

const entries = {
  ft: { ...ft, title: "ForensicTransfer", sizes: ftSizes() },
  ft_rgb: { ...ft, title: "ForensicTransfer, RGB", sizes: ftSizes({ view: "rgb" }) },
  ft_gamma_0: { ...ft, title: "ForensicTransfer, gamma 0", sizes: ftSizes({ gamma: 0 }) },
  ft_no_selection: { ...ft, title: "ForensicTransfer, no selection", sizes: ftSizes({ selection: "off" }) },
  classifier: { ...adamRecipe, ...plain, title: "classifier" },
  /** CNNDetection (Wang et al., CVPR 2020, arXiv 1912.11035): blur and JPEG, each for half of the pictures. */
  classifier_augmented: { ...adamRecipe, ...plain, title: "classifier, blur + JPEG", augmentation: { shift } },
  efficient_net: {
    title: "EfficientNet of T-GD",
    entry: detectors["efficient_net"]!,
    sizes: efficientSizes,
    material: "pictures",
    augmentation: { degradation: { blur: 0.2, jpeg: 0.2 } },
    ...tgdRecipe,
  },
  xception: { ...adamRecipe, title: "Xception", entry: detectors["xception"]!, sizes: xceptionSizes },
  meso_inception: {
    ...adamRecipe,
    title: "MesoInception-4",
    entry: meso,
    sizes: { tiny: meso.sizes.tiny, small: meso.sizes["small"]!, paper: meso.sizes["paper"]! },
  },
  /** UnivFD (Ojha et al., CVPR 2023, arXiv 2302.10174) on a face recogniser's features. */
  linear_probe: {
    ...adamRecipe,
    title: "linear probe",
    entry: detectors["linear_probe"]!,
    sizes: {
      tiny: linearProbe.sizes["face_api"]!,
      small: linearProbe.sizes["human"]!,
      paper: linearProbe.sizes["human"]!,
    },
    material: "features",
    rate: 1e-2,
    // One layer on features that stay as they are: nothing moves after half of that.
    longer: 0.6,
  },
  /**
   * Self-blended images (Shiohara and Yamasaki, CVPR 2022, arXiv 2204.08376) with their JPEG of quality 40 to 100 for half of
   * the pictures, on the EfficientNet that `efficient_net` trains with forgeries, so that only the pictures differ.
   */
  sbi: {
    title: "self-blended (real faces)",
    entry: detectors["efficient_net"]!,
    sizes: efficientSizes,
    material: "real pictures",
    augmentation: { degradation: { blur: 0, quality: [40, 100] } },
    ...tgdRecipe,
  },
} as const satisfies Readonly<Record<string, Recipe>>;

/** Name of a detector. */
export type DetectorName = keyof typeof entries;

/** The recipes by name, in the order of tables and charts: a detector more is an entry above. */
export const recipes: Readonly<Record<DetectorName, Recipe>> = entries;

/** The names of all detectors. */
export const detectorNames = Object.keys(entries) as DetectorName[];

/**
 * The sizes of a detector's network.
 *
 * @param name The detector.
 * @param config `size` and `resolution`.
 * @returns Sizes for its entry.
 */
export function sizesOf(name: DetectorName, { size, resolution }: Pick<Config, "size" | "resolution">): DetectorSizes {
  const { sizes, material } = recipes[name];
  return material === "features" ? sizes[size] : { ...sizes[size], resolution };
}

/**
 * Steps of a detector's network where the settings have so many.
 *
 * @param name The detector.
 * @param steps The settings', on the source or on a target.
 * @returns As many times its recipe's factor, a whole number.
 */
export function stepsWith(name: DetectorName, steps: number): number {
  const { longer = 1 }: Recipe = recipes[name];
  return Math.ceil(longer * steps);
}

/** The recogniser whose features a linear probe is trained on. */
export function encoderOf({ size }: Pick<Config, "size">): IdentityEncoder {
  return size === "tiny" ? "face_api" : "human";
}
