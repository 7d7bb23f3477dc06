/**
 * Programs that set-up runs, and what their failures mean for the user.
 *
 * @module
 */

import { cannot, type Problem } from "../../problem.ts";
import { TextLineStream } from "../../notebook/mod.ts";

/** A program to be run. */
export interface Child {
  /** What it does, as a verb phrase for the error ("fetch npm packages"). */
  readonly action: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the user can do when the network fails. */
  readonly offline?: string;
  /** Is told every line it prints, on either stream. */
  readonly onLine?: (line: string) => void;
}

/** Options of {@linkcode runChild}. */
export interface RunChildOptions {
  /** Ends the program. */
  readonly signal?: AbortSignal;
  /** Is told its process id when it starts, and 0 when it has ended. */
  readonly onProcess?: (id: number) => void;
}

/**
 * Runs a program to its end.
 *
 * @param child The program.
 * @param options The signal that ends it.
 * @returns What it printed, both streams together.
 * @throws {Problem} When it fails, worded after the cause: no network, a full disk, or its own last words.
 */
export async function runChild(child: Child, { signal, onProcess }: RunChildOptions = {}): Promise<string> {
  const { command, args, cwd, env, onLine } = child;
  signal?.throwIfAborted();
  let process: Deno.ChildProcess;
  try {
    process = new Deno.Command(command, {
      args: [...args],
      env: { NO_COLOR: "1", PYTHONUNBUFFERED: "1", LC_ALL: "C.UTF-8", ...env },
      ...(cwd ? { cwd } : {}),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      detached: true, // A group of its own, so that what it starts can be ended with it.
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw cannot(child.action, `the program ${command}`, "none");
  }
  onProcess?.(process.pid);
  const kill = () => {
    try {
      Deno.kill(-process.pid, "SIGTERM");
    } catch {
      // It has just ended by itself.
    }
  };
  signal?.addEventListener("abort", kill, { once: true });
  const lines: string[] = [];
  const drain = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const line of stream.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())) {
      lines.push(line);
      onLine?.(line);
    }
  };
  await Promise.all([drain(process.stdout), drain(process.stderr)]);
  const { code } = await process.status;
  signal?.removeEventListener("abort", kill);
  onProcess?.(0);
  signal?.throwIfAborted();
  const output = lines.join("\n");
  if (code !== 0) throw explain(child, output, code);
  return output;
}

const fullDisk = /No space left on device|ENOSPC|os error 28|Errno 28|Disk quota exceeded/i;
const noNetwork =
  /Connection (refused|reset|timed out|aborted)|connect(ion)? error|(read|connect|operation) timed out|dns error|failed to lookup|(Name or service|nodename nor servname) not known|Temporary failure in name resolution|Network is unreachable|No route to host|Tunnel connection failed|certificate verify failed|is not a trusted or secure host|invalid peer certificate|error sending request|Bad response: \d+|\b[45]\d\d (Client|Server) Error/i;
const notThere =
  /No matching distribution found for \S+|not found in the package registry|there (is|are) no versions? of \S+/i;

/** Turns a failed program's output into one sentence. */
function explain({ action, offline, cwd }: Child, output: string, code: number): Problem {
  if (fullDisk.test(output)) return cannot(action, "free space on the disk", "none left", cwd ?? Deno.cwd());
  const cause = output.match(noNetwork)?.[0];
  if (cause && offline) {
    const address = output.match(/https?:\/\/[^\s"'()<>,]+/)?.[0];
    return cannot(action, `an answer from ${address ?? "the network"}`, cause, offline);
  }
  const missing = output.match(notThere)?.[0];
  if (missing && offline) return cannot(action, "the packages to be there", missing, offline);
  const lines = output.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const last = lines.findLast((line) => /error|cannot|failed/i.test(line)) ?? lines.at(-1) ?? `exit code ${code}`;
  return cannot(action, "success", `"${shorten(last)}"`);
}

/** The gist of a program's long line. */
function shorten(line: string): string {
  const bare = line.replace(/^(error|ERROR|WARNING|Caused by)[: ]+/, "").replaceAll('"', "'");
  return bare.length > 160 ? `${bare.slice(0, 157)}...` : bare;
}
