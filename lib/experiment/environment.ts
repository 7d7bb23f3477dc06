/**
 * What a run ran on: versions, machine, code and data, so that two runs can be compared and one repeated.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import os from "node:os";
import type { Row } from "doppel/evaluation/mod.ts";

/** Facts about a run's surroundings, as `environment.json` and `results.json` keep them. */
export type Environment = {
  /** Deno, V8 and TypeScript, and the packages named by the caller. */
  readonly versions: Readonly<Record<string, string>>;
  /** What the runtime room reports: backend and device actually used, threads, mixed precision. */
  readonly device: Row;
  /** Cores, memory, processor, operating system. */
  readonly machine: Row;
  /** Commit, whether files differ from it, and the hash of the lock file; null where there is no repository. */
  readonly code: { readonly commit: string | null; readonly dirty: boolean | null; readonly lock: string | null };
  /** Hash of the data manifest and whatever else names the data. */
  readonly data: Row;
  /** The command that started the run. */
  readonly command: string;
};

/** Processor features that change the bits or the speed of a training step. */
const FEATURES = /^(avx|avx2|avx512f|avx512_bf16|avx512_vnni|amx_bf16|amx_tile|fma|f16c|asimd|bf16|sve)$/;

/**
 * Describes the machine and the code; the caller adds what only the runtime and the data room know.
 *
 * @param facts What the caller knows.
 * @param facts.device Backend, device, threads, mixed precision, as the runtime room reports them.
 * @param facts.data Hash of the data manifest, at least.
 * @param facts.versions Versions of packages ("tensorflow", "tfjs").
 * @param facts.command The command that started the run.
 * @param facts.root The repository.
 * @returns The environment record.
 */
export async function describeEnvironment(
  { device, data, versions = {}, command, root }: {
    device: Row;
    data: Row;
    versions?: Readonly<Record<string, string>>;
    command: string;
    root: string;
  },
): Promise<Environment> {
  const status = await git(root, "status", "--porcelain");
  return {
    versions: { deno: Deno.version.deno, v8: Deno.version.v8, typescript: Deno.version.typescript, ...versions },
    device,
    machine: {
      os: Deno.build.os,
      release: Deno.osRelease(),
      arch: Deno.build.arch,
      processor: os.cpus()[0]?.model ?? null,
      features: await processorFeatures(),
      cores: navigator.hardwareConcurrency,
      memory_gib: Math.round(Deno.systemMemoryInfo().total / 2 ** 30 * 10) / 10,
    },
    code: {
      commit: await git(root, "rev-parse", "HEAD"),
      dirty: status === null ? null : status !== "",
      lock: await fileHash(join(root, "deno.lock")),
    },
    data,
    command,
  };
}

/**
 * SHA-256 of a file.
 *
 * @param path The file.
 * @returns Hexadecimal digits, or `null` when the file is not there.
 */
export async function fileHash(path: string): Promise<string | null> {
  try {
    return createHash("sha256").update(await Deno.readFile(path)).digest("hex");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function git(root: string, ...args: string[]): Promise<string | null> {
  try {
    const command = new Deno.Command("git", { args: ["-C", root, ...args], stdout: "piped", stderr: "null" });
    const { success, stdout } = await command.output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function processorFeatures(): Promise<string[]> {
  if (Deno.build.os !== "linux") return [];
  const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(await Deno.readTextFile("/proc/cpuinfo"))?.[1] ?? "";
  return flags.split(" ").filter((flag) => FEATURES.test(flag)).sort();
}
