/**
 * What is converted, and where to.
 *
 * @module
 */

import { basename, dirname, extname, join, parse, relative, resolve, sep } from "node:path";
import { filesBelow, isPhotoName, isVideoName } from "../../data/mod.ts";
import { cannot } from "../../problem.ts";

/** A file to convert. */
export interface Target {
  readonly path: string;
  /** How it is called in messages. */
  readonly name: string;
  readonly out: string;
  readonly isVideo: boolean;
}

/**
 * Lists what is to be converted.
 *
 * @param target A photograph, a video, or a folder of both, looked through to its depths.
 * @param out A file for one file, or a folder.
 * @param format How photographs are written into a folder.
 * @returns The files, and names of those in the folder that are neither.
 * @throws {Problem} When there is nothing to convert, or `out` does not fit or would overwrite it.
 */
export async function listTargets(
  target: string,
  out: string,
  format: "png" | "jpeg",
): Promise<{ targets: Target[]; others: string[] }> {
  const stat = await Deno.stat(target).catch(() => undefined);
  const expected = "a photograph, a video or a folder";
  if (!stat) throw cannot("convert", expected, "none", target);
  if (stat.isFile) {
    const isVideo = isVideoName(target);
    if (!isVideo && !isPhotoName(target)) throw cannot("convert", expected, `"${basename(target)}"`, target);
    const file = await fileFor(target, out, isVideo, format);
    return { targets: [{ path: target, name: basename(target), out: file, isVideo }], others: [] };
  }
  if (/^\.(png|jpe?g|mp4)$/i.test(extname(out))) {
    throw cannot("convert a folder", "a folder to write to", "a file", out);
  }
  const [from, to] = [resolve(target), resolve(out)];
  if (from === to) throw cannot("convert a folder", "another folder to write to", "the same", out);
  const files = (await filesBelow(from)).filter((path) => !join(from, path).startsWith(to + sep));
  const names = files.filter((path) => isVideoName(path) || isPhotoName(path));
  if (names.length === 0) throw cannot("convert", "photographs or videos", "none in the folder", target);
  const taken = new Set<string>();
  const targets = names.map((path) => {
    const isVideo = isVideoName(path);
    const { dir, name } = parse(path);
    const ending = isVideo ? ".mp4" : format === "png" ? ".png" : ".jpg";
    // a.jpg and a.png of one folder are not to become one file.
    const plain = join(dir, name + ending);
    const free = taken.has(plain) ? path + ending : plain;
    taken.add(free);
    return { path: join(from, path), name: path, out: join(to, free), isVideo };
  });
  return { targets, others: files.filter((path) => !names.includes(path)) };
}

/** Where one file goes. */
async function fileFor(target: string, out: string, isVideo: boolean, format: "png" | "jpeg"): Promise<string> {
  const ending = extname(out).toLowerCase();
  const isFolder = (await Deno.stat(out).catch(() => undefined))?.isDirectory ?? ending === "";
  const own = isVideo ? ".mp4" : format === "png" ? ".png" : ".jpg";
  const file = isFolder ? join(out, parse(target).name + own) : out;
  const fits = isVideo ? /\.mp4$/i : /\.(png|jpe?g)$/i;
  if (!fits.test(file)) {
    const kinds = isVideo ? "a name ending in .mp4" : "a name ending in .png, .jpg or .jpeg";
    throw cannot("convert", `${kinds}, or a folder`, `"${ending}"`, out);
  }
  const isSame = relative(resolve(target), resolve(file)) === "";
  if (isSame) {
    throw cannot("convert", "another file to write to", "the target itself", join(dirname(file), basename(file)));
  }
  return file;
}
