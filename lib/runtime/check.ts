/**
 * What the doctor asks of the runtime.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { sentence } from "../problem.ts";
import { compile } from "./compile.ts";
import { tensorFlowVersion } from "./library.ts";
import { bfloat16Features, usesMixedPrecision } from "./mixed_precision.ts";
import { device, useTensorFlow } from "./tensorflow.ts";

/** One finding. */
export interface RuntimeCheck {
  /** What was looked at. */
  readonly name: string;
  /** Whether it is as it should be. */
  readonly ok: boolean;
  /** What was found. */
  readonly detail: string;
  /** What to type where it is not. */
  readonly remedy?: string;
}

const setUp = 'run "npx deno@2.9.6 task setup"';

/**
 * Starts TensorFlow and tries what training needs.
 *
 * @returns Findings in the order they were made; the first failure of the library ends the list.
 */
export async function checkRuntime(): Promise<RuntimeCheck[]> {
  const findings: RuntimeCheck[] = [];
  const attempt = async (name: string, remedy: string, work: () => Promise<string>) => {
    try {
      findings.push({ name, ok: true, detail: await work() });
      return true;
    } catch (error) {
      const detail = sentence(error) ?? (error instanceof Error ? error.message : String(error));
      findings.push({ name, ok: false, detail, remedy });
      return false;
    }
  };
  const started = await attempt("TensorFlow", setUp, async () => {
    await useTensorFlow();
    const found = device();
    if (found.tensorflow !== tensorFlowVersion) {
      throw new Error(`Cannot trust TensorFlow: expected ${tensorFlowVersion}, got ${found.tensorflow}`);
    }
    return `${found.tensorflow}, tfjs ${found.tfjs}`;
  });
  if (!started) return findings;
  const { device: kind, threads, memory_bytes: memory } = device();
  findings.push({
    name: "Device",
    ok: true,
    detail: kind === "gpu" ? `GPU, ${(memory / 2 ** 30).toFixed(1)} GiB` : `processor, ${threads} threads`,
  });
  await attempt("Gradient of a convolution", setUp, checkGradient);
  await attempt("compile()", setUp, checkCompile);
  const features = bfloat16Features();
  findings.push({
    name: "Mixed precision",
    ok: true,
    detail: usesMixedPrecision() ? `on by itself (${features.join(", ")})` : "off by itself: no bfloat16 in hardware",
  });
  return findings;
}

/** The gradient of sum(conv(x, w)) by w, for ones, is the number of places that each weight touches. */
async function checkGradient(): Promise<string> {
  const gradient = tf.tidy(() =>
    tf.grad((w: tf.Tensor) => tf.conv2d(tf.ones([1, 4, 4, 1]) as tf.Tensor4D, w as tf.Tensor4D, 1, "valid").sum())(
      tf.ones([3, 3, 1, 1]),
    )
  );
  const values = await gradient.data();
  gradient.dispose();
  if (!values.every((value) => value === 4)) throw new Error(`expected 4 everywhere, got ${values.join(" ")}`);
  return "correct";
}

async function checkCompile(): Promise<string> {
  const weight = tf.variable(tf.scalar(1), true);
  const step = compile((rate: tf.Scalar) => {
    weight.assign(weight.add(rate));
    return weight.mul(2);
  });
  try {
    for (const expected of [2.5, 3.0, 3.5]) {
      const rate = tf.scalar(0.25);
      const result = await step(rate);
      const [value] = await result.data();
      tf.dispose([rate, result]);
      if (value !== expected) throw new Error(`expected ${expected}, got ${value}`);
    }
    return "works";
  } finally {
    step.dispose();
    weight.dispose();
  }
}
