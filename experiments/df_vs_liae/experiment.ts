/**
 * DF against LIAE (Perov et al., arXiv 2005.05535). At present the DF arm: two persons are swapped in both directions,
 * and a judge that took no part in training says whether the swaps come nearer to the source person.
 *
 * @module
 */

import { join } from "node:path";
import type { Cell, Experiment, ExperimentContext } from "doppel/experiment/mod.ts";
import { cellKey, openMetricsLog, runArms } from "doppel/experiment/mod.ts";
import { readFaceSet, type SetFace } from "doppel/data/mod.ts";
import { convertPhotos, df, dfSizes, type FacePairModel, type Side } from "doppel/generators/mod.ts";
import { every, trainPair } from "doppel/training/mod.ts";
import { type Config, presets, schema } from "./presets.ts";
import { type Judge, measureSwaps, openJudge, type SwapRow } from "./measure.ts";
import { facePhoto, gridOf, saveSwaps, writeGrid } from "./samples.ts";
import { present } from "./report.ts";

/** The experiment, as the commands know it. */
export const experiment: Experiment<Config> = {
  name: "df_vs_liae",
  title: "DF against LIAE",
  question:
    "Whose face does a swap by DeepFaceLab's autoencoders show? At present for DF: does the swap come nearer to " +
    "the source person than the untouched photograph was, on photographs that training never saw?",
  schema,
  presets,
  perform,
  present,
};

/** Trains every cell (arm, seed, pair) and measures its swaps; one row for each held-out photograph and direction. */
async function perform(context: ExperimentContext<Config>): Promise<{ rows: SwapRow[]; complete: boolean }> {
  const { run, config, data, signal, say } = context;
  let judge: Judge | undefined;
  const outcome = await runArms<SwapRow[]>(
    {
      run,
      arms: config.arms,
      seeds: config.seeds,
      pairs: config.pairs,
      ...(signal ? { signal } : {}),
      onCell: ({ cell, done, total }) =>
        say(`Cell ${done + 1} of ${total}: ${cell.arm}, seed ${cell.seed}, ${cell.pair}`),
    },
    async (cell) => {
      const [source, destination] = cell.pair!.split("+") as [string, string];
      const { faces } = await readFaceSet(data, {
        size: dfSizes[config.size].resolution,
        persons: [source, destination],
      });
      const of = (person: string, split: "train" | "held_out") =>
        faces.filter((face) => face.person === person && face.photoSplit === split);
      const model = df(dfSizes[config.size], cell.seed);
      try {
        const key = cellKey(cell);
        const targets: Record<Side, SetFace[]> = {
          source: of(destination, "held_out"),
          destination: of(source, "held_out"),
        };
        await trainCell(context, model, cell, targets, {
          source: of(source, "train"),
          destination: of(destination, "train"),
        });
        judge ??= await openJudge(data, config.gallery, context.progress);
        const rows: SwapRow[] = [];
        for (const [to, person] of [["source", source], ["destination", destination]] as const) {
          const photos = await Promise.all(targets[to].map((face) => facePhoto(data, face)));
          const swaps = await convertPhotos(model, photos, { to, faceType: config.face_type, label: false });
          rows.push(
            ...await measureSwaps(judge, { arm: cell.arm, seed: cell.seed, pair: cell.pair!, person }, photos, swaps),
          );
          await saveSwaps(join(run.samples, key), run, person, photos, swaps);
          const grid = await gridOf(person, photos, swaps, of(person, "train"), data);
          await writeGrid(join(run.samples, `${key}_to_${person}.png`), grid);
        }
        return rows;
      } finally {
        model.weights.dispose();
      }
    },
  );
  return { rows: outcome.cells.flatMap(({ value }) => value), complete: outcome.complete };
}

async function trainCell(
  { run, config, data, signal, progress }: ExperimentContext<Config>,
  model: FacePairModel,
  cell: Cell,
  targets: Readonly<Record<Side, readonly SetFace[]>>,
  faces: Readonly<Record<Side, readonly SetFace[]>>,
): Promise<void> {
  const key = cellKey(cell);
  const log = await openMetricsLog(run.metrics);
  const preview = await facePhoto(data, targets.source[0]!);
  try {
    const { complete } = await trainPair(model, faces, {
      steps: config.steps,
      batch: config.batch,
      rate: config.rate,
      seed: cell.seed,
      augmentation: { warp: config.warp },
      mixedPrecision: config.mixed_precision,
      checkpoints: join(run.checkpoints, key),
      signal,
      callbacks: [
        every(20, ({ step, losses, rate }) => log.append({ ...cell, step, ...losses, rate })),
        ({ step, steps, losses }) => {
          const loss = (losses["source"] ?? 0) + (losses["destination"] ?? 0);
          progress(`training ${key}`, step, steps, `loss ${loss.toFixed(3)}`);
        },
        every(config.sample_every, async ({ step }) => {
          const swaps = await convertPhotos(model, [preview], {
            mask: "dst",
            faceType: config.face_type,
            label: false,
          });
          await saveSwaps(join(run.samples, "while_training"), run, `${key}_step${step}`, [preview], swaps);
        }),
      ],
    });
    if (!complete) throw signal?.reason;
  } finally {
    log.close();
  }
}
