/**
 * Native TensorFlow for tfjs: loading it through Deno's FFI, choosing the device, recording training steps with
 * {@linkcode compile}, and the few ops that tfjs has no kernel for. Nothing here knows of faces or of models.
 *
 * @module
 */

export * as tf from "@tensorflow/tfjs";
export { provideToPackages } from "./backend.ts";
export { checkRuntime, type RuntimeCheck } from "./check.ts";
export { compile, type CompiledStep, type CompileOptions } from "./compile.ts";
export type { Tensors } from "./containers.ts";
export type { Device } from "./context.ts";
export { type Build, isInstalled, libraryFiles, libraryFolder, tensorFlowVersion } from "./library.ts";
export { bfloat16Features, fence, fenceGradient, usesMixedPrecision } from "./mixed_precision.ts";
export { adamStep, type AdamUpdate } from "./native_adam.ts";
export { type BatchNormalised, batchNormTraining } from "./native_batch_norm.ts";
export { addBias, dense, depthToSpace, leakyRelu } from "./native_ops.ts";
export { convolve } from "./native_convolution.ts";
export { dropout, randomNormal, randomUniform, saltSeed, seedTensor } from "./random.ts";
export { TensorFlowError } from "./status.ts";
export { device, type DeviceRecord, isNative, type TensorFlowOptions, useTensorFlow } from "./tensorflow.ts";
