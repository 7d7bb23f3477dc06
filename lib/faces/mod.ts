/**
 * Faces in pictures: finding them, their 68 landmarks, bringing them to one position and size and back, masks by
 * landmarks or by a learned segmentation network, whose face it is, what it expresses, and where the head points. The
 * other networks are those inside of two npm packages; training anything is not for this room.
 *
 * @module
 */

export type { Face, FaceType } from "./face.ts";
export type { FacePhoto } from "./face_photo.ts";
export { findFaces, findOneFace } from "./find_faces.ts";
export { placeLandmarks } from "./place_landmarks.ts";
export { type FaceTracker, faceTracker, type FaceTrackerOptions, type TrackedFace } from "./track_faces.ts";
export { type AlignedFace, alignFace, alignmentMatrix, FACE_TYPES, unalign } from "./align_face.ts";
export { faceSquare } from "./face_square.ts";
export { MIRRORED_LANDMARKS, mirrorLandmarks, pickPoints, STABLE_LANDMARKS } from "./landmarks.ts";
export { MEAN_FACE, procrustesMean } from "./mean_face.ts";
export { estimateSimilarity } from "./similarity.ts";
export { eyesMouthMask, hullMask } from "./hull_mask.ts";
export { type XSeg, xseg, type XSegSizes, xsegSizes } from "./xseg.ts";
export { segmentFaces } from "./segment_faces.ts";
export { convexHull } from "./convex_hull.ts";
export { type LandmarkMotion, landmarkMotion } from "./landmark_motion.ts";
export { type LandmarkSmoother, landmarkSmoother, type LandmarkSmootherOptions } from "./smooth_landmarks.ts";
export { describeFaces } from "./describe_faces.ts";
export { type DifferentiableEncoder, identityDirections, identityEncoder } from "./identity_encoder.ts";
export { ENCODER_SHAPES, type IdentityEncoder, loadIdentityEncoder } from "./identity_encoders.ts";
export { centredCosine, centreOf, meanVector } from "./identity_space.ts";
export { estimateHeadPoses, type HeadPose } from "./head_pose.ts";
export { describeExpressions } from "./expression.ts";
export { describePerceptually, type FeatureMap, type PerceptualFeatures } from "./perceptual_features.ts";
export { facePackages } from "./face_api.ts";
