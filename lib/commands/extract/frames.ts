import type { FrameReader } from "../../data/mod.ts";
import { framePicture, videoFrames } from "../../image/mod.ts";

/** What reads the frames of videos for `task extract`: ffmpeg, one frame after another. */
export const frames: FrameReader = read;

async function* read(...[path, options]: Parameters<FrameReader>): ReturnType<FrameReader> {
  for await (const frame of videoFrames(path, options)) {
    yield { index: frame.index, time: frame.time, picture: framePicture(frame) };
  }
}
