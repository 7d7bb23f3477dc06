/**
 * Measures one model: starts every competitor, checks that they compute the same, lets them take turns.
 *
 * @module
 */

import { commandOf, type Competitor } from "./competitors.ts";
import { type LiveProcess, startProcess } from "./live_process.ts";
import type { Ready } from "./protocol.ts";
import { type Disturbance, disturbanceOf, type Figures, median, sharedParameters, summarise } from "./summary.ts";
import { type PlayedTurn, takeTurns } from "./turns.ts";
import { batchSize, type ModelName } from "./workload.ts";
import type { Terminal } from "../_terminal.ts";

/** What was measured of a model. */
export interface Measurement {
  readonly model: ModelName;
  readonly parameters: number;
  readonly batch: number;
  readonly figures: readonly Figures[];
  readonly disturbance?: Disturbance;
  /** What each competitor said of itself. */
  readonly competitors: Readonly<Record<string, Ready>>;
  readonly turns: readonly PlayedTurn[];
}

/** Options of {@linkcode measure}. */
export interface MeasureOptions {
  /** Threads for each. */
  readonly threads: number;
  /** The Python with the frameworks. */
  readonly python: string;
  readonly rounds: number;
  /** Seconds of a turn. */
  readonly seconds: number;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/**
 * Measures a model.
 *
 * @param model Which.
 * @param competitors Who competes.
 * @param options Threads, rounds, length of a turn.
 * @returns Figures over all whole rounds, or nothing when it was stopped before the end of the first.
 * @throws {Problem} When a competitor fails, or counts other parameters than Doppel.
 */
export async function measure(
  model: ModelName,
  competitors: readonly Competitor[],
  { threads, python, rounds, seconds, terminal, signal }: MeasureOptions,
): Promise<Measurement | undefined> {
  await using stack = new AsyncDisposableStack();
  const players: { id: string; title: string; process: LiveProcess }[] = [];
  const starting = terminal.progress(`Start ${model}`, { total: competitors.length, unit: "competitor" });
  try {
    // One after another, so that each warms up on a machine that it has for itself.
    for (const competitor of competitors) {
      starting.update(players.length, { detail: competitor.title });
      const line = commandOf(competitor, model, threads, python);
      const process = stack.use(await startProcess(`${competitor.title} on ${model}`, line, signal));
      players.push({ ...competitor, process });
    }
    starting.finish();
  } finally {
    starting.clear();
  }
  const parameters = sharedParameters(
    model,
    players.map(({ title, process }) => ({ title, parameters: process.ready.parameters })),
  );

  const playing = terminal.progress(`Measure ${model}`, { total: rounds * players.length, unit: "turn" });
  let played = 0;
  try {
    const turns = await takeTurns(players, {
      rounds,
      seconds,
      signal,
      onTurn: ({ milliseconds }, { id }) =>
        playing.update(++played, { detail: `${id} ${median(milliseconds).toPrecision(3)} ms` }),
    });
    if (turns.length === 0) return undefined;
    const disturbance = disturbanceOf(turns);
    playing.finish(`${turns.length} turns`);
    return {
      model,
      parameters,
      batch: batchSize,
      figures: summarise(model, turns, parameters),
      ...(disturbance ? { disturbance } : {}),
      competitors: Object.fromEntries(players.map(({ id, process }) => [id, process.ready])),
      turns,
    };
  } finally {
    playing.clear();
  }
}
