/**
 * Serves the drawing page to this machine alone.
 *
 * @module
 */

import { basename, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { encodePicture, readPicture } from "../../image/mod.ts";
import { cannot, sentence } from "../../problem.ts";
import { ChangedMeanwhile, drawingSchema, type MaskFiles, openMaskFiles } from "./mask_files.ts";

/** What is served, and where. */
export interface MaskServerOptions {
  /** The photographs. */
  readonly folder: string;
  /** Where drawings are kept; default beside the photographs. */
  readonly out?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** A running server. */
export interface MaskServer {
  /** What to open in a browser. */
  readonly address: string;
  /** How many photographs there are. */
  readonly photographs: number;
  /** Settles when it has ended. */
  readonly finished: Promise<void>;
}

const PAGE: Readonly<Record<string, string>> = {
  "page.html": "text/html",
  "page.css": "text/css",
  "page.js": "text/javascript",
  "canvas.js": "text/javascript",
  "drawing.js": "text/javascript",
  "mouse.js": "text/javascript",
  "panels.js": "text/javascript",
  "saving.js": "text/javascript",
};
/** What browsers show as it is; anything else is turned into PNG. */
const SHOWN: Readonly<Record<string, string>> = {
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
  ".gif": "image/gif",
};
const MOST_BYTES = 16 * 1024 * 1024;
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

/**
 * Starts the server. It listens on the loopback device, answers only requests that name it by its own address (a page of
 * another site whose name was bent to this machine does not), and takes drawings from its own page only.
 *
 * @param options Folder, port and the signal that ends it.
 * @returns The running server.
 * @throws {Problem} When the folder is missing or the port is taken.
 */
export async function serveMasks({ folder, out, port = 0, signal }: MaskServerOptions): Promise<MaskServer> {
  const files = await openMaskFiles(resolve(folder), out && resolve(out));
  let own: readonly string[] = [];
  const server = listen(port, signal, async (request) => {
    if (!own.includes(request.headers.get("host") ?? "")) return answer(403, "this address is not its own");
    try {
      return await route(request, files, resolve(folder));
    } catch (error) {
      if (error instanceof ChangedMeanwhile) return answer(409, "another program has changed this drawing meanwhile.");
      return answer(500, sentence(error) ?? String(error));
    }
  });
  const { hostname, port: taken } = server.addr as Deno.NetAddr;
  own = [`${hostname}:${taken}`, `localhost:${taken}`];
  return {
    address: `http://${hostname}:${taken}/`,
    photographs: files.photographs.length,
    finished: server.finished,
  };
}

function listen(port: number, signal: AbortSignal, handler: Deno.ServeHandler): Deno.HttpServer {
  try {
    return Deno.serve({ hostname: "127.0.0.1", port, signal, onListen: () => {} }, handler);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw cannot("serve the drawing page", "a free port", `${port}, which is taken`, "--port");
    }
    throw error;
  }
}

async function route(request: Request, files: MaskFiles, folder: string): Promise<Response> {
  const { pathname, searchParams, host } = new URL(request.url);
  const name = pathname === "/" ? "page.html" : pathname.slice(1);
  const isRead = request.method === "GET";
  if (isRead && Object.hasOwn(PAGE, name)) {
    const bytes = await Deno.readFile(fileURLToPath(new URL(name, import.meta.url)));
    return new Response(bytes, { headers: { ...HEADERS, "content-type": `${PAGE[name]}; charset=utf-8` } });
  }
  if (isRead && pathname === "/api/photographs") {
    const photographs = await files.list();
    const empty =
      `There is no photograph in ${folder}: put JPEG, PNG, WebP or TIFF files there and load this page again.`;
    return json(200, { name: basename(folder), folder, empty, photographs });
  }
  const photo = searchParams.get("photo") ?? "";
  // Only what was listed: no path leads out of the folder.
  if (!files.photographs.includes(photo)) return answer(404, "there is no such photograph or page.");
  if (isRead && pathname === "/photo") return await showPhoto(join(folder, photo));
  if (isRead && pathname === "/api/drawing") return json(200, await files.read(photo));
  if (request.method === "PUT" && pathname === "/api/drawing") {
    const origin = request.headers.get("origin");
    if (origin !== null && origin !== `http://${host}`) return answer(403, "drawings come from its own page only.");
    return await save(request, files, photo);
  }
  return answer(405, "that cannot be done here.");
}

async function save(request: Request, files: MaskFiles, photo: string): Promise<Response> {
  if (!request.headers.get("content-type")?.startsWith("application/json")) return answer(415, "JSON is expected.");
  if (Number(request.headers.get("content-length")) > MOST_BYTES) return answer(413, "the drawing is too large.");
  let content: unknown;
  try {
    content = await request.json();
  } catch {
    return answer(400, "JSON is expected.");
  }
  const drawing = v.safeParse(drawingSchema, content);
  if (!drawing.success) {
    const [issue] = drawing.issues;
    return answer(400, `the drawing is not as it should be: ${issue.message} (${v.getDotPath(issue) ?? "all of it"}).`);
  }
  return json(200, { revision: await files.write(photo, drawing.output), file: files.fileOf(photo) });
}

async function showPhoto(path: string): Promise<Response> {
  const type = SHOWN[extname(path).toLowerCase()];
  const bytes = type ? await Deno.readFile(path) : await encodePicture(await readPicture(path));
  return new Response(new Uint8Array(bytes), { headers: { ...HEADERS, "content-type": type ?? "image/png" } });
}

const json = (status: number, content: unknown): Response => Response.json(content, { status, headers: HEADERS });

const answer = (status: number, problem: string): Response => json(status, { problem });
