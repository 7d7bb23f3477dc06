/**
 * The order of play: one competitor at a time, every one in every round, each round begun by another.
 *
 * @module
 */

import { type CpuUse, cpuUse, readCpuTimes } from "./cpu_time.ts";
import type { LiveProcess } from "./live_process.ts";

/** A competitor with its process. */
export interface Player {
  readonly id: string;
  readonly process: Pick<LiveProcess, "pid" | "ready" | "take">;
}

/** What came of one turn. */
export interface PlayedTurn {
  readonly round: number;
  readonly competitor: string;
  /** Milliseconds of each step. */
  readonly milliseconds: readonly number[];
  readonly loss: number;
  /** Who else used the processor; absent where the system does not tell. */
  readonly cpu?: CpuUse;
}

/** Options of {@linkcode takeTurns}. */
export interface TakeTurnsOptions {
  readonly rounds: number;
  /** Seconds that a turn is to last. */
  readonly seconds: number;
  /**
   * Seconds of rest before each turn. Threads of the one before spin for up to 0.2 s after its last step, in the hope
   * of more work.
   */
  readonly rest?: number;
  /** Stops after the turn at play. */
  readonly signal?: AbortSignal;
  /** Is told of every turn. */
  readonly onTurn?: (turn: PlayedTurn, player: Player) => void;
}

/**
 * Lets players take turns.
 *
 * @param players The players; each is asleep when it is not its turn.
 * @param options Rounds, length of a turn, rest.
 * @returns The turns of all whole rounds; fewer rounds than asked for when it was stopped.
 */
export async function takeTurns(
  players: readonly Player[],
  { rounds, seconds, rest = 0.5, signal, onTurn }: TakeTurnsOptions,
): Promise<PlayedTurn[]> {
  const pids = [Deno.pid, ...players.map(({ process }) => process.pid)];
  const turns: PlayedTurn[] = [];
  for (let round = 0; round < rounds; round++) {
    const ofRound: PlayedTurn[] = [];
    for (const player of orderOf(players, round)) {
      await new Promise((resolve) => setTimeout(resolve, rest * 1000));
      if (signal?.aborted) return turns;
      const before = readCpuTimes(pids);
      const start = performance.now();
      const { milliseconds, loss } = await player.process.take(stepsFor(player.process.ready.warmup, seconds));
      const after = readCpuTimes(pids);
      const elapsed = (performance.now() - start) / 1000;
      const cpu = before && after && cpuUse(before, after, elapsed, [Deno.pid, player.process.pid]);
      const turn = { round, competitor: player.id, milliseconds, loss, ...(cpu ? { cpu } : {}) };
      ofRound.push(turn);
      onTurn?.(turn, player);
    }
    turns.push(...ofRound);
  }
  return turns;
}

/**
 * The order of a round: every round begins one place further on, and when all have begun, the same backwards, so that
 * nobody always follows the same one.
 *
 * @param players In any order.
 * @param round Which round, from 0.
 * @returns The same in the order of the round.
 */
export function orderOf<T>(players: readonly T[], round: number): T[] {
  const start = round % players.length;
  const isBackwards = Math.floor(round / players.length) % 2 === 1;
  const order = [...players.slice(start), ...players.slice(0, start)];
  return isBackwards ? order.reverse() : order;
}

/**
 * How many steps make up a turn.
 *
 * @param warmup Milliseconds of each warm-up step; the first ones are slow, so the fastest counts.
 * @param seconds Length of a turn.
 * @returns At least 1.
 */
export function stepsFor(warmup: readonly number[], seconds: number): number {
  return Math.max(1, Math.round(seconds * 1000 / Math.min(...warmup)));
}
