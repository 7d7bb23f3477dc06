import { cannot } from "doppel/problem.ts";
import type { Region } from "doppel/image/mod.ts";

/**
 * The upright square round a face, for detectors of forgeries: cut out, not turned, so that no pixel is computed anew but by
 * the resizing that follows.
 *
 * @param landmarks 68 `x, y` pairs in pixels of the picture, flat.
 * @param picture Width and height of the picture.
 * @param margin What is added on every side, as a share of the landmarks' larger extent (brows to chin, or cheek to cheek).
 * Default 0.3.
 * @param raised How far the square's centre lies above the landmarks' middle, as a share of the same: they end at the brows.
 * Default 0.
 * @returns The square, moved into the picture where the face is near its edge, and no larger than the picture's shorter side.
 * @throws {Problem} When there are not 68 landmarks or the margin is negative.
 */
export function faceSquare(
  landmarks: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  margin = 0.3,
  raised = 0,
): Region {
  if (landmarks.length !== 136) throw cannot("cut out face", "68 landmarks", String(landmarks.length / 2));
  if (!(margin >= 0)) throw cannot("cut out face", "a margin of 0 or more", String(margin));
  const span = (axis: 0 | 1) => {
    const values = landmarks.filter((_, i) => i % 2 === axis);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return { middle: (low + high) / 2, extent: high - low };
  };
  const [across, down] = [span(0), span(1)];
  const larger = Math.max(across.extent, down.extent);
  const wanted = Math.round(larger * (1 + 2 * margin));
  const side = Math.max(1, Math.min(wanted, width, height));
  const place = (middle: number, room: number) => Math.max(0, Math.min(room - side, Math.round(middle - side / 2)));
  return { x: place(across.middle, width), y: place(down.middle - raised * larger, height), width: side, height: side };
}
