/**
 * Which wheel holds TensorFlow's libraries for this machine.
 *
 * @module
 */

import { cannot } from "../../problem.ts";

/** TensorFlow's version. */
export const tensorFlowVersion = "2.21.0";

/** Which build: for the CPU alone, or with CUDA. */
export type Build = "cpu" | "gpu";

/** A wheel and what is taken out of it. */
export interface Libraries {
  /** The package's name on the index. */
  readonly package: string;
  /** The platform tag of the wheel. */
  readonly platform: string;
  /** The wheel's size in bytes. */
  readonly wheelBytes: number;
  /** The libraries by name with their sizes in bytes, in the order in which they are loaded. */
  readonly files: Readonly<Record<string, number>>;
}

const known: Record<string, Partial<Record<Build, Libraries>>> = {
  "linux-x86_64": {
    cpu: {
      package: "tensorflow-cpu",
      platform: "manylinux_2_27_x86_64",
      wheelBytes: 274000871,
      files: { "libtensorflow_framework.so.2": 65_222_328, "libtensorflow_cc.so.2": 788_086_608 },
    },
    gpu: {
      package: "tensorflow",
      platform: "manylinux_2_27_x86_64",
      wheelBytes: 572_611_111,
      files: { "libtensorflow_framework.so.2": 162_648_808, "libtensorflow_cc.so.2": 1_096_372_272 },
    },
  },
  "linux-aarch64": {
    cpu: {
      package: "tensorflow",
      platform: "manylinux_2_27_aarch64",
      wheelBytes: 281_946_471,
      files: { "libtensorflow_framework.so.2": 68_176_664, "libtensorflow_cc.so.2": 814_885_544 },
    },
  },
  "darwin-aarch64": {
    cpu: {
      package: "tensorflow",
      platform: "macosx_12_0_arm64",
      wheelBytes: 223_488_205,
      files: { "libtensorflow_framework.2.dylib": 49_452_976, "libtensorflow_cc.2.dylib": 691_352_648 },
    },
  },
};

/**
 * The wheel for a machine.
 *
 * @param build Which build.
 * @param machine Operating system and processor, this machine's by default.
 * @returns The wheel's package, platform, size and libraries.
 * @throws {Problem} When there is no wheel for the machine.
 */
export function librariesFor(build: Build, machine = `${Deno.build.os}-${Deno.build.arch}`): Libraries {
  const libraries = known[machine]?.[build];
  if (libraries) return libraries;
  const machines = Object.keys(known).filter((name) => known[name]![build]);
  throw cannot(
    `set up TensorFlow (${build})`,
    `one of ${machines.join(", ")}`,
    machine,
    "other machines have no wheel",
  );
}
