/**
 * Blocks, losses and optimisers that more than one model uses. A layer is made once, with its weights in a store, and is
 * then a function of a tensor; whatever belongs to one paper alone stands with that paper's model.
 *
 * @module
 */

export { batchNorm, type BatchStatistics } from "./batch_norm.ts";
export { binaryCrossEntropy } from "./binary_cross_entropy.ts";
export { downscale, residualBlock, upscale } from "./blocks.ts";
export { blurPool } from "./blur_pool.ts";
export { copyValues, copyVariable } from "./copy_values.ts";
export { countWeights } from "./count_weights.ts";
export { filterResponseNorm, thresholdedLinear } from "./filter_response_norm.ts";
export { instanceNorm, normaliseInstances } from "./instance_norm.ts";
export { convolution, type ConvolutionOptions, dense, type Layer4D } from "./layers.ts";
export { convolveChannels, depthwiseConvolution, type DepthwiseOptions } from "./depthwise_convolution.ts";
export { groupNorm } from "./group_norm.ts";
export { dssim, gaussianBlur, meanSquaredError, type SsimOptions } from "./losses.ts";
export { adaBelief, type AdaBeliefOptions } from "./adabelief.ts";
export { adam, type AdamOptions } from "./adam.ts";
export { sgd, type SgdOptions } from "./sgd.ts";
export { rmsProp, type RmsPropOptions } from "./rmsprop.ts";
export { type Optimiser, optimiserOf, type OptimiserOptions, type UpdateRule } from "./optimisers.ts";
export { transposedConvolution, type TransposedConvolutionOptions } from "./transposed_convolution.ts";
export { type Initialiser, newWeights, type Weights } from "./weights.ts";
export { type NamedVariables, prefixed } from "./named_variables.ts";
