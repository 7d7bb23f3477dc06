/**
 * Sets of photographs: manifests with checksums, splits by identity and by photograph that cannot leak, the extraction of
 * faces from photographs and videos with what sorts and filters them, and the aligned faces that everything else trains
 * and tests on, with their hand-made masks, synthetic occluders and augmentation. Networks are not for this room.
 *
 * @module
 */

export { type FaceList, type ListedFace, readFaceList } from "./face_list.ts";
export {
  BUNDLED_FACES,
  type IdentitySplit,
  type Manifest,
  type Photograph,
  type PhotoSplit,
  readManifest,
} from "./manifest.ts";
export { verifyManifest } from "./verify_manifest.ts";
export { filesBelow, sha256Of } from "./files.ts";
export { PHOTO_ENDINGS } from "./photo_folder.ts";
export { assertDisjoint, splitIdentities, splitPhotographs } from "./splits.ts";
export { resizeFace } from "./resize_face.ts";
export { facePhoto } from "./face_photo.ts";
export { type FaceSet, type FaceSetOptions, readFaceSet, type SetFace } from "./face_set.ts";
export { type BatchColour, type FaceBatch, faceBatch, type FaceBatchOptions, type FaceSample } from "./face_batches.ts";
export { type EmbeddedFace, type EmbeddedFaces, embedFaces, personIdentities } from "./embedded_faces.ts";
export {
  type MorphableFace,
  morphedFaces,
  type MorphedFacesOptions,
  morphFaces,
  type MorphOptions,
} from "./morphed_faces.ts";
export { type AeiArrays, aeiBatch, type AeiBatchOptions, type AeiSampling } from "./aei_batches.ts";
export { extractFaces } from "./extraction/extract_faces.ts";
export type { Extraction, ExtractionStep, ExtractOptions } from "./extraction/extraction.ts";
export type { ExtractionSummary, PersonSummary, Spread } from "./extraction/extraction_summary.ts";
export { DROP_REASONS, type DropReason, type JudgedFace } from "./extraction/judge_faces.ts";
export type { FaceRecord, PhotoRecord } from "./extraction/records.ts";
export {
  DEFAULT_FILTERS,
  type ExtractionSettings,
  FACE_ORDERS,
  type FaceFilters,
  type FaceOrder,
  type FrameFormat,
} from "./extraction/settings.ts";
export { type FrameReader, isPhotoName, isVideoName, type VideoFrame } from "./extraction/sources.ts";
export { comparableFace, faceDistance } from "./extraction/face_distance.ts";
export { findMainPerson, type MainPerson } from "./extraction/main_person.ts";
export { laplacianVariance } from "./extraction/sharpness.ts";
export { type AugmentationOptions, drawAugmentation, sampleAlong } from "./warp_augmentation.ts";
export {
  drawMask,
  type HandMask,
  hasFace,
  MASK_CLASSES,
  type MaskClass,
  type MaskFrame,
  type MaskLayers,
  type MaskPolygon,
} from "./hand_mask.ts";
export { type ReadMasks, readMasks, type ReadMasksOptions } from "./read_masks.ts";
export {
  type ClassesByLabel,
  type DrawnPhotograph,
  labelMeFile,
  labelMeShape,
  OWN_LABELS,
  readLabelMe,
} from "./labelme.ts";
export { readCoco } from "./coco.ts";
export { type MaskedFaces, withHandMasks } from "./masked_faces.ts";
export {
  cutFromMask,
  drawOccluder,
  type Occluder,
  OCCLUDER_KINDS,
  type OccluderKind,
  pasteOccluder,
} from "./synthetic_occluders.ts";
export {
  occluderTextures,
  type OccluderTexturesOptions,
  photosOfEach,
  type TexturedPhoto,
} from "./occluder_textures.ts";
export { cutTextures, paintTexture, type TextureSource } from "./textures.ts";
export { type LightOptions, varyLight } from "./light_augmentation.ts";
export {
  type SegmentationAugmentation,
  type SegmentationBatch,
  segmentationBatch,
  type SegmentationBatchOptions,
  varySample,
} from "./segmentation_batches.ts";
export { type FacesByError, partByError } from "./heuristic_errors.ts";
export {
  type HearAugmentation,
  hearBatch,
  type HearBatchOptions,
  type HearFace,
  type HearFaceBatch,
  type HearSource,
  hearSources,
  varyTarget,
} from "./hear_batches.ts";
export { type Degradation, type DegradationOptions, degradePicture, drawDegradation } from "./degradation.ts";
export { type CodecParity, codecParity } from "./codec_parity.ts";
export { cutMixWithinClass } from "./cut_mix.ts";
export { type BlendableFace, selfBlend, type SelfBlended, type SelfBlendOptions } from "./self_blended.ts";
export {
  type DetectorArrays,
  type DetectorAugmentation,
  detectorBatch,
  type DetectorBatchOptions,
  featureBatch,
  type LabelledPicture,
  selfBlendedBatch,
} from "./detector_batches.ts";
export {
  type LabelledFile,
  type LabelledFolder,
  type LabelledSource,
  listLabelledFolder,
  type SplitRule,
} from "./labelled_folder.ts";
export { compressSquare, cutPicture, type Preparation } from "./prepare_picture.ts";
export { type CodedFile, type CodingDifference, compareCoding } from "./coding_report.ts";
export {
  type LabelledPictures,
  type LabelledPicturesOptions,
  type PreparedPicture,
  readLabelledPictures,
} from "./labelled_pictures.ts";
