/**
 * The only place that writes to the terminal: results on standard output, everything else on standard error, so that
 * a command's output can be piped.
 *
 * @module
 */

import { formatProgress, formatSeconds, paceMeter } from "../notebook/mod.ts";

/** Where a {@linkcode Terminal} writes. */
export interface Sink {
  /** Writes text as it is. */
  readonly write: (text: string) => void;
  /** Whether a person looks at it live. */
  readonly interactive: boolean;
}

/** A progress line that is being shown. */
export interface ProgressLine {
  /**
   * Tells how far the work is.
   *
   * @param done Units done so far.
   * @param news A total that became known, or a word on what is being done now.
   */
  update(done: number, news?: { total?: number; detail?: string }): void;
  /**
   * Ends the line with what came of it and the time it took.
   *
   * @param result A few words ("261 MB"), or nothing.
   */
  finish(result?: string): void;
  /** Takes the line away, because the work failed or was stopped. */
  clear(): void;
}

/** Options of {@linkcode Terminal.progress}. */
export interface ProgressLineOptions {
  /** Units in all, if known. */
  readonly total?: number;
  /** The unit in the singular, or "byte". */
  readonly unit?: string;
}

/** What commands say things with. */
export interface Terminal {
  /** Prints a line of result on standard output. */
  say(line: string): void;
  /** Prints a line for the person on standard error. */
  note(line: string): void;
  /** Prints a failure on standard error, in red where a person looks. */
  fail(sentence: string): void;
  /** Starts a progress line: updated in place on a terminal, a plain line every ten seconds elsewhere. */
  progress(title: string, options?: ProgressLineOptions): ProgressLine;
}

/** What {@linkcode createTerminal} needs from the outside. */
export interface TerminalOptions {
  /** Standard output. */
  readonly out: Sink;
  /** Standard error. */
  readonly err: Sink;
  /** Whether colours may be used on standard error. */
  readonly colour?: boolean;
  /** The width of a line in characters. */
  readonly columns?: () => number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

const sparse = 10_000;
const frame = 100;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Makes a terminal over two sinks.
 *
 * @param options The sinks, the width and the clock.
 * @returns The terminal.
 */
export function createTerminal(
  { out, err, colour = false, columns = () => 100, now = () => performance.now() }: TerminalOptions,
): Terminal {
  let live = "";
  const clearLive = () => {
    if (live) err.write("\r\x1b[2K");
  };
  const line = (sink: Sink, text: string) => {
    clearLive();
    sink.write(text + "\n");
    if (live) err.write(live);
  };
  return {
    say: (text) => line(out, text),
    note: (text) => line(err, text),
    fail: (text) => line(err, colour ? `\x1b[31m${text}\x1b[0m` : text),
    progress(title, { total, unit = "step" } = {}) {
      const measure = paceMeter({ now });
      const start = now();
      let shown = start - frame;
      let told = start;
      let ended = false;
      const end = (text?: string) => {
        if (ended) return;
        ended = true;
        clearLive();
        live = "";
        if (text) err.write(text + "\n");
      };
      return {
        update(done, news = {}) {
          if (ended) return;
          total = news.total ?? total;
          const pace = measure(done, total);
          const text = `${title}: ${formatProgress({ done, total, unit, pace })}${
            news.detail ? ` (${news.detail})` : ""
          }`;
          if (err.interactive && now() - shown >= frame) {
            shown = now();
            clearLive();
            live = text.slice(0, Math.max(20, columns() - 1));
            err.write(live);
          } else if (!err.interactive && now() - told >= sparse) {
            told = now();
            err.write(text + "\n");
          }
        },
        finish(result) {
          end(`${title}: ${result ? `${result}, ` : ""}${formatSeconds((now() - start) / 1000)}`);
        },
        clear: () => end(),
      };
    },
  };
}

/** The terminal of this process. */
export const terminal: Terminal = createTerminal({
  out: { write: writer(Deno.stdout), interactive: Deno.stdout.isTerminal() },
  err: { write: writer(Deno.stderr), interactive: Deno.stderr.isTerminal() },
  colour: Deno.stderr.isTerminal() && !Deno.noColor,
  columns: () => {
    try {
      return Deno.consoleSize().columns || 100; // 0 where the terminal does not say.
    } catch {
      return 100; // Standard output is redirected; the width is not known then.
    }
  },
});

/** Prints a line of result on standard output. */
export const say = (line: string): void => terminal.say(line);

/** Prints a line for the person on standard error. */
export const note = (line: string): void => terminal.note(line);

/** Prints a failure on standard error. */
export const fail = (sentence: string): void => terminal.fail(sentence);

/** Starts a progress line on standard error. */
export const progress = (title: string, options?: ProgressLineOptions): ProgressLine =>
  terminal.progress(title, options);

/** Writes all bytes; a reader that went away (`| head`) ends the process quietly. */
function writer(stream: { writeSync(bytes: Uint8Array): number }): (text: string) => void {
  const encoder = new TextEncoder();
  return (text) => {
    let bytes = encoder.encode(text);
    while (bytes.length > 0) {
      try {
        bytes = bytes.subarray(stream.writeSync(bytes));
      } catch (error) {
        if (error instanceof Deno.errors.BrokenPipe) Deno.exit(0);
        if (/os error 5\b/.test(String(error))) return; // The terminal was closed: the work is still to be saved.
        if (!(error instanceof Deno.errors.WouldBlock)) throw error;
        Atomics.wait(pause, 0, 0, 5); // A full pipe: wait for its reader.
      }
    }
  };
}
