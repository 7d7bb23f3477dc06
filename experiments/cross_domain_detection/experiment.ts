/**
 * Detectors of forged faces across forgeries: what is left of a detector on a forgery that it was not trained on, and what a
 * few pictures of that forgery bring back? ForensicTransfer (Cozzolino et al., arXiv 1812.02510), T-GD (Jeon et al., arXiv
 * 2008.04115) and their like. Claims 14 to 29.
 *
 * @module
 */

import type { Experiment } from "doppel/experiment/mod.ts";
import { prepareDomains } from "./domains/prepare.ts";
import { performOn } from "./perform.ts";
import { type Config, presets, schema } from "./presets.ts";
import { present, question } from "./report.ts";
import { sampleName } from "./samples.ts";

/** The experiment, as the commands know it. */
export const experiment: Experiment<Config> = {
  name: "cross_domain_detection",
  title: "Detection across forgeries",
  question,
  schema,
  presets,
  perform: async (context) => await performOn(await prepareDomains(context), context),
  sampleName,
  present,
  main: { chart: "matrix", table: "detectors" },
};
