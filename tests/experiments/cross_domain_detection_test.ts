import assert from "node:assert/strict";
import { join } from "node:path";
import { detectorNames } from "../../experiments/cross_domain_detection/methods.ts";
import { performOn } from "../../experiments/cross_domain_detection/perform.ts";
import { openPictureSets } from "../../experiments/cross_domain_detection/picture_sets.ts";
import { type Config, presets } from "../../experiments/cross_domain_detection/presets.ts";
import type { AucRow, ResultRow } from "../../experiments/cross_domain_detection/rows.ts";
import { trainOnSource } from "../../experiments/cross_domain_detection/train.ts";
import { createRun, type ExperimentContext, readMetrics, type Run } from "doppel/experiment/mod.ts";
import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { environment } from "../experiment/fixtures.ts";
import { fakePictures, fakeSets } from "./cross_domain_detection_sets.ts";

await useTensorFlow();
const smoke: Config = {
  ...presets.smoke.config,
  domains: ["graphics", "df"],
  sources: ["graphics"],
  variants: ["matched"],
  detectors: [...detectorNames],
  adaptations: ["ft", "tgd"],
  pairs: ["graphics>df"],
  chains: ["graphics>df"],
  shots: [0, 2, 3],
  ablation_shots: [0, 2],
  tgd_shots: [0, 3],
  resolution: 32,
  steps: 4,
  validate_every: 2,
  adapt_steps: 2,
  adapt_rates: [1e-4, 1e-3],
};
/** Few methods, for what need not be shown with all. */
const few: Config = {
  ...smoke,
  detectors: ["ft", "classifier"],
  adaptations: ["ft", "fine_tuned_classifier"],
  chains: [],
  shots: [0, 2],
};

const root = Deno.makeTempDirSync();
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));

async function contextOf(config: Config, more: Partial<ExperimentContext<Config>> = {}) {
  const run = await createRun({
    ...{ root, experiment: "cross_domain_detection", preset: "smoke", config, environment },
  });
  return { run, config, data: "", say: () => {}, progress: () => {}, ...more };
}

const perform = async (context: ExperimentContext<Config>, shift = 0) =>
  await performOn({ sets: fakeSets({ shift }), rows: [] }, context);

/** Rows without what time it took. */
const timeless = (rows: readonly ResultRow[]) => rows.map((row) => row.kind === "cost" ? { ...row, seconds: 0 } : row);
const aucs = (rows: readonly ResultRow[], wanted: Partial<AucRow>) =>
  rows.filter((row): row is AucRow => row.kind === "auc")
    .filter((row) => Object.entries(wanted).every(([key, value]) => row[key as keyof AucRow] === value));

Deno.test("performOn() trains every detector, adapts and tests, and leaves no tensors behind", async () => {
  const context = await contextOf(smoke);
  const before = tf.memory().numTensors;
  const { rows, complete } = await perform(context);
  assert.ok(complete);
  for (const method of detectorNames) {
    const own = aucs(rows, { phase: "source", method });
    const source = method === "sbi" ? "real" : "graphics";
    assert.deepEqual(
      own.map(({ test, degradation }) => `${test} ${degradation}`),
      ["graphics null", "df null", ...(source === "real" ? [] : ["graphics jpeg 50"])],
      method,
    );
    assert.ok(own.every((row) => row.source === source && row.placements.length === 4));
  }
  for (const [method, counts] of [["ft", [2, 3]], ["tgd", [3]]] as const) {
    const own = aucs(rows, { phase: "adapted", method });
    assert.equal(own.length, 2 + 2 * 2 * 2 * counts.length, `${method}: rates, stops, test sets, and none`);
    for (const shots of counts) {
      for (const stop of ["best", "last"] as const) {
        const chosen = aucs(own, { shots, stop, chosen: true });
        assert.deepEqual(chosen.map(({ test }) => test), ["df", "graphics"], "one setting is chosen");
      }
    }
  }
  const rate = aucs(rows, { method: "tgd", shots: 3, stop: "best", chosen: true, phase: "adapted" })[0]!.setting;
  assert.deepEqual(
    aucs(rows, { phase: "chain" }).map(({ method, chain, test, setting }) => [method, chain, test, setting]),
    ["graphics", "df"].map((test) => ["tgd", "graphics>df", test, rate]),
    "the rate that was chosen for the pair",
  );
  const zero = aucs(rows, { phase: "adapted", method: "tgd", shots: 0, test: "df" });
  const source = aucs(rows, { phase: "source", method: "efficient_net", test: "df" });
  assert.deepEqual(zero[0]!.placements, source[0]!.placements, "no pictures, the source detector as it is");
  assert.deepEqual(
    rows.filter(({ kind }) => kind === "photos"),
    ["graphics", "df"].map((test) => ({
      ...{ kind: "photos", test, variant: "matched" },
      photos: [0, 1, 2, 3].map((place) => `test/${place}.jpg`),
      persons: [0, 1, 0, 1].map((place) => `test person ${place}`),
    })),
  );
  assert.equal(rows.filter(({ kind }) => kind === "cost").length, 11 + 2 + 1);
  const metrics = await readMetrics(context.run.metrics);
  assert.ok(metrics.some((record) => record["arm"] === "sbi" && Number.isFinite(record["validation_auc"])));
  // The recogniser that linear probes look through stays loaded.
  const { rows: again } = await perform({ ...context, say: () => assert.fail("all cells are finished") });
  assert.deepEqual(again, rows);
  const loaded = tf.memory().numTensors - before;
  const second = await contextOf(few);
  await perform(second);
  assert.equal(tf.memory().numTensors - before, loaded);
});

Deno.test("performOn() stopped in each phase goes on to the same rows, and never learns from test pictures", async () => {
  const whole = await perform(await contextOf(few));
  const stops = [
    "training classifier",
    "ForensicTransfer, seed 1, matched",
    "classifier, fine-tuned, seed 1, matched",
  ];
  let context: ExperimentContext<Config> = await contextOf(few);
  for (const title of stops) {
    const stop = new AbortController();
    const stopped = await perform({
      ...context,
      signal: stop.signal,
      progress: (at, done) => at.startsWith(title) && done > 0 ? stop.abort(new Error("stop")) : undefined,
    });
    assert.equal(stopped.complete, false, title);
  }
  const resumed = await perform(context);
  assert.ok(resumed.complete);
  assert.deepEqual(timeless(resumed.rows), timeless(whole.rows));
  const folders = [...Deno.readDirSync(context.run.checkpoints)].map(({ name }) => name);
  for (const folder of folders) {
    const files = [...Deno.readDirSync(join(context.run.checkpoints, folder))].map(({ name }) => name).sort();
    assert.deepEqual(files, ["end.json", "last.safetensors"]);
  }

  // Other test pictures: nothing that is trained or chosen differs, only what is tested.
  context = await contextOf(few);
  const other = await perform(context, 5);
  const learned = (rows: readonly ResultRow[]) =>
    aucs(rows, {}).map(({ auc: _auc, ap: _ap, eer: _eer, accuracy: _accuracy, placements: _placements, ...rest }) =>
      rest
    );
  assert.deepEqual(learned(other.rows), learned(whole.rows));
  assert.notDeepEqual(
    aucs(other.rows, {}).map(({ placements }) => placements),
    aucs(whole.rows, {}).map(({ placements }) => placements),
  );
});

Deno.test("trainOnSource() learns a faint pattern, and is taken over where settings and pictures agree", async () => {
  const config: Config = { ...few, steps: 240, validate_every: 40 };
  const training = { detector: "classifier", seed: 1, variant: "matched", source: "graphics" } as const;
  const first = await contextOf(config);
  const sets = openPictureSets(fakeSets(), "face_api");
  const { model, steps } = await trainOnSource(first, sets, training, () => {});
  const test = await sets.read({ domain: "graphics", variant: "matched", split: "test" });
  const scores = await sets.score(model, test);
  const [real, forged] = [false, true].map((class_) => scores.filter(({ forged }) => forged === class_));
  const wins = forged!.flatMap(({ score }) => real!.map((other) => Number(score > other.score)));
  assert.ok(wins.filter(Boolean).length >= 15, `${wins.filter(Boolean).length} of 16 in order`);
  assert.ok(steps <= 240);

  const said: string[] = [];
  const taking = async (run: Run, own: ReturnType<typeof fakeSets>) => {
    const context = await contextOf(config, { reuse: run.path, say: (line) => void said.push(line) });
    const taken = await trainOnSource(
      { ...context, signal: AbortSignal.abort(new Error("would train")) },
      openPictureSets(own, "face_api"),
      training,
      () => {},
    );
    const values = taken.model.weights.variables.map((variable) => [...variable.dataSync()]);
    taken.model.weights.dispose();
    return values;
  };
  const taken = await taking(first.run, fakeSets());
  assert.deepEqual(taken, model.weights.variables.map((variable) => [...variable.dataSync()]));
  assert.match(said[0]!, /^Took over classifier, seed 1, matched\/graphics, from /);
  model.weights.dispose();
  const others = { read: () => Promise.resolve(fakePictures("df", "train", 6, 1)) };
  await assert.rejects(taking(first.run, others), /would train/);
});

Deno.test("trainOnSource() waits for the end of a falling rate, and ends a constant one where nothing comes", async () => {
  const alike = {
    read: async (which: Parameters<ReturnType<typeof fakeSets>["read"]>[0]) => {
      const pictures = await fakeSets().read(which);
      // Each forgery is its real picture: the AUC stays 0.5.
      return pictures.map((own, i) => ({ ...own, picture: pictures[i - i % 2]!.picture }));
    },
  };
  const stepsBy = async (detector: "classifier" | "efficient_net") => {
    const context = await contextOf({ ...few, steps: 10, validate_every: 1 });
    const training = { detector, seed: 1, variant: "matched", source: "graphics" } as const;
    const { model, steps } = await trainOnSource(context, openPictureSets(alike, "face_api"), training, () => {});
    model.weights.dispose();
    return steps;
  };
  assert.equal(await stepsBy("classifier"), 7, "the first look and six without a better one");
  assert.equal(await stepsBy("efficient_net"), 20, "twice the steps, to the end");
});

Deno.test("performOn() refuses settings that contradict each other before anything is trained", async () => {
  const refused = async (change: Partial<Config>, message: RegExp) =>
    await assert.rejects(async () => await perform(await contextOf({ ...few, ...change })), message);
  await refused({ detectors: ["ft"] }, /expected classifier among detectors, got ft \(detectors\)/);
  await refused({ adapt_variants: ["raw"], raw_detectors: ["classifier"] }, /expected ft among raw_detectors/);
  await refused({ sources: ["aei"] }, /expected aei among domains, got graphics, df \(domains\)/);
  await refused({ pairs: ["df>graphics"] }, /expected df among sources, got graphics \(sources\)/);
  await refused({ chains: ["graphics>aei"] }, /expected aei among domains/);
  await refused({ pairs: ["graphics>df>graphics"] }, /expected two domains, source>target/);
  await refused(
    { chains: ["graphics>df"], tgd_shots: [0] },
    /expected target pictures for the chains, got none \(tgd_shots\)/,
  );
  await refused({ resolution: 48 }, /expected a multiple of 32 pixels, got 48 \(resolution\)/);
  await refused({ degradations: ["mud 3"] }, /Cannot worsen pictures/);
});
