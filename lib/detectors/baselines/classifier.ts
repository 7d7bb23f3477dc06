/**
 * A plain classifier to compare ForensicTransfer with: the same encoder, the mean over places, one linear layer, and
 * cross-entropy in the place of the paper's losses. What plain fine-tuning fine-tunes.
 *
 * Paper: the encoder is that of ForensicTransfer, arXiv 1812.02510; the "classifier" of Aneja and Niessner's comparison
 * (DDT, arXiv 2006.11863) is of this kind.
 * Parameters: 98,993 on RGB, 99,209 on residuals.
 * Published: accuracy NeuralTextures to Deepfakes 68.5 % without and 80.2 % with 100 pictures (read off DDT's plots).
 *
 * @module
 */

import { dense } from "../../nn/mod.ts";
import { cannot } from "../../problem.ts";
import type { tf } from "../../runtime/mod.ts";
import { classifierNetwork } from "../cross_entropy.ts";
import type { DetectorEntry } from "../detector.ts";
import { forensicEncoder } from "../forensic_transfer/encoder.ts";
import { thirdOrderResidual } from "../forensic_transfer/residual.ts";

/** Sizes of the classifier. */
export type ClassifierSizes = {
  /** Side of the pictures in pixels, a multiple of 16. */
  readonly resolution: number;
  /** Channels of the first convolution. */
  readonly base: number;
  /** What the network sees. */
  readonly view: "residual" | "rgb";
};

/** The entry. */
export const classifier: DetectorEntry<ClassifierSizes> = {
  name: "classifier",
  paper: "the encoder of ForensicTransfer (arXiv 1812.02510) with a linear layer",
  published: "accuracy NeuralTextures to Deepfakes 68.5 %, with 100 pictures 80.2 % (read off plots of DDT)",
  losses: ["cross-entropy"],
  adaptation: ["few-shot", "fine-tuning", "L2-SP", "self-training", "head alone"],
  sizes: {
    small: { resolution: 64, base: 8, view: "rgb" },
    small_residual: { resolution: 64, base: 8, view: "residual" },
    tiny: { resolution: 32, base: 4, view: "rgb" },
  },
  parameters: { small: 98_864 + 129, small_residual: 98_864 + 216 + 129 },
  build(weights, { resolution, base, view }) {
    if (resolution % 16) throw cannot("build classifier", "a multiple of 16 pixels", String(resolution));
    const encode = forensicEncoder(weights.within("encoder"), view === "residual" ? 6 : 3, base);
    const head = dense(weights.within("head"), 16 * base, 1);
    const input = { kind: "pictures", resolution, view, normalisation: "unit" } as const;
    return classifierNetwork(input, "head/", (x, mode) => {
      const pictures = x as tf.Tensor4D;
      const code = encode(view === "residual" ? thirdOrderResidual(pictures) : pictures, mode);
      return head(code.mean([1, 2]));
    });
  },
};
