/**
 * Scoring files one after the other; what is wrong with one does not stop the others.
 *
 * @module
 */

import { compressSquare, cutPicture, type Preparation } from "../../data/mod.ts";
import { type Detector, judgePictures } from "../../detectors/mod.ts";
import { type Picture, readPicture } from "../../image/mod.ts";
import { sentence } from "../../problem.ts";

/** What came of a file. */
export interface ScoredFile {
  readonly file: string;
  /** In [0, 1], higher is more likely forged; the highest of the faces that were scored. Null where there is none. */
  readonly score: number | null;
  /** Faces that were found; null where none were looked for. */
  readonly faces: number | null;
  /** By the threshold; null without one, or without a score. */
  readonly decision: "forged" | "real" | null;
  /** Why there is no score; null where there is one. */
  readonly problem: string | null;
}

/** How files are scored. */
export interface ScoreOptions {
  readonly preparation: Preparation;
  readonly threshold: number | null;
  readonly faces: "largest" | "all";
  readonly minScore: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

/** So many squares go through the detector together. */
const BATCH = 16;

/**
 * Scores files.
 *
 * @param model The detector.
 * @param files Paths.
 * @param options Preparation, threshold, faces, signal.
 * @returns What came of each file, in order; those before the signal stopped it.
 */
export async function scoreImages(
  model: Detector,
  files: readonly string[],
  { preparation, threshold, faces, minScore, signal, onProgress }: ScoreOptions,
): Promise<ScoredFile[]> {
  const scored: ScoredFile[] = [];
  let waiting: { file: string; faces: number | null; squares: readonly Picture[]; problem: string | null }[] = [];
  const flush = async () => {
    const squares = waiting.flatMap((entry) => entry.squares);
    const scores = squares.length > 0 ? await judgePictures(model, squares) : [];
    for (const { file, faces, squares, problem } of waiting) {
      const own = scores.splice(0, squares.length);
      const score = own.length > 0 ? Math.max(...own) : null;
      const decision = score === null || threshold === null ? null : score >= threshold ? "forged" : "real";
      scored.push({ file, score, faces, decision, problem });
    }
    waiting = [];
  };
  for (const [i, file] of files.entries()) {
    if (signal.aborted) break;
    waiting.push({ file, ...await prepare(file) });
    if (waiting.reduce((sum, { squares }) => sum + squares.length, 0) >= BATCH) await flush();
    onProgress(i + 1);
  }
  await flush();
  return scored;

  async function prepare(file: string) {
    try {
      const cut = await cutPicture(await readPicture(file), preparation, { faces, minScore, where: file });
      const seen = await Promise.all(cut.squares.map((square) => compressSquare(square, preparation.quality)));
      const problem = seen.length === 0 ? "no face was found in it" : null;
      return { faces: cut.faces, squares: seen.map(({ picture }) => picture), problem };
    } catch (error) {
      const problem = sentence(error);
      if (problem === undefined) throw error;
      return { faces: null, squares: [], problem };
    }
  }
}
