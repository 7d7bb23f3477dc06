import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cannot, type Problem } from "doppel/problem.ts";

const projectVenv = fileURLToPath(new URL("../../.venv", import.meta.url));

/**
 * Finds the ffmpeg program: the one that set-up put into `.venv` (from the wheel `imageio-ffmpeg`), else the one that
 * `DOPPEL_FFMPEG` names, else the one on the `PATH`. Version 5.1 or newer is needed.
 *
 * @param action What it is needed for, for the message.
 * @param venv The virtual environment that is looked into.
 * @returns Its path.
 * @throws {Problem} When there is none.
 */
export function findFfmpeg(action = "find ffmpeg", venv: string = projectVenv): string {
  const bundled = inVenv(venv);
  if (bundled) return bundled;
  const named = Deno.env.get("DOPPEL_FFMPEG");
  if (named) {
    if (existsSync(named)) return named;
    throw cannot(action, "ffmpeg", "none", `DOPPEL_FFMPEG=${named}; npx deno@2.9.6 task setup`);
  }
  for (const folder of (Deno.env.get("PATH") ?? "").split(delimiter)) {
    const path = join(folder, "ffmpeg");
    if (folder !== "" && existsSync(path)) return path;
  }
  throw cannot(action, "ffmpeg", "none", "neither in .venv nor on the PATH; npx deno@2.9.6 task setup");
}

function inVenv(venv: string): string | undefined {
  const lib = join(venv, "lib");
  for (const python of existsSync(lib) ? readdirSync(lib) : []) {
    const folder = join(lib, python, "site-packages", "imageio_ffmpeg", "binaries");
    // The name ends in the platform and the version: ffmpeg-linux-x86_64-v9.0.2
    const name = existsSync(folder) ? readdirSync(folder).find((name) => name.startsWith("ffmpeg-")) : undefined;
    if (name) return join(folder, name);
  }
  return undefined;
}

/** A running ffmpeg. */
export interface Ffmpeg {
  /** What it prints or hands out. */
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** What it is fed; only with `stdin: true`. */
  readonly stdin: WritableStream<Uint8Array<ArrayBufferLike>>;
  /** Its warnings and errors so far, without the part's name before them. */
  readonly complaints: { readonly level: string; readonly text: string }[];
  /** Its exit code, once it has ended and everything that it said has been heard. */
  readonly ended: Promise<number>;
  /** Ends it at once, if it is still running, and waits for its end. */
  stop(): Promise<void>;
}

/** Options of {@linkcode startFfmpeg}. */
export interface StartFfmpegOptions {
  /** Whether it is fed. Default false. */
  readonly stdin?: boolean;
  /** Is told every line of its log, without the part's name and the level before it. */
  readonly onLine?: (text: string) => void;
  /** Ends it at once. */
  readonly signal?: AbortSignal | undefined;
}

// "[vist#0:0/h264 @ 0x3fff61c0] [dec:h264 @ 0x40026d80] [warning] corrupt decoded frame"
const logLine = /^(?:\[[^\]]* @ [^\]]*\] )*\[(trace|debug|verbose|info|warning|error|fatal|panic)\] (.*)$/;

/**
 * Starts ffmpeg. Its standard output has to be read or cancelled by the caller.
 *
 * @param program Its path, from {@linkcode findFfmpeg}.
 * @param args Its arguments.
 * @param options Input, log and signal.
 * @returns The running program.
 */
export function startFfmpeg(program: string, args: readonly string[], options: StartFfmpegOptions = {}): Ffmpeg {
  const { stdin = false, onLine, signal } = options;
  signal?.throwIfAborted();
  const child = new Deno.Command(program, {
    args: ["-hide_banner", "-nostats", "-loglevel", "level+info", ...args],
    stdin: stdin ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
    detached: true, // In a group of its own it does not hear the Ctrl-C that is meant for us.
  }).spawn();
  const complaints: Ffmpeg["complaints"] = [];
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  };
  signal?.addEventListener("abort", kill, { once: true });
  const listen = async () => {
    for await (const line of linesOf(child.stderr)) {
      const [, level, text] = line.match(logLine) ?? [];
      if (level === undefined || text === undefined) continue;
      // A damaged file can bring a complaint a frame; the first ones say what is wrong.
      if (/warning|error|fatal|panic/.test(level) && complaints.length < 1000) complaints.push({ level, text });
      onLine?.(text);
    }
  };
  const ended = Promise.all([child.status, listen()]).then(([{ code }]) => {
    signal?.removeEventListener("abort", kill);
    return code;
  });
  return {
    stdout: child.stdout,
    get stdin() {
      return child.stdin;
    },
    complaints,
    ended,
    async stop() {
      kill();
      await ended;
    },
  };
}

/**
 * Runs ffmpeg to its end.
 *
 * @param program Its path.
 * @param args Its arguments.
 * @param signal Ends it.
 * @returns Its exit code, what it printed, and its log.
 */
export async function runFfmpeg(
  program: string,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<{ code: number; output: string; log: string[]; complaints: Ffmpeg["complaints"] }> {
  const log: string[] = [];
  const ffmpeg = startFfmpeg(program, args, { signal, onLine: (text) => log.push(text) });
  const output = await new Response(ffmpeg.stdout).text();
  const code = await ffmpeg.ended;
  signal?.throwIfAborted();
  return { code, output, log, complaints: ffmpeg.complaints };
}

/**
 * Arguments that open a file as input. Nothing but files is opened, whatever a playlist may name, and a path is taken
 * as it is, with colons and all.
 *
 * @param path The file.
 * @returns The arguments.
 */
export function inputArguments(path: string): string[] {
  return ["-protocol_whitelist", "file,pipe,crypto", "-i", `file:${path}`];
}

/**
 * Words the failure of an ffmpeg.
 *
 * @param action What was attempted.
 * @param complaints What it complained of.
 * @param path The file at work.
 * @param expected What would have been accepted.
 * @returns The error, to be thrown.
 */
export function explainFfmpeg(
  action: string,
  complaints: Ffmpeg["complaints"],
  path: string,
  expected = "success of ffmpeg",
): Problem {
  const texts = complaints.map(({ text }) => text);
  if (texts.some((text) => /No space left on device|Disk quota exceeded/.test(text))) {
    return cannot(action, "free space on the disk", "none left", path);
  }
  const first = complaints.find(({ level }) => level !== "warning")?.text ?? texts[0] ?? "a sudden end of ffmpeg";
  const gist = first.replace(/\.$/, "").replaceAll('"', "'");
  return cannot(action, expected, `"${gist.length > 160 ? `${gist.slice(0, 157)}...` : gist}"`, path);
}

/** Text as lines; the last one may lack its end. */
async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
