/**
 * One linear layer on features of a frozen network, as UnivFD puts it on CLIP's. Here the features are those of a bundled
 * face recogniser (`describeFaces`): the network that nobody has trained on forgeries.
 *
 * Paper: Ojha, Li, Lee, "Towards Universal Fake Image Detectors that Generalize Across Generative Models", CVPR 2023, arXiv
 * 2302.10174.
 * Parameters: 1,025 on the 1,024 features of `human`, 129 on the 128 of `face_api`.
 * Published: mean accuracy on GenImage 79.5 % with CLIP ViT-L/14 (as cited by Effort's authors).
 *
 * @module
 */

import { dense } from "../../nn/mod.ts";
import { cannot } from "../../problem.ts";
import { tf } from "../../runtime/mod.ts";
import { classifierNetwork } from "../cross_entropy.ts";
import type { DetectorEntry } from "../detector.ts";

/** Sizes of the probe. */
export type LinearProbeSizes = {
  /** Length of a feature vector. */
  readonly length: number;
};

/** The entry. */
export const linearProbe: DetectorEntry<LinearProbeSizes> = {
  name: "linear_probe",
  paper: "UnivFD, Ojha et al., CVPR 2023, arXiv 2302.10174",
  published: "mean accuracy on GenImage 79.5 % with CLIP ViT-L/14 (cited by Effort's authors)",
  losses: ["cross-entropy"],
  adaptation: ["few-shot", "fine-tuning", "L2-SP", "head alone"],
  sizes: { human: { length: 1024 }, face_api: { length: 128 }, tiny: { length: 16 } },
  parameters: { human: 1025, face_api: 129 },
  build(weights, { length }) {
    if (!(Number.isInteger(length) && length > 0)) throw cannot("build probe", "a positive length", String(length));
    const head = dense(weights.within("head"), length, 1);
    return classifierNetwork({ kind: "features", length }, "head/", (features) => {
      // Recognisers differ in the length of their vectors, which says nothing; values of about 1 suit one learning rate.
      const norm = features.square().mean(1, true).add(1e-12).sqrt();
      return head(features.div(norm) as tf.Tensor2D);
    });
  },
};
