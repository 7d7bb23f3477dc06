/**
 * ForensicTransfer: an autoencoder whose code has one half for real and one for forged pictures. Of a training picture only
 * the half of its class goes to the decoder, so each half has to keep what its class looks like, and another forgery is
 * learned from a handful of pictures.
 *
 * Paper: Cozzolino, Thies, Roessler, Riess, Niessner, Verdoliva, arXiv 1812.02510.
 * Parameters: 197,363 on RGB (encoder 98,864, decoder 98,499), 197,798 on residuals (six channels in and out).
 * Published: up to 85 % accuracy on unseen forgeries, about 95 % with a handful of pictures of them (abstract). The weight of
 * the reconstruction, 0.1, is that of the T-GD authors' copy. Residuals are not scaled: of 999 in 1,000 pixels of the bundled
 * faces at 64 pixels they are within [-1, 1], which the decoder's tanh can give (standard deviation 0.14).
 *
 * @module
 */

import { cannot } from "../../problem.ts";
import { fence, tf } from "../../runtime/mod.ts";
import type { DetectorEntry, DetectorLosses, TrainingMode } from "../detector.ts";
import { activationLoss, classActivations, selectHalf } from "./class_halves.ts";
import { forensicDecoder } from "./decoder.ts";
import { forensicEncoder } from "./encoder.ts";
import { thirdOrderResidual } from "./residual.ts";

/** Sizes and variants of ForensicTransfer. */
export type ForensicTransferSizes = {
  /** Side of the pictures in pixels, a multiple of 16. */
  readonly resolution: number;
  /** Channels of the first convolution; 8 in the paper, for a code of 128. */
  readonly base: number;
  /** What the network sees: the third-order residual, as in the paper, or colours, as in most copies. */
  readonly view: "residual" | "rgb";
  /** Whether the decoder sees only the half of the picture's class ("on", as in the paper) or the whole code. */
  readonly selection: "on" | "off";
  /** Weight of the reconstruction; 0.1 as published. At 0 there is no decoder. */
  readonly gamma: number;
};

/** As published, for faces of 64 pixels. */
const PUBLISHED = { base: 8, view: "residual", selection: "on", gamma: 0.1 } as const;

/** The entry. */
export const forensicTransfer: DetectorEntry<ForensicTransferSizes> = {
  name: "forensic_transfer",
  paper: "ForensicTransfer, Cozzolino et al., arXiv 1812.02510",
  published: "accuracy on unseen forgeries up to 85 %, about 95 % after a handful of pictures (abstract)",
  losses: ["activation of the class's half", "reconstruction (L1)"],
  adaptation: ["few-shot", "fine-tuning", "L2-SP"],
  sizes: {
    paper: { resolution: 256, ...PUBLISHED },
    small: { resolution: 64, ...PUBLISHED },
    small_rgb: { resolution: 64, ...PUBLISHED, view: "rgb" },
    tiny: { resolution: 32, ...PUBLISHED, base: 4 },
    tiny_rgb: { resolution: 32, ...PUBLISHED, base: 4, view: "rgb" },
  },
  parameters: { paper: 197_798, small: 197_798, small_rgb: 197_363 },
  build(weights, { resolution, base, view, selection, gamma }) {
    if (resolution % 16) throw cannot("build ForensicTransfer", "a multiple of 16 pixels", String(resolution));
    if (!(gamma >= 0)) throw cannot("build ForensicTransfer", "a weight of 0 or more", String(gamma), "gamma");
    const channels = view === "residual" ? 6 : 3;
    const encode = forensicEncoder(weights.within("encoder"), channels, base);
    const decode = gamma > 0 ? forensicDecoder(weights.within("decoder"), channels, base) : undefined;
    const seen = (x: tf.Tensor): tf.Tensor4D =>
      view === "residual" ? thirdOrderResidual(x as tf.Tensor4D) : x as tf.Tensor4D;
    return {
      input: { kind: "pictures", resolution, view, normalisation: "unit" },
      // The sigmoid of log(a1 / a0) is a1 / (a0 + a1), the paper's decision.
      logits: (x) =>
        tf.tidy(() => {
          const [real, forged] = classActivations(encode(seen(x)));
          return tf.log(forged.add(1e-7)).sub(tf.log(real.add(1e-7)));
        }),
      losses(x, forged, mode?: TrainingMode): DetectorLosses {
        const shown = seen(x);
        const code = encode(shown, mode);
        const activation = activationLoss(fence(code, "the code") as tf.Tensor4D, forged);
        if (!decode) return { total: activation, activation };
        const decoded = decode(selection === "on" ? selectHalf(code, forged) : code, mode);
        const reconstruction = shown.sub(fence(decoded, "the reconstruction")).abs().mean() as tf.Scalar;
        return { total: activation.add(reconstruction.mul(gamma)), activation, reconstruction };
      },
    };
  },
};
