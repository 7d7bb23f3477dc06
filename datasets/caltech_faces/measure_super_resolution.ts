/**
 * Trains the super-resolution network on the bundled persons who may be learned from, measures it on others, and writes
 * the table of `lib/generators/README.md` to the standard output.
 *
 *     deno run -A datasets/caltech_faces/measure_super_resolution.ts [validation | test] [checkpoints] [steps]
 *
 * By default on `validation`, with checkpoints in `runs/super_resolution` (a finished one is only measured) and 2,000 steps,
 * under three minutes on two slow cores. Sharpening by an unsharp mask is tuned on `validation`.
 *
 * @module
 */

import { type IdentitySplit, readFaceSet } from "doppel/data/mod.ts";
import {
  hierarchicalBootstrap,
  mean,
  nestRows,
  pairedDifferences,
  perceptualDistance,
  psnr,
  relativeSharpness,
  ssim,
} from "doppel/evaluation/mod.ts";
import { enhanceFaces, softenFace, upscaler, type UpscalerModel, upscalerSizes } from "doppel/generators/mod.ts";
import { createPicture, gaussianBlur, type Picture, resizePicture } from "doppel/image/mod.ts";
import { randomSource } from "doppel/random.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";
import { every, trainSuperResolution } from "doppel/training/mod.ts";
import { FOLDER } from "./photo_distance.ts";

const SIZE = 128;
const FIGURES = ["psnr", "ssim", "perceptual", "sharp"] as const;
type Figures = Record<typeof FIGURES[number], number>;
type Row = Figures & { readonly method: string; readonly person: string; readonly path: string };
/** Faces of a split, each with what softening made of it. */
type Pairs = readonly {
  readonly person: string;
  readonly path: string;
  readonly face: Picture;
  readonly mask: Picture;
  readonly soft: Picture;
}[];

/**
 * Measures enlarged faces against the photographs that they were softened from.
 *
 * @param method What the rows are called.
 * @param pairs Faces and softened faces.
 * @param enlarged What was made of each softened face, of the faces' size.
 * @returns PSNR in decibels, SSIM, perceptual distance, and mean gradient inside the hull over that of the photograph.
 */
async function measureSuperResolution(
  method: string,
  pairs: Pairs,
  enlarged: readonly Picture[],
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [i, { person, path, face, mask }] of pairs.entries()) {
    const picture = enlarged[i]!;
    rows.push({
      method,
      person,
      path,
      psnr: psnr(picture, face),
      ssim: ssim(picture, face),
      perceptual: await perceptualDistance(picture, face),
      sharp: relativeSharpness({ picture, mask }, [{ picture: face, mask }]),
    });
  }
  return rows;
}

async function softened(identitySplit: IdentitySplit): Promise<Pairs> {
  const { faces } = await readFaceSet(FOLDER, { size: SIZE, identitySplit });
  return faces.map(({ person, path, picture: face, mask }) => ({
    person,
    path,
    face,
    mask,
    soft: softenFace(face, randomSource(1, "measured softness", path)),
  }));
}

const bicubic = ({ soft }: Pairs[number]) => resizePicture(soft, SIZE, SIZE, { interpolation: "bicubic" });

function unsharp(picture: Picture, sigma: number, amount: number): Picture {
  const blurred = gaussianBlur(picture, sigma);
  const sharp = picture.data.map((value, i) => Math.min(1, Math.max(0, value + amount * (value - blurred.data[i]!))));
  return createPicture(picture.width, picture.height, picture.channels, sharp);
}

/** The width and amount of the unsharp mask with the best mean SSIM. */
function tuned(pairs: Pairs): { sigma: number; amount: number } {
  const enlarged = pairs.map(bicubic);
  const settings = [1, 1.5, 2, 3, 4, 6].flatMap((sigma) =>
    [0.25, 0.5, 0.75, 1, 1.5].map((amount) => ({ sigma, amount }))
  );
  const scores = settings.map(({ sigma, amount }) =>
    mean(pairs.map(({ face }, i) => ssim(unsharp(enlarged[i]!, sigma, amount), face)))
  );
  return settings[scores.indexOf(Math.max(...scores))]!;
}

async function trained(checkpoints: string, steps: number): Promise<UpscalerModel> {
  const model = upscaler(upscalerSizes.small, 1);
  const { faces } = await readFaceSet(FOLDER, { size: SIZE, identitySplit: "train" });
  await trainSuperResolution(model, faces.map(({ picture }) => picture), {
    steps,
    seed: 1,
    checkpoints,
    callbacks: [
      every(100, async ({ step, losses, rate }) => {
        const [l1, dissimilarity] = [losses["absolute"]!.toFixed(4), losses["dssim"]!.toFixed(4)];
        const line = `step ${step} of ${steps}: L1 ${l1}, DSSIM ${dissimilarity}, ${rate.toFixed(1)} steps/s\n`;
        await Deno.stderr.write(new TextEncoder().encode(line));
      }),
    ],
  });
  return model;
}

if (import.meta.main) {
  const [split = "validation", checkpoints = "runs/super_resolution", steps = "2000"] = Deno.args;
  await useTensorFlow();
  const model = await trained(checkpoints, Number(steps));
  const validation = await softened("validation");
  const { sigma, amount } = tuned(validation);
  const pairs = split === "validation" ? validation : await softened(split as IdentitySplit);
  const methods: Record<string, readonly Picture[]> = {
    "bicubic": pairs.map(bicubic),
    [`bicubic + unsharp mask (sigma ${sigma}, amount ${amount})`]: pairs.map((pair) =>
      unsharp(bicubic(pair), sigma, amount)
    ),
    "network": await enhanceFaces(model, pairs.map(({ soft }) => soft)),
  };
  const rows: Row[] = [];
  for (const [method, enlarged] of Object.entries(methods)) {
    rows.push(...await measureSuperResolution(method, pairs, enlarged));
  }
  await Deno.stdout.write(new TextEncoder().encode(table(rows, Object.keys(methods), split)));
}

/** Means over persons; behind the network's the gain over each other method with its 95 % interval. */
function table(rows: readonly Row[], methods: readonly string[], split: string): string {
  const persons = new Set(rows.map(({ person }) => person)).size;
  const digits: Figures = { psnr: 2, ssim: 4, perceptual: 3, sharp: 3 };
  const lines = methods.map((method) => {
    const own = rows.filter((row) => row.method === method);
    const cells = FIGURES.map((figure) => {
      const nested = nestRows(own, { levels: ["person", "path"], value: figure });
      return hierarchicalBootstrap(nested, { draws: 1 }).estimate.toFixed(digits[figure]);
    });
    return `| ${method} | ${cells.join(" | ")} |`;
  });
  const gains = methods.slice(0, -1).map((method) => {
    const cells = FIGURES.map((figure) => {
      const arms = { column: "method", arm: methods.at(-1)!, against: method };
      const differences = pairedDifferences(rows, { value: figure, levels: ["person", "path"], ...arms });
      const { estimate, interval } = hierarchicalBootstrap(differences, { draws: 10_000, seed: 1 });
      const [low, high] = interval.map((end) => end.toFixed(digits[figure]));
      return `${estimate.toFixed(digits[figure])} [${low}, ${high}]`;
    });
    return `| network - ${method.split(" (")[0]} | ${cells.join(" | ")} |`;
  });
  return [
    `${rows.length / methods.length} faces of ${persons} persons (${split})`,
    "",
    "| enlarged by | PSNR (dB) | SSIM | perceptual distance | sharpness |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
    ...gains,
    "",
  ].join("\n");
}
