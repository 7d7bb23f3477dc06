/**
 * Pictures and nothing but pictures: reading, writing, resizing, warping, colour, filters, blending, text, grids, and
 * the marks that say a picture is synthetic. Nothing in here knows what a face is, and nothing touches a tensor.
 *
 * @module
 */

export { createPicture, fromBytes, type Picture, requirePicture, toBytes } from "./picture.ts";
export { readPicture } from "./read_picture.ts";
export { type EncodeOptions, encodePicture, type PictureFormat, writePicture } from "./write_picture.ts";
export { type Provenance, readProvenance } from "./provenance.ts";
export { writeFileWhole } from "./write_file.ts";
export { type Affine, applyAffine, composeAffine, invertAffine, scaleOf, transformPoints } from "./affine.ts";
export { type Interpolation } from "./kernels.ts";
export { resizePicture } from "./resize.ts";
export { type Quarters, turnMatrix, turnPicture } from "./turn.ts";
export { type WarpOptions, warpPicture } from "./warp.ts";
export { fromLab, toLab } from "./lab.ts";
export { reinhardColourTransfer } from "./colour_transfer.ts";
export { gaussianBlur } from "./gaussian_blur.ts";
export { dilate, erode } from "./morphology.ts";
export { blendByMask } from "./blend.ts";
export { drawText, type TextOptions, textSize } from "./text.ts";
export { labelPicture } from "./label.ts";
export { type GridOptions, pictureGrid } from "./grid.ts";
