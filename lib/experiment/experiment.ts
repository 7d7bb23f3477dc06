/**
 * What an experiment is to the commands: settings, work that can be stopped and resumed, and how its rows become tables,
 * charts and verdicts.
 *
 * @module
 */

import type * as v from "valibot";
import type { Environment } from "./environment.ts";
import type { Preset, PresetName } from "./presets.ts";
import type { Results } from "./results.ts";
import type { Run } from "./run_folder.ts";

/** What an experiment works with. */
export interface ExperimentContext<Config> {
  /** Where everything is written. */
  readonly run: Run;
  /** The resolved settings. */
  readonly config: Config;
  /** The folder of photographs. */
  readonly data: string;
  /** Folder of an earlier run, whose trained parts are taken over where the settings that made them are the same. */
  readonly reuse?: string | undefined;
  /** Asks it to stop: finish the step, save, throw the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Says something worth a line. */
  say(line: string): void;
  /** Moves the progress line of the piece of work that the title names; `detail` is a word on how it goes. */
  progress(title: string, done: number, total: number, detail?: string): void;
}

/** What came out: one row a measurement, and whether all cells were finished. */
export interface Findings<Row extends Record<string, unknown>> {
  readonly rows: readonly Row[];
  readonly complete: boolean;
}

/** What is presented: everything but the rows is computed from the rows alone, so that a report can be made again. */
export interface PresentContext<Config> {
  readonly run: Run;
  readonly config: Config;
  readonly rows: readonly Record<string, unknown>[];
  readonly environment: Environment;
}

/** An experiment. */
// deno-lint-ignore no-explicit-any -- the registry holds experiments of different settings
export interface Experiment<Config = any> {
  /** Its folder's name. */
  readonly name: string;
  /** Its name in words. */
  readonly title: string;
  /** The question that it answers. */
  readonly question: string;
  /** The form of its settings. */
  readonly schema: v.GenericSchema<unknown, Config>;
  /** Its sizes. */
  readonly presets: Readonly<Record<PresetName, Preset<Config>>>;
  /** Names of the chart and the table, without ending, that a page over several experiments shows. */
  readonly main?: { readonly chart?: string; readonly table?: string };
  /** Does the work. */
  perform(context: ExperimentContext<Config>): Promise<Findings<Record<string, unknown>>>;
  /** The name, without ending, under which a sample grid is kept with exported results, or nothing. */
  sampleName?(file: string, config: Config): string | undefined;
  /** Writes tables, charts and the report of a run, and gives its claims. */
  present(context: PresentContext<Config>): Promise<Results["claims"]>;
}
