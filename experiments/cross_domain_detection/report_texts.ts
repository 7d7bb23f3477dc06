/**
 * What the report says of protocol and of departures from the papers.
 *
 * @module
 */

import type { Deviation } from "doppel/report/mod.ts";
import { familyNames } from "./claims/zero_shot.ts";
import type { Config } from "./presets.ts";
import { stepsWith } from "./recipes.ts";

const intervals =
  "95 % percentile intervals of a hierarchical bootstrap over seeds, pairs of domains and photographs; the " +
  "same pairs are drawn for all seeds and the same photographs for all pairs.";

/** Notes under the tables, by their names. */
export const tableNotes: Readonly<Record<string, string>> = {
  detectors:
    "Means over domains. In-domain: tested on the forgery that the detector was trained on; cross-domain: on all " +
    `others. Nearest: the other domain of the same family (${familyNames}); unlike: of another family. Threshold of the ` +
    `accuracy: the best balanced accuracy on the source's validation pictures. ${intervals}`,
  few_shot:
    "The setting is the one with the best AUC on target and source together on validation persons, the weights " +
    "those of the best step by the same figure. No forged pictures: the detector as it was trained. Each forged picture " +
    "comes with its real one; the few are among the many.",
  forgetting:
    "At the largest number of pictures. After: best step by target + source on validation; last step: without " +
    "that choice. Target + source has at most 2.",
  chains: "The detector is brought to one domain after the other; tested on all of the chain after the last one.",
  robustness: "Test pictures alone are worsened, real and forged ones alike; detectors are the same.",
  domains:
    "AUC of metadata: of a linear classifier on size of file, JPEG tables and dimensions; 0.5 means that files tell " +
    "nothing. Sharpness: mean gradient magnitude of the forged regions over that of the real ones; 1 is matched.",
  costs: "Of trainings on sources and of adaptations; making the forgeries is not in it.",
};

/**
 * The protocol, paragraph by paragraph.
 *
 * @param config The settings of the run.
 * @returns Paragraphs.
 */
export function notes(config: Config): string[] {
  const { quality, resolution, adapt_steps, adapt_rates, shots, ablation_shots, tgd_shots, variants } = config;
  return [
    "Data: the bundled persons by their identity splits. Every photograph of a person is forged once by each generator, with " +
    "the face of another person of the same split. Detectors are trained on persons of `train`, stopped and chosen on " +
    "persons of `validation`, and tested once on persons of `test`; no figure here is of a validation picture. The " +
    "generators are trained once, so that the forged pictures are the same for all seeds; seeds are those of the detectors.",
    `Files: forged and real picture of a photograph go through the same crop (${resolution} px) and the same encoder (JPEG ` +
    `${quality}), so that files tell nothing.`,
    `Real pictures: ${
      variants.join(" and ")
    }. Matched: the part that a forgery changes has lost as much resolution as it has ` +
    "in the forged picture, so that sharpness alone tells nothing. A detector is trained and tested in the same variant. " +
    "Claims are decided on `matched`.",
    `Adaptation: all methods see the same pictures (${shots.join(", ")} forged ones of persons of \`train\`; ${
      ablation_shots.join(", ")
    } without reconstruction or selection, ${
      tgd_shots.join(", ")
    } on EfficientNet; and the real ones of the same photographs), take the same ${adapt_steps} steps (on EfficientNet ${
      stepsWith("efficient_net", adapt_steps)
    }) and try the same ${adapt_rates.length} rates. Rate and ` +
    "step are chosen by AUC on target and source together on persons of `validation`: these are more pictures than the few " +
    "that are learned from, as in the papers. Both the best step and the last one were tested.",
    `Intervals: ${intervals} With five persons in \`test\` and three seeds such intervals are somewhat too narrow; persons are ` +
    "not drawn.",
    "Choices: the experiment's README has all, with what they were tried on. The number of steps, and that EfficientNet's pictures " +
    "are not moved, were changed by looks at validation persons after tables of a first standard run had been seen.",
    "Claim 21: the rate that is best for the target is chosen for each seed by the AUC on the target over the other seeds.",
  ];
}

/**
 * Departures from the papers.
 *
 * @param config The settings of the run.
 * @returns What differs, and why.
 */
export function deviations({ size, resolution, steps, batch, adapt_steps, quality }: Config): Deviation[] {
  return [
    ...(size === "paper" ? [] : [{
      what:
        `Networks of size ${size} (EfficientNet, Xception and MesoInception-4 with 0.01 M to 0.2 M parameters; T-GD's has ` +
        "4.0 M, Xception 20.8 M). ForensicTransfer has the paper's number of channels.",
      why: "What two cores train in minutes.",
    }]),
    {
      what:
        `${resolution} px, batches of ${batch}, ${steps} steps at most and ${adapt_steps} of adaptation, twice as many for ` +
        "EfficientNet; ForensicTransfer: 256 px, batches of 64, until 30 epochs bring nothing; T-GD: 128 px, batches of 200, hundreds of epochs.",
      why: "The same.",
    },
    {
      what:
        "Forgeries are nine generators on 26 persons; the papers have FaceForensics++ and GANs on a hundred thousand " +
        "pictures. Pictures that a network made from nothing are stood for by photographs passed through one (AutoGAN).",
      why: "They are made here, of bundled photographs, so that anybody can make them again.",
    },
    {
      what:
        "Shots: forged pictures of the target, each with its real one. T-GD's 2,000 shots are 2,000 of each class in every " +
        "epoch, not a handful.",
      why: "ForensicTransfer's meaning, for all methods.",
    },
    {
      what: "The setting and the best step are chosen on whole validation sets of both domains.",
      why: "So do the papers; a choice by five pictures would be one by chance.",
    },
    {
      what:
        "T-GD as in its script: strength of the pull from the teacher's loss, sigmoid(-loss), last layer drawn to zero with " +
        "the same strength, anchors that move with the teacher. The authors' notebooks also have a constant 0.1 for both " +
        "weights, and runs without the last layer's term. Target pictures alone; the script mixes in pictures of the source.",
      why: "Script and notebooks disagree, and with pictures of the source it is replay that is compared, not L2-SP.",
    },
    {
      what: "L2-SP stands for the notebooks' reading: a constant strength.",
      why: "So that both readings are run.",
    },
    {
      what:
        "ForensicTransfer's activations are means of each half; T-GD's ForensicTransfer divides by a constant, has RGB and ten " +
        "epochs. The arm `ft_rgb_10_epochs` keeps RGB and ten epochs.",
      why: "The faithful and the naive reading stand beside each other.",
    },
    {
      what: "AUC over the whole test set; T-GD averages it over batches.",
      why: "A mean over batches is another figure.",
    },
    {
      what: `All pictures are JPEG ${quality}; compression of claim 14 is JPEG of single pictures, not of video.`,
      why: "The data are photographs.",
    },
    {
      what: "Self-blending has one kind of mask and the network of T-GD; the paper has four kinds and EfficientNet-B4.",
      why: "The same network with and without forgeries is what is compared.",
    },
  ];
}
