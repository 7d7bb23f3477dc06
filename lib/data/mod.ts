/**
 * Sets of photographs: manifests with checksums, splits by identity and by photograph that cannot leak, and the aligned
 * faces that everything else trains and tests on, with their augmentation. Networks are not for this room.
 *
 * @module
 */

export { type FaceList, readFaceList } from "./face_list.ts";
export {
  BUNDLED_FACES,
  type IdentitySplit,
  type Manifest,
  type Photograph,
  type PhotoSplit,
  readManifest,
} from "./manifest.ts";
export { verifyManifest } from "./verify_manifest.ts";
export { sha256Of } from "./files.ts";
export { assertDisjoint, splitIdentities, splitPhotographs } from "./splits.ts";
export { type FaceSet, type FaceSetOptions, readFaceSet, type SetFace } from "./face_set.ts";
export { type BatchColour, type FaceBatch, faceBatch, type FaceBatchOptions, type FaceSample } from "./face_batches.ts";
export { type AugmentationOptions, drawAugmentation, sampleAlong } from "./warp_augmentation.ts";
