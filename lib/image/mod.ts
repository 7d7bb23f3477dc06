/**
 * Pictures and nothing but pictures: reading, writing, resizing, warping, colour, filters, blending, text, grids, the
 * marks that say a picture is synthetic, and video, which is pictures one after the other. Nothing in here knows what a
 * face is, and nothing touches a tensor.
 *
 * @module
 */

export { createPicture, fromBytes, type Picture, requirePicture, toBytes } from "./picture.ts";
export { readPicture } from "./read_picture.ts";
export { readPictureSize } from "./picture_size.ts";
export { type JpegTables, readJpegTables } from "./jpeg_tables.ts";
export { type PictureCoding, readPictureCoding } from "./picture_coding.ts";
export { type EncodeOptions, encodePicture, type PictureFormat, writePicture } from "./write_picture.ts";
export { type Provenance, readProvenance } from "./provenance.ts";
export { writeFileWhole } from "./write_file.ts";
export { type Affine, applyAffine, composeAffine, invertAffine, scaleOf, transformPoints } from "./affine.ts";
export { type Interpolation } from "./kernels.ts";
export { cropPicture, pastePicture, type Region, regionOf } from "./region.ts";
export { type PiecewiseWarp, piecewiseWarp } from "./piecewise_warp.ts";
export { resizeMatrix, resizePicture } from "./resize.ts";
export { type Quarters, turnMatrix, turnPicture } from "./turn.ts";
export { type WarpOptions, warpPicture } from "./warp.ts";
export { fromLab, toLab } from "./lab.ts";
export { COLOUR_TRANSFERS, type ColourTransfer, transferColour } from "./colour_transfer.ts";
export { type ColourTransferOptions } from "./pixel_weights.ts";
export { reinhardColourTransfer } from "./reinhard_colour_transfer.ts";
export { linearColourTransfer } from "./linear_colour_transfer.ts";
export { mongeKantorovichTransfer } from "./monge_kantorovich.ts";
export { iterativeDistributionTransfer } from "./iterative_distribution_transfer.ts";
export { slicedOptimalTransport } from "./sliced_optimal_transport.ts";
export { histogramMatch } from "./histogram_match.ts";
export { gaussianBlur } from "./gaussian_blur.ts";
export { bilateralFilter } from "./bilateral_filter.ts";
export { medianFilter } from "./median_filter.ts";
export { motionBlur } from "./motion_blur.ts";
export { sharpen } from "./sharpen.ts";
export { denoise } from "./denoise.ts";
export { compressPicture } from "./compress_picture.ts";
export { mirrorPicture } from "./mirror_picture.ts";
export { shiftPicture } from "./shift_picture.ts";
export { wrapWords } from "./wrap_words.ts";
export { degradeColour, degradeDetail } from "./degrade.ts";
export { dilate, erode } from "./morphology.ts";
export { blendByMask } from "./blend.ts";
export { poissonBlend } from "./poisson_blend.ts";
export { drawCover, fillPolygons } from "./draw_cover.ts";
export { drawText, type TextOptions, textSize } from "./text.ts";
export { type TextPath, textPath } from "./text_path.ts";
export { probeVideo, type ProbeVideoOptions, type Rational, type VideoInfo } from "./probe_video.ts";
export {
  framePicture,
  readVideo,
  type ReadVideoOptions,
  type VideoFrame,
  videoFrames,
  type VideoFramesOptions,
} from "./read_video.ts";
export { openVideoWriter, type VideoWriter, type VideoWriterOptions } from "./write_video.ts";
export { readVideoProvenance } from "./video_provenance.ts";
export { findFfmpeg } from "./ffmpeg.ts";
export { labelPicture } from "./label.ts";
export { frameLabel } from "./label_frames.ts";
export { cropFrame, pasteIntoFrame } from "./frame_region.ts";
export { type GridOptions, pictureGrid } from "./grid.ts";
