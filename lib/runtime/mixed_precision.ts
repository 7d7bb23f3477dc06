/**
 * Mixed precision: convolutions and matrix products of a compiled step in bfloat16, everything that decides what is
 * learned (losses, gradients' sums, optimisers, weights) in float32.
 *
 * TensorFlow's graph rewriter (auto mixed precision, oneDNN bfloat16) does the casting. Left alone it also casts the
 * loss and the optimiser, and training goes wrong while its first steps look right: {@linkcode fence} keeps it out.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { AttributeType, DataType } from "./data_types.ts";
import { isNative, tensorFlow } from "./tensorflow.ts";

const depthwise = [
  "DepthwiseConv2dNative",
  "DepthwiseConv2dNativeBackpropFilter",
  "DepthwiseConv2dNativeBackpropInput",
];
/** Batched products, which tfjs uses for `tf.matMul` and the losses for their filters. */
const batchedProducts = ["BatchMatMul", "BatchMatMulV2"];
const check = "CheckNumerics";
/** An Identity that no graph optimiser removes. */
const barrier = "DebugGradientIdentity";
/** Up to here one check costs less than a barrier, a sum and a check of the sum. */
const smallSize = 4096;
/** Ops that only move values, which the rewriter does not know as such: without this they cost two casts each. */
const moves = ["DepthToSpace", "SpaceToDepth"];

/**
 * Sets the rewriter's op lists, which it reads when the library is loaded. Depthwise convolutions compute variances in
 * DSSIM, where bfloat16 gives NaN. An op in two lists makes the rewriter switch itself off, so each is taken out of the
 * list that it stands in before it joins the list of ops that must stay in float32.
 *
 * @param set Sets an environment variable unless the user has set it.
 */
export function prepareMixedPrecision(set: (name: string, value: string) => void): void {
  set("TF_AUTO_MIXED_PRECISION_GRAPH_REWRITE_ALLOWLIST_REMOVE", [...depthwise, ...batchedProducts].join(","));
  set("TF_AUTO_MIXED_PRECISION_GRAPH_REWRITE_CLEARLIST_REMOVE", [check, barrier].join(","));
  set("TF_AUTO_MIXED_PRECISION_GRAPH_REWRITE_CLEARLIST_ADD", moves.join(","));
  set(
    "TF_AUTO_MIXED_PRECISION_GRAPH_REWRITE_DENYLIST_ADD",
    [...depthwise, ...batchedProducts, check, barrier].join(","),
  );
}

/**
 * Tells whether the processor multiplies bfloat16 in hardware (AVX512_BF16 or AMX_BF16): without it, mixed precision
 * costs more than it gains and stays off unless asked for.
 *
 * @returns The names of the features found, empty for none or where the system does not tell.
 */
export function bfloat16Features(): string[] {
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]?.split(" ") ?? [];
    return ["avx512_bf16", "amx_bf16"].filter((feature) => flags.includes(feature));
  } catch {
    return [];
  }
}

/**
 * Whether a run uses mixed precision.
 *
 * @param asked "auto" for where the processor has bfloat16 in hardware, or the user's own choice.
 * @returns True for mixed precision. It is to be recorded with the run.
 */
export function usesMixedPrecision(asked: "auto" | "on" | "off" = "auto"): boolean {
  if (!isNative() || asked === "off") return false;
  return asked === "on" || (tensorFlow().context.device.kind === "cpu" && bfloat16Features().length > 0);
}

/**
 * A serialised `ConfigProto` that switches the rewriter on for one call:
 * `graph_options { rewrite_options { auto_mixed_precision_onednn_bfloat16: ON } }`.
 */
export const mixedPrecisionConfig: Uint8Array<ArrayBuffer> = Uint8Array.of(0x52, 5, 0x52, 3, 0xf8, 1, 1);

/**
 * Keeps what follows in float32, forwards and backwards: put it round a model's outputs before the loss. In float32 it changes nothing. It is also the guard against divergence: a NaN or
 * an infinity fails the step with the name given here.
 *
 * @param x Tensor of any shape, float32.
 * @param name What it is, for the message.
 * @returns The same values.
 */
export function fence(x: tf.Tensor, name: string): tf.Tensor {
  if (!isNative()) return x.clone();
  return tf.customGrad((input) => ({
    value: checkNumerics(input as tf.Tensor, name),
    gradFunc: (dy: tf.Tensor | tf.Tensor[]) => checkNumerics(dy as tf.Tensor, `gradient of ${name}`),
  }))(x);
}

/**
 * The same for a gradient on its way to the optimiser, which is not differentiated any more. TensorFlow's check looks at
 * one value after another on one thread; a sum, which is finite only where every value is, is one pass on all threads.
 *
 * @param gradient Tensor of any shape, float32.
 * @param name What it is, for the message.
 * @returns The same values.
 */
export function fenceGradient(gradient: tf.Tensor, name: string): tf.Tensor {
  if (!isNative()) return gradient.clone();
  if (gradient.size <= smallSize) return checkNumerics(gradient, name);
  return tf.tidy(() => {
    const attributes = [{ name: "T", type: AttributeType.type, value: DataType.float32 }];
    const kept = tensorFlow().backend.executeSingleOutput(barrier, attributes, [gradient]);
    checkNumerics(kept.sum(), name);
    return kept;
  });
}

function checkNumerics(x: tf.Tensor, name: string): tf.Tensor {
  return tensorFlow().backend.executeSingleOutput(check, [
    { name: "T", type: AttributeType.type, value: DataType.float32 },
    { name: "message", type: AttributeType.string, value: `expected finite numbers in ${name}` },
  ], [x]);
}
