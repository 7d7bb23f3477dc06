/**
 * Faces in pictures: finding them, their 68 landmarks, bringing them to one position and size and back, masks by
 * landmarks, whose face it is, and where the head points. The networks are those inside of two npm packages; training
 * anything is not for this room.
 *
 * @module
 */

export type { Face, FaceType } from "./face.ts";
export { findFaces, findOneFace } from "./find_faces.ts";
export { type AlignedFace, alignFace, alignmentMatrix, FACE_TYPES, unalign } from "./align_face.ts";
export { MIRRORED_LANDMARKS, mirrorLandmarks, pickPoints, STABLE_LANDMARKS } from "./landmarks.ts";
export { MEAN_FACE, procrustesMean } from "./mean_face.ts";
export { estimateSimilarity } from "./similarity.ts";
export { type LandmarkMotion, landmarkMotion } from "./landmark_motion.ts";
export { type LandmarkSmoother, landmarkSmoother, type LandmarkSmootherOptions } from "./smooth_landmarks.ts";
export { hullMask } from "./hull_mask.ts";
export { describeFaces } from "./describe_faces.ts";
export { ENCODER_SHAPES, type IdentityEncoder, loadIdentityEncoder } from "./identity_encoders.ts";
export { centredCosine, centreOf, meanVector } from "./identity_space.ts";
export { estimateHeadPoses, type HeadPose } from "./head_pose.ts";
export { facePackages } from "./face_api.ts";
