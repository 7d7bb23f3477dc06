import { labelPicture } from "./label.ts";
import { createPicture } from "./picture.ts";

/**
 * The label of {@linkcode labelPicture} for the frames of a video: it is drawn once, and costs a frame only the pixels
 * that it covers.
 *
 * @example Label a film
 * ```ts
 * import { frameLabel, readVideo } from "doppel/image/mod.ts";
 *
 * for await (const { data, width, height } of readVideo("swap.mp4")) frameLabel(width, height)(data);
 * ```
 *
 * @param width Columns of the frames.
 * @param height Rows.
 * @param text What it says. Default `SYNTHETIC`.
 * @returns Writes the label into the bytes of a frame, `[height, width, 3]`.
 * @throws {Problem} When the frames are too small for the text to be read.
 */
export function frameLabel(width: number, height: number, text = "SYNTHETIC"): (data: Uint8Array) => void {
  // Darkening and drawing are affine in each value, so black and white tell what becomes of every other one.
  const [black, white] = [0, 1].map((value) => labelPicture(createPicture(width, height, 3, value), text).data) as [
    Float32Array,
    Float32Array,
  ];
  const places = Int32Array.from(
    (function* () {
      for (let i = 0; i < black.length; i++) if (black[i] !== 0 || white[i] !== 1) yield i;
    })(),
  );
  const offset = Float32Array.from(places, (i) => black[i]! * 255);
  const share = Float32Array.from(places, (i) => white[i]! - black[i]!);
  return (data) => {
    for (let k = 0; k < places.length; k++) {
      const at = places[k]!;
      data[at] = Math.round(data[at]! * share[k]! + offset[k]!);
    }
  };
}
