/**
 * What the doctor sees of the machine.
 *
 * @module
 */

import { existsSync, readFileSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { formatBytes } from "../../notebook/mod.ts";
import { examine, type Finding, setUpRemedy } from "./finding.ts";

const newestTried = "2.9.6";
const oldest = [2, 9, 4];
/** Instructions that make bfloat16 training fast, and the ones below which TensorFlow's wheels do not start. */
const niceFeatures = ["avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16"];
const neededFeature = "avx";

/**
 * Looks at Deno, the processor, the memory, the disk and the GPU.
 *
 * @param root The project folder.
 * @returns The findings.
 */
export function examineMachine(root: string): Finding[] {
  return [
    examine("Deno", examineDeno),
    examine("Processor", examineProcessor),
    examine("Memory", examineMemory),
    examine("Disk", () => examineDisk(root)),
    examine("GPU driver", () => examineGpu(root)),
  ];
}

function examineDeno(): Omit<Finding, "name"> {
  const [a = 0, b = 0, c = 0] = Deno.version.deno.split(/[.-]/).map(Number);
  const isOld = a - oldest[0]! || b - oldest[1]! || c - oldest[2]!;
  const detail = `${Deno.version.deno} (${Deno.build.target})`;
  return isOld < 0
    ? {
      ok: false,
      detail: `${detail}; at least ${oldest.join(".")} is needed`,
      remedy: `npx deno@${newestTried} task doctor`,
    }
    : { ok: true, detail };
}

function examineProcessor(): Omit<Finding, "name"> {
  const cores = `${navigator.hardwareConcurrency} cores`;
  if (!existsSync("/proc/cpuinfo")) return { ok: true, detail: cores };
  const text = readFileSync("/proc/cpuinfo", "utf8");
  const model = text.match(/^model name\s*: (.*)$/m)?.[1] ?? Deno.build.arch;
  const flags = new Set(text.match(/^(?:flags|Features)\s*: (.*)$/m)?.[1]?.split(" "));
  if (Deno.build.arch === "x86_64" && !flags.has(neededFeature)) {
    return {
      ok: false,
      detail: `${model} without AVX, which TensorFlow needs`,
      remedy: "use a processor made after 2011",
    };
  }
  const nice = niceFeatures.filter((feature) => flags.has(feature)).join(", ");
  return { ok: true, detail: `${model}, ${cores}${nice ? `, ${nice}` : ", no bfloat16 instructions"}` };
}

function examineMemory(): Omit<Finding, "name"> {
  const { total, available } = Deno.systemMemoryInfo();
  const limit = cgroupLimit() ?? total;
  const detail = `${formatBytes(Math.min(available, limit))} free of ${formatBytes(Math.min(total, limit))}`;
  return Math.min(available, limit) < 3e9
    ? { ok: false, detail: `${detail}; training needs about 3 GB`, remedy: "end other programs" }
    : { ok: true, detail };
}

/** The memory limit of the container, if there is one. */
function cgroupLimit(): number | undefined {
  const file = "/sys/fs/cgroup/memory.max";
  const limit = existsSync(file) ? Number(readFileSync(file, "utf8")) : NaN;
  return limit > 0 ? limit : undefined;
}

function examineDisk(root: string): Omit<Finding, "name"> {
  const { bavail, bsize } = statfsSync(root);
  const detail = `${formatBytes(bavail * bsize)} free in ${root}`;
  return bavail * bsize < 1e9
    ? {
      ok: false,
      detail: `${detail}; runs need about 1 GB`,
      remedy: "free some disk, or give commands --out on another disk",
    }
    : { ok: true, detail };
}

function examineGpu(root: string): Omit<Finding, "name"> {
  if (!existsSync("/proc/driver/nvidia/version")) return { ok: true, detail: "none; training runs on the processor" };
  const driver = readFileSync("/proc/driver/nvidia/version", "utf8").match(/Module\s+(?:for \S+\s+)?([\d.]+)/)?.[1] ??
    "?";
  const detail = `NVIDIA ${driver}`;
  return existsSync(join(root, ".venv", "tensorflow", "nvidia", "doppel.json")) ? { ok: true, detail } : {
    ok: true,
    detail: `${detail}, not used: TensorFlow's CUDA build is not set up`,
    remedy: `${setUpRemedy} --gpu`,
  };
}
