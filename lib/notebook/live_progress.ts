/**
 * Follows a long piece of work under a notebook's cell.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { sendToKernel, writePlainly } from "./kernel.ts";
import { formatProgress, formatSeconds, paceMeter } from "./pace.ts";
import type { Chart } from "./show.ts";

/** Options of {@linkcode liveProgress}. */
export interface LiveProgressOptions {
  /** Units in all, if known. */
  readonly total?: number;
  /** The unit in the singular. */
  readonly unit?: string;
  /** The least milliseconds between two updates. */
  readonly every?: number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/** What is told beside the count. */
export interface LiveNews {
  /** A word on the state, such as the loss. */
  readonly detail?: string;
  /** A picture to show below the line: PNG bytes or a chart. Made only when it will be shown, if a function. */
  readonly picture?: Picture | (() => Picture | Promise<Picture>);
}

type Picture = Uint8Array | Chart;

/** A progress display that is being shown. */
export interface LiveProgress {
  /**
   * Tells how far the work is. Cheap when the last update was a moment ago.
   *
   * @param done Units done so far.
   * @param news A detail and a picture.
   */
  update(done: number, news?: LiveNews): Promise<void>;
  /**
   * Shows the last state, whenever the last update was.
   *
   * @param news A detail and a picture; the last picture stays if there is none.
   */
  finish(news?: LiveNews): Promise<void>;
}

/**
 * Starts a progress display: one output that is replaced at most twice a second, with rate and time left. Outside a
 * notebook only the last state is printed.
 *
 * @example Follow a loop
 * ```ts
 * import { liveProgress } from "doppel/notebook/mod.ts";
 *
 * const live = liveProgress("Train DF", { total: 500 });
 * for (let step = 1; step <= 500; step++) await live.update(step, { detail: "loss 0.12" });
 * await live.finish();
 * ```
 *
 * @param title What is being done.
 * @param options The total, the unit and how often to update.
 * @returns The display.
 */
export function liveProgress(
  title: string,
  { total, unit = "step", every = 500, now = () => performance.now() }: LiveProgressOptions = {},
): LiveProgress {
  const id = `doppel-${crypto.randomUUID()}`;
  const measure = paceMeter({ now });
  const start = now();
  measure(0, total);
  let done = 0;
  let last = -Infinity;
  let sent = false;
  let picture = "";
  let detail = "";

  const send = async (line: string) => {
    const value = total === undefined ? "" : ` value="${done}" max="${total}"`;
    const html = `<div><progress${value} style="width: 20em"></progress> ${escapeHtml(line)}</div>${picture}`;
    const update = sent;
    sent = true;
    return await sendToKernel({ "text/html": html, "text/plain": line }, { id, update });
  };
  const take = async (news: LiveNews) => {
    if (news.detail !== undefined) detail = news.detail;
    if (news.picture !== undefined) {
      picture = imageTag(typeof news.picture === "function" ? await news.picture() : news.picture);
    }
  };
  const withDetail = (line: string) => detail ? `${line} (${detail})` : line;

  return {
    async update(reached, news = {}) {
      done = reached;
      const pace = measure(done, total);
      if (now() - last < every) return;
      last = now();
      await take(news);
      await send(withDetail(`${title}: ${formatProgress({ done, total, unit, pace })}`));
    },
    async finish(news = {}) {
      await take(news);
      const count = total === undefined || done === total ? `${done}` : `${done} of ${total}`;
      const line = withDetail(`${title}: ${count} ${unit}s in ${formatSeconds((now() - start) / 1000)}`);
      if (!await send(line)) writePlainly(`${line}\n`);
    },
  };
}

/** An `<img>` that carries its picture; viewers show it even where they strip a bare SVG. */
function imageTag(picture: Picture): string {
  const [type, data] = picture instanceof Uint8Array
    ? ["png", Buffer.from(picture)]
    : picture.png
    ? ["png", Buffer.from(picture.png)]
    : ["svg+xml", Buffer.from(picture.svg)];
  return `<img src="data:image/${type};base64,${data.toString("base64")}" style="max-width: 100%">`;
}

/** Text that is safe inside HTML. */
function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
