/**
 * Models that make faces: one folder a system, with the paper in the head of each file.
 *
 * @module
 */

export * from "./deepfacelab/mod.ts";
export * from "./faceshifter/mod.ts";
export { type GraphicsSwap, graphicsSwap } from "./graphics_swap/graphics_swap.ts";
export * from "./super_resolution/mod.ts";
export * from "./fingerprint/mod.ts";
export { type GeneratorEntry, generators, type Trial } from "./registry.ts";
