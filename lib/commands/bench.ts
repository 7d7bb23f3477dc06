/**
 * `deno task bench`: training steps of a few models, Doppel's beside those of PyTorch and Keras.
 *
 * @module
 */

import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { describeEnvironment } from "../experiment/mod.ts";
import { projectRoot } from "../notebook/mod.ts";
import { cannot } from "../problem.ts";
import { chooseCompetitors, frameworks } from "./bench/competitors.ts";
import { installFrameworks } from "./bench/frameworks.ts";
import { measure, type Measurement } from "./bench/measure.ts";
import { type BenchResult, tableOf, writeBench } from "./bench/present.ts";
import { defaultModels, modelNames } from "./bench/workload.ts";
import { closest } from "./_closest.ts";
import { command } from "./_command.ts";
import { main } from "./_main.ts";
import { note, say, terminal } from "./_terminal.ts";

/** The command `bench`. */
export const bench = command({
  name: "bench",
  summary: "Measure training steps, beside PyTorch and Keras if asked",
  description: [
    "Every competitor is a process of its own with the model built and warm. They take turns of a second or two while",
    "the others sleep, each round in another order, on the processor with the same number of threads (DOPPEL_THREADS,",
    "default all cores). A ratio is the median over rounds of one competitor's time by another's in the same round.",
    "Python frameworks are fetched into .venv/bench when they are first asked for. Models: DeepFaceLab's DF and LIAE at",
    "64 px and, as df128 and liae128 with its letters ud, at 128 px; FaceShifter's AEI-Net at 64 px; a small detector;",
    "a GAN.",
  ].join("\n"),
  options: {
    against: { type: "text", summary: `Frameworks to compare with, of ${frameworks.join(",")}`, value: "NAMES" },
    models: {
      type: "text",
      summary: `Models to measure, of ${modelNames.join(",")}`,
      value: "NAMES",
      default: defaultModels.join(","),
    },
    rounds: { type: "integer", summary: "Turns of each competitor", min: 1, max: 1000, default: 15 },
    turn: { type: "number", summary: "Seconds of a turn", min: 0, max: 60, default: 1.5 },
    out: { type: "text", summary: "Folder to write bench.csv and bench.json to", value: "DIR" },
    json: { type: "flag", summary: "Print one JSON object in place of tables" },
  },
  examples: [
    "bench",
    "bench --against pytorch,keras --out runs/bench",
    "bench --models df,df128,liae,liae128 --against pytorch,keras",
    "bench --models detector --rounds 5 --json",
  ],
  async run(_positionals, { against, models, rounds, turn, out, json }, { signal }) {
    const chosenFrameworks = chooseNames("--against", against ?? "", frameworks);
    const chosenModels = chooseNames("--models", models, modelNames);
    const threads = readThreads();
    const python = chosenFrameworks.length > 0 ? await installFrameworks(chosenFrameworks, { signal }) : "";
    const competitors = chooseCompetitors(chosenFrameworks);
    if (!competitors.some(({ mode }) => mode === "bf16")) {
      note("This processor does not multiply bfloat16: the modes in bf16 stay away.");
    }

    const measurements: Measurement[] = [];
    for (const model of chosenModels) {
      if (signal.aborted) break;
      const options = { threads, python, rounds, seconds: turn, terminal, signal };
      const measurement = await measure(model, competitors, options);
      if (!measurement) break;
      measurements.push(measurement);
      if (!json) say(`${measurements.length > 1 ? "\n" : ""}${tableOf(measurement)}`);
    }
    if (measurements.length === 0) return;
    const result: BenchResult = {
      date: new Date().toISOString(),
      environment: await describe(measurements),
      options: { threads, rounds, turn_s: turn },
      measurements,
    };
    if (out) {
      writeBench(resolve(out), result);
      note(`Written to ${resolve(out)}.`);
    }
    if (json) say(JSON.stringify(result, null, 2));
  },
});

/**
 * Reads a list of names.
 *
 * @param flag The option, for the message.
 * @param text Names with commas between them; may be empty.
 * @param known The names there are.
 * @returns Those asked for, each once, in the order of `known`.
 * @throws {Problem} When a name is unknown.
 */
export function chooseNames<T extends string>(flag: string, text: string, known: readonly T[]): T[] {
  const asked = text.split(",").map((name) => name.trim()).filter((name) => name !== "");
  for (const name of asked) {
    if ((known as readonly string[]).includes(name)) continue;
    const near = closest(name, known);
    const got = `"${name}"${near ? `; did you mean ${near}?` : ""}`;
    throw cannot("run bench", `names of ${known.join(", ")} with commas between them`, got, flag);
  }
  return known.filter((name) => asked.includes(name));
}

function readThreads(): number {
  const threads = Number(Deno.env.get("DOPPEL_THREADS") ?? availableParallelism());
  if (Number.isInteger(threads) && threads >= 1 && threads <= 127) return threads;
  throw cannot("choose threads", "a whole number from 1 to 127", String(threads), "DOPPEL_THREADS");
}

/** Machine, code and versions, with what the competitors said of themselves. */
function describe(measurements: readonly Measurement[]): ReturnType<typeof describeEnvironment> {
  const said = measurements.flatMap(({ competitors }) => Object.values(competitors));
  return describeEnvironment({
    device: said.find(({ device }) => device)?.device ?? {},
    data: { kind: "random pictures" },
    versions: Object.assign({}, ...said.map(({ versions }) => versions)),
    command: ["deno", "task", "bench", ...Deno.args].join(" "),
    root: projectRoot,
  });
}

if (import.meta.main) await main(bench);
