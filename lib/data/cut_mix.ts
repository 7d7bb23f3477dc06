import { index, type RandomSource, uniform } from "../random.ts";

/**
 * CutMix within a class (T-GD, Jeon et al., arXiv 2008.04115, algorithm 2; CutMix, Yun et al., arXiv 1905.04899): a rectangle
 * of each picture is replaced by that of another picture of the same label, so that labels stay what they are. One rectangle
 * for the whole batch; the share that stays is drawn evenly, as Beta(1, 1) is.
 *
 * @param pictures `[batch, height, width, channels]`, changed in place.
 * @param shape Batch, height, width, channels.
 * @param forged Labels.
 * @param random Where numbers come from.
 */
export function cutMixWithinClass(
  pictures: Float32Array,
  [batch, height, width, channels]: readonly [number, number, number, number],
  forged: ArrayLike<number>,
  random: RandomSource,
): void {
  const side = Math.sqrt(1 - uniform(random, 0, 1));
  const span = (length: number): [number, number] => {
    const centre = index(random, length);
    const half = Math.floor(length * side / 2);
    return [Math.max(0, centre - half), Math.min(length, centre + half)];
  };
  const [left, right] = span(width);
  const [top, bottom] = span(height);
  const before = pictures.slice();
  const picture = height * width * channels;
  for (let i = 0; i < batch; i++) {
    const peers = Array.from({ length: batch }, (_, j) => j).filter((j) => forged[j] === forged[i]);
    const peer = peers[index(random, peers.length)]!;
    for (let y = top; y < bottom; y++) {
      const from = peer * picture + (y * width + left) * channels;
      const to = i * picture + (y * width + left) * channels;
      pictures.set(before.subarray(from, from + Math.max(0, right - left) * channels), to);
    }
  }
}
