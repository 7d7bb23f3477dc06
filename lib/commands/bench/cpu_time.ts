/**
 * Who used the processor during a turn: competitors that should have slept, and programs that have no part in the bench.
 *
 * @module
 */

import { readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

/** Processor time used so far, in seconds. */
export interface CpuTimes {
  /** By each process asked for, all its threads together. */
  readonly processes: ReadonlyMap<number, number>;
  /** By everything on the machine. */
  readonly all: number;
}

/** Cores kept busy on average between two moments. */
export interface CpuUse {
  /** By the processes that were to sleep. */
  readonly sleepers: number;
  /** By programs outside the bench. */
  readonly others: number;
}

/**
 * Reads the clocks of processes and of the machine.
 *
 * @param pids The processes.
 * @returns Their times, or nothing where the system does not tell (outside Linux).
 */
export function readCpuTimes(pids: readonly number[]): CpuTimes | undefined {
  try {
    const processes = new Map(pids.map((pid) => [pid, processSeconds(readFileSync(`/proc/${pid}/stat`, "utf8"))]));
    return { processes, all: machineSeconds(readFileSync("/proc/stat", "utf8")) };
  } catch {
    return undefined;
  }
}

/**
 * Works out who used the processor between two readings.
 *
 * @param before The first reading.
 * @param after The second.
 * @param seconds Time between them.
 * @param awake Processes of the bench that were at work; all others that were read were to sleep.
 * @returns Cores kept busy.
 */
export function cpuUse(before: CpuTimes, after: CpuTimes, seconds: number, awake: readonly number[]): CpuUse {
  let own = 0;
  let sleepers = 0;
  for (const [pid, time] of after.processes) {
    const used = time - (before.processes.get(pid) ?? time);
    own += used;
    if (!awake.includes(pid)) sleepers += used;
  }
  return { sleepers: sleepers / seconds, others: Math.max(0, after.all - before.all - own) / seconds };
}

/** User and system time: fields 14 and 15; the name in field 2 may hold spaces and brackets. */
function processSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** All but idle, waiting for the disk, and guests (which count as user time as well). */
function machineSeconds(stat: string): number {
  const [user, nice, system, , , interrupts, softInterrupts, stolen] = stat.split("\n")[0]!.trim().split(/\s+/)
    .slice(1).map(Number) as [number, number, number, number, number, number, number, number];
  return (user + nice + system + interrupts + softInterrupts + stolen) / ticksPerSecond;
}
