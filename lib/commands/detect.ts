/**
 * `task detect`: how forged do pictures look to a trained detector?
 *
 * @module
 */

import { resolve } from "node:path";
import { openDetector } from "../experiment/mod.ts";
import { writeFileWhole } from "../image/mod.ts";
import { cannot } from "../problem.ts";
import { useTensorFlow } from "../runtime/mod.ts";
import { readRegion } from "./_labelled.ts";
import { listImages } from "./detect/images.ts";
import { scoreImages } from "./detect/score.ts";
import { wordScores } from "./detect/wording.ts";
import { command, main, note, progress, say } from "./mod.ts";

/** The command. */
export const detect = command({
  name: "detect",
  summary: "Score photographs with a trained detector of forged faces",
  description:
    `Gives each picture a score from 0 for real to 1 for forged, as CSV: file, score, faces that were found, decision
(forged or real, where the detector's folder has a threshold), and what was wrong with files that could not be scored. Faces
are cut out, resized and compressed as they were when the detector was trained.

A score is what a detector makes of pictures like those that it learned from. Of forgeries made in other ways it says
little: never take it for a proof.`,
  positionals: [{ name: "images", summary: "Photographs, or folders of them", many: true }],
  options: {
    model: { type: "text", summary: "A detector's folder (task train), or a checkpoint of one", value: "MODEL" },
    out: { type: "text", summary: "Write to a file, not to the terminal", value: "FILE" },
    json: { type: "flag", summary: "JSON, not CSV" },
    threshold: { type: "number", summary: "Call forged from this score on; default the detector's", min: 0, max: 1 },
    faces: {
      type: "choice",
      summary: "Of several faces the largest, or the one with the highest score",
      choices: ["largest", "all"],
      default: "largest",
    },
    minScore: { type: "number", summary: "Least score of a face", min: 0.01, max: 0.99, default: 0.5 },
    whole: { type: "flag", summary: "Score whole pictures, not faces" },
    margin: { type: "number", summary: "Margin round faces, default as in training", min: 0, max: 3 },
    crop: {
      type: "text",
      summary: "Cut this out of all pictures first, default as in training",
      value: "X,Y,WIDTH,HEIGHT",
    },
    quality: { type: "integer", summary: "JPEG quality, default as in training", min: 1, max: 100 },
  },
  examples: [
    "detect --model models/detector photographs --out scores.csv",
    "detect --model models/detector portrait.jpg --json",
  ],
  async run({ images }, { model: path, out, json, whole, margin, crop, quality, ...options }, { signal }) {
    if (path === undefined) throw cannot("detect", "--model MODEL", "none", "see --help");
    if (whole && margin !== undefined) throw cannot("detect", "either --whole or --margin", "both", "see --help");
    const { files, others } = await listImages(images);
    const region = crop === undefined ? undefined : readRegion(crop);
    await useTensorFlow();
    const { model, pictures, description } = await openDetector(path);
    if (!description) {
      note("A checkpoint by itself does not say how its pictures were prepared: see --margin, --crop and --quality.");
    }
    const bar = progress("Scoring", { total: files.length, unit: "picture" });
    const scored = await scoreImages(model, files, {
      preparation: {
        ...pictures,
        ...(whole && { margin: null }),
        ...(margin !== undefined && { margin }),
        ...(region && { crop: region }),
        ...(quality !== undefined && { quality }),
      },
      threshold: options.threshold ?? description?.threshold ?? null,
      faces: options.faces,
      minScore: options.minScore,
      signal,
      onProgress: (done) => bar.update(done),
    }).finally(() => {
      bar.clear();
      model.weights.dispose();
    });
    for (const { file, problem } of scored) if (problem !== null) note(`Passed over ${file}: ${problem}`);
    if (others.length > 0) note(`${others.length} other files are no photographs.`);
    const done = scored.filter(({ score }) => score !== null).length;
    if (done === 0 && !signal.aborted) {
      throw cannot("detect", "a picture that can be scored", `none among ${files.length}`, path);
    }
    if (scored.length === 0) return;
    const text = wordScores(scored, json ? "json" : "csv");
    if (out === undefined) return say(text.trimEnd());
    await writeFileWhole(resolve(out), text);
    const stopped = signal.aborted ? `Stopped after ${scored.length} of ${files.length} files; ` : "";
    say(`${stopped}${done} of ${scored.length} files scored: ${resolve(out)}`);
  },
});

if (import.meta.main) await main(detect);
