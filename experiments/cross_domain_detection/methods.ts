/**
 * The detectors that are compared, and the methods that bring them to another forgery. A detector more is one line here.
 *
 * @module
 */

/** Detectors trained on one domain: a network of `lib/detectors` with its recipe. */
export const detectorNames = [
  "ft",
  "ft_rgb",
  "ft_gamma_0",
  "ft_no_selection",
  "classifier",
  "classifier_augmented",
  "efficient_net",
  "xception",
  "meso_inception",
  "linear_probe",
  "sbi",
] as const;

/** Name of a detector. */
export type DetectorName = typeof detectorNames[number];

/** Methods that bring a detector to another domain with few pictures of it; `on` says which detector they start from. */
export const adaptationNames = [
  "ft",
  "ft_rgb_10_epochs",
  "ft_gamma_0",
  "ft_no_selection",
  "fine_tuned_classifier",
  "fine_tuned",
  "fine_tuned_augmented",
  "l2_sp",
  "tgd",
] as const;

/** Name of a method of adaptation. */
export type AdaptationName = typeof adaptationNames[number];
