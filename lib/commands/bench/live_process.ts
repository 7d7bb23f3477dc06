/**
 * A competitor's living process, which sleeps on its input between turns.
 *
 * @module
 */

import * as v from "valibot";
import { cannot } from "../../problem.ts";
import { TextLineStream } from "../../notebook/mod.ts";
import type { CommandLine } from "./competitors.ts";
import { type Ready, readySchema, type Request, type Turn, turnSchema } from "./protocol.ts";

/** A process that is built, warm and asleep. */
export interface LiveProcess {
  readonly pid: number;
  /** What it said of itself. */
  readonly ready: Ready;
  /**
   * Lets it make steps.
   *
   * @param steps How many.
   * @returns How long they took.
   * @throws {Problem} When the process ends or answers nonsense.
   */
  take(steps: number): Promise<Turn>;
  /** Ends it. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Variables that change how threads wait or how many there are: the same surroundings for all, the frameworks' own defaults. */
const unwanted = /^(OMP_|KMP_|GOMP_|MKL_|DNNL_|ONEDNN_|TF_|KERAS_|TORCH_|DOPPEL_DEVICE$|DOPPEL_THREADS$)/;

/**
 * Starts a process and waits until it is ready.
 *
 * @param title Who it is, for messages.
 * @param line The command line.
 * @param signal Ends the process while it is being started; later its turn is waited for.
 * @returns The process, asleep.
 * @throws {Problem} When it ends before it is ready.
 */
export async function startProcess(
  title: string,
  { command, args }: CommandLine,
  signal: AbortSignal,
): Promise<LiveProcess> {
  signal.throwIfAborted();
  const env = Object.fromEntries(Object.entries(Deno.env.toObject()).filter(([name]) => !unwanted.test(name)));
  const process = new Deno.Command(command, {
    args: [...args],
    clearEnv: true,
    env: { ...env, CUDA_VISIBLE_DEVICES: "", TF_CPP_MIN_LOG_LEVEL: "3", NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors: string[] = [];
  const drained = (async () => {
    for await (const text of linesOf(process.stderr)) {
      if (text.trim()) errors.push(text.trim());
      if (errors.length > 200) errors.shift();
    }
  })();
  const answers = linesOf(process.stdout)[Symbol.asyncIterator]();
  const input = process.stdin.getWriter();
  const kill = () => {
    try {
      process.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
  };
  signal.addEventListener("abort", kill, { once: true });

  const receive = async <S extends v.GenericSchema>(schema: S): Promise<v.InferOutput<S>> => {
    for (;;) {
      const { done, value } = await answers.next();
      if (done) {
        signal.throwIfAborted();
        const { code } = await process.status;
        await drained;
        throw cannot(`measure ${title}`, "a process that answers", `exit code ${code}: ${lastError(errors)}`);
      }
      if (!value.startsWith("{")) continue; // Some library's chatter.
      const read = v.safeParse(schema, JSON.parse(value));
      if (!read.success) throw cannot(`measure ${title}`, "finite figures", v.summarize(read.issues));
      return read.output;
    }
  };
  const end = async () => {
    const timer = setTimeout(kill, 5000);
    await input.close().catch(() => {});
    await process.status;
    clearTimeout(timer);
    await drained;
    await answers.return?.();
  };
  try {
    const ready = await receive(readySchema);
    signal.removeEventListener("abort", kill);
    return {
      pid: process.pid,
      ready,
      async take(steps) {
        const request: Request = { steps };
        await input.write(new TextEncoder().encode(JSON.stringify(request) + "\n")).catch(() => {});
        return await receive(turnSchema);
      },
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    signal.removeEventListener("abort", kill);
    kill();
    await end();
    throw error;
  }
}

function linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<string> {
  return stream.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
}

function lastError(lines: readonly string[]): string {
  const line = lines.findLast((text) => /error|cannot|no module/i.test(text)) ?? lines.at(-1) ?? "no message";
  return line.length > 200 ? `${line.slice(0, 197)}...` : line;
}
