/**
 * Super-resolution of faces: a small network that is trained on photographs softened as autoencoders soften them, and
 * then sharpens what a swap model made.
 *
 * @module
 */

export { upscaler, type UpscalerModel, type UpscalerSizes, upscalerSizes } from "./upscaler.ts";
export {
  type SoftenedBatch,
  softenedBatch,
  type SoftenedBatchOptions,
  softenFace,
  type Softness,
} from "./softening.ts";
export { type UpscalerBatch, type UpscalerLosses, type UpscalerTraining, upscalerTraining } from "./training_step.ts";
export { enhanceFaces } from "./enhance_faces.ts";
