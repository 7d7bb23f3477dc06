/**
 * What the report says of protocol and of departures from the paper.
 *
 * @module
 */

import type { Row } from "doppel/evaluation/mod.ts";
import type { Deviation } from "doppel/report/mod.ts";
import { type Config, sizes } from "./presets.ts";

const gain = "Identity gain: centred cosine of the swap to the source person's mean embedding minus that of the " +
  "untouched photograph, by the judge (the `human` package's encoder, which has no part in training); beside it by face-api's, " +
  "which trains and overstates. Attr: landmark and expression distance to the photograph, each over its value for " +
  "photographs of different persons, averaged. Held-out photographs only; 95 % percentile intervals of a hierarchical " +
  "bootstrap over seeds, pairs and photographs. No model was selected: the last step of every run counts.";

/** Notes under the tables, by their names. */
export const tableNotes: Readonly<Record<string, string>> = {
  arms:
    `${gain} Arms named short or after what is changed are trained for fewer steps: compare them among each other. ` +
    "Parameters and training of HEAR-Net are those of the second stage alone. Attribute retrieval: share of swaps that are " +
    "nearer to their own photograph than to any other by landmarks and expression. Reconstruction error: mean absolute " +
    "difference of held-out faces made again with their own identity.",
  groups:
    "Sources and targets who are trained on or not; top-1 is among all persons of the set. Drift: mean gain towards the " +
    "persons who have no part in the pair, what any change of a face does.",
  models:
    "The same photographs, seeds and judge as in df_vs_liae, joined from its committed results; there one network was " +
    "trained for each pair, here one for all. Figures of df_vs_liae are those of its default conversion (overlay).",
  mask_levels:
    "M of each level's AAD layers, averaged over places, faces and layers, in swaps of persons who are trained on: " +
    "1 is identity alone, 0 attributes alone.",
  occlusion:
    "Synthetic occluders before held-out faces, the same as in df_vs_liae. Inside: mean absolute change of the " +
    "occluder, which should stay as it is. Outside: of the rest of the face; where the person's own face is put back (itself) from " +
    "the photograph, where another's is (swap) from the swap of the photograph without occluder.",
};

/** The protocol, paragraph by paragraph. */
export function notes({ unseen, gallery }: Config, rows: readonly Row[]): string[] {
  const field = rows.find(({ kind }) => kind === "field");
  const joined = field?.["reason"]
    ? `Beside AEI-Net stand ${field["joined"]} rows of df_vs_liae: ${field["reason"]}.`
    : field
    ? `Beside AEI-Net stand ${field["joined"]} rows of df_vs_liae, preset ${field["preset"]}.`
    : "Nothing of df_vs_liae stands beside.";
  return [
    unseen === "test"
      ? "Data: the persons of the identity splits `train` and `validation` are trained on, those of `test` never. Every " +
        "fourth photograph of a person is held out and never trained on."
      : "Data: the persons of the identity split `train` are trained on, those of `validation` stand for unseen ones; this is " +
        "how settings are chosen, and those of `test` take no part but in the judge's gallery.",
    `The judge's gallery has ${gallery || "all"} photographs of each person of the set.`,
    "A source is an embedding: the direction of the mean of the person's photographs that are not held out, by face-api.",
    "Pose: the bundled persons look straight ahead, so its error says little here.",
    joined,
  ];
}

/** Departures from the paper. */
export function deviations(config: Config): Deviation[] {
  const { resolution } = sizes[config.size].aei;
  return [
    ...(config.size === "paper" ? [] : [{
      what: `${resolution} px and ${sizes[config.size].aei.generator.length} levels; the paper's are 256 px and 8.`,
      why: "What two cores reach in half an hour a network.",
    }]),
    {
      what: `${config.steps} steps of ${config.batch} pairs (ablations ${config.ablation_steps}, HEAR-Net ` +
        `${config.hear_steps}), the rate falling to 0 over the last ${
          100 * config.decay
        } %; the paper's run is 500,000 steps.`,
      why: "The same.",
    },
    {
      what:
        "The identity encoder is face-api's (128 numbers, centred on the training persons), shown the luminance alone; the " +
        "paper's is ArcFace.",
      why: "It is bundled, differentiable here, and licensed for it; with colours swaps took on the source's tint.",
    },
    {
      what:
        `Sources between persons (${config.mixed}) and moved at random (${config.noisy}), ${config.morphs} morphs between ` +
        `training persons (${config.morphed} of targets and sources); the paper has real ones alone.`,
      why: "Two dozen persons leave the space of identities nearly empty.",
    },
    {
      what: `Identity weighs ${config.identity_weight} in the long arm; the paper's 5 in the short ones.`,
      why: "With 5 a fifth of the swaps was nearer to the target's person than to the source's.",
    },
    {
      what:
        `Sources are moved away from their targets by ${config.extrapolation} in the extrapolated arms; no claim is about them.`,
      why: "What is left of the target's identity pulls swaps back.",
    },
    {
      what: `Same pairs alone in the first ${100 * config.autoencode} % of the steps; learning rate ${config.rate}.`,
      why: "In a run this short faces stayed blotches for long, and the re-implementations' rate did not get there.",
    },
    {
      what:
        "Faces are moved and blurred a little before the encoder that trains; the running average of the weights predicts.",
      why: "Against patterns that please the encoder and nobody else, and against the swings of adversarial training.",
    },
    {
      what:
        "HEAR-Net: reconstruction weighs 10, the paper's parts weigh the same; its occluders are drawn, not photographed.",
      why: "With equal weights hardly anything is brought back; drawn ones need no further data.",
    },
  ];
}
