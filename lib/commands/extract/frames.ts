import type { FrameReader } from "../../data/mod.ts";

/** What reads the frames of videos for `task extract`; without it videos are listed as unreadable. */
export const frames: FrameReader | undefined = undefined;
