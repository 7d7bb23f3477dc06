/**
 * The names of what is compared: detectors (`recipes.ts`) and methods that bring them to another forgery (`adaptations.ts`).
 *
 * @module
 */

export { type DetectorName, detectorNames } from "./recipes.ts";
export { type AdaptationName, adaptationNames } from "./adaptations.ts";
