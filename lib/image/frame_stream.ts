/**
 * What comes out of a decoding ffmpeg: on its standard output the bytes of the frames, in its log their times.
 *
 * @module
 */

/** When a frame is shown and for how long, in seconds. */
export interface FrameTiming {
  readonly time: number;
  readonly duration: number;
}

/** What ffmpeg itself says of damage; its decoders also complain of things that they can mend. */
const signsOfDamage =
  /corrupt (decoded frame|input packet)|File ended prematurely|partial file|Error during demuxing|Error (submitting|processing) packet/;

/** The times of the frames, as they become known. */
export interface FrameTimings {
  /** The first sign of damage, if there was one. */
  readonly damage: string | undefined;
  /** Takes a line of the log of an ffmpeg with the filter `showinfo`. */
  hear(line: string): void;
  /** Says that no more lines will come. */
  close(): void;
  /** The next frame's time; nothing when ffmpeg has ended without telling. */
  next(): Promise<FrameTiming | undefined>;
}

/**
 * Picks the frames' times, and damage, out of ffmpeg's log.
 *
 * @param options `afterJump`: whether reading begins in the middle; what the jump has cut through is no damage.
 * @returns The queue of times.
 */
export function frameTimings({ afterJump }: { readonly afterJump: boolean }): FrameTimings {
  const waiting: FrameTiming[] = [];
  let last: FrameTiming = { time: 0, duration: 0 };
  let wake = () => {};
  let isOver = false;
  let hasBegun = !afterJump;
  let damage: string | undefined;
  let seconds = (ticks: string) => Number(ticks);
  return {
    get damage() {
      return damage;
    },
    hear(line) {
      const base = line.match(/^config in time_base: (\d+)\/(\d+)/);
      if (base) seconds = (ticks) => Number(ticks) * Number(base[1]) / Number(base[2]);
      const frame = line.match(/^n:\s*\d+ pts:\s*(\S+)(?:.*? duration:\s*(\S+))?/);
      if (frame) {
        hasBegun = true;
        const [duration, stated] = [seconds(frame[2] ?? ""), seconds(frame[1]!)];
        // Some formats leave times out ("NOPTS"); such a frame follows on the one before.
        const time = Number.isNaN(stated) ? last.time + last.duration : stated;
        last = { time, duration: duration > 0 ? duration : 0 };
        waiting.push(last);
        wake();
      } else if (hasBegun && signsOfDamage.test(line)) damage ??= line;
    },
    close() {
      isOver = true;
      wake();
    },
    async next() {
      while (waiting.length === 0 && !isOver) await new Promise<void>((resolve) => wake = resolve);
      return waiting.shift();
    },
  };
}

/**
 * Cuts a stream of bytes into frames, each read straight into memory of its own.
 *
 * @param stream The bytes.
 * @param size How many a frame has.
 * @returns `next`: the next frame, nothing at the end; `cancel`: closes the stream.
 */
export function rawFrames(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  size: number,
): { next(): Promise<Uint8Array<ArrayBuffer> | undefined>; cancel(): Promise<void> } {
  const reader = stream.getReader({ mode: "byob" });
  return {
    async next() {
      let buffer = new ArrayBuffer(size);
      for (let at = 0; at < size;) {
        const { done, value } = await reader.read(new Uint8Array(buffer, at, size - at));
        if (done || !value) return undefined;
        buffer = value.buffer;
        at += value.byteLength;
      }
      return new Uint8Array(buffer);
    },
    cancel: () => reader.cancel(),
  };
}
