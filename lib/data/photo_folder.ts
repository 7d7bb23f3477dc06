import { basename, extname, join, resolve } from "node:path";
import { cannot } from "doppel/problem.ts";
import { filesBelow, sha256Of } from "./files.ts";
import type { Photograph } from "./manifest.ts";
import { splitIdentities, splitPhotographs } from "./splits.ts";

/** How the names of photographs end. */
export const PHOTO_ENDINGS: ReadonlySet<string> = new Set([
  ".jpg",
  ".jpeg",
  ".png",
  ".webp",
  ".tif",
  ".tiff",
  ".avif",
  ".gif",
]);
/** The seed by which the persons of a folder without manifest are dealt out. */
export const SPLIT_SEED = 1;

/** A photograph of a folder: what a manifest tells, but for what is only known when it has been read. */
export type ListedPhotograph = Pick<Photograph, "path" | "person" | "identity_split" | "photo_split">;

/** A photograph that is left out, and why. */
export interface LeftOut {
  readonly path: string;
  readonly person: string;
  readonly reason: string;
}

/**
 * Lists anybody's folder of photographs, one sub-folder a person, with splits. Where no photograph lies in a sub-folder,
 * those of the folder itself are of one person, who is named after it.
 *
 * @param folder The folder.
 * @returns Its name, its photographs by person and name, and those left out because the same file occurs before (a copy
 * in another person's folder would leak across splits).
 * @throws {Problem} When there is no such folder or no photograph in it.
 */
export async function listPhotographs(
  folder: string,
): Promise<{ name: string; photographs: ListedPhotograph[]; missed: LeftOut[] }> {
  const stat = await Deno.stat(folder).catch(() => undefined);
  if (!stat?.isDirectory) throw cannot("read face set", "a folder", stat ? "a file" : "none", folder);
  const all = (await filesBelow(folder)).filter((path) => PHOTO_ENDINGS.has(extname(path).toLowerCase()));
  const below = all.filter((path) => path.includes("/"));
  const paths = below.length > 0 ? below : all;
  if (paths.length === 0) {
    throw cannot("read face set", "one sub-folder of photographs a person", "no photograph in it", folder);
  }
  const owner = basename(resolve(folder));
  const first = new Map<string, string>();
  const kept: { person: string; path: string }[] = [];
  const missed: LeftOut[] = [];
  for (const path of paths) {
    const person = path.includes("/") ? path.split("/")[0]! : owner;
    const checksum = sha256Of(await Deno.readFile(join(folder, path)));
    const original = first.get(checksum);
    if (original) missed.push({ path, person, reason: `it is the same file as ${original}` });
    else kept.push({ person, path });
    first.set(checksum, original ?? path);
  }
  const persons = [...new Set(kept.map(({ person }) => person))];
  const identities = splitIdentities(persons, { seed: SPLIT_SEED });
  const photographs = persons.flatMap((person) => {
    const own = kept.filter((photo) => photo.person === person);
    const splits = splitPhotographs(own.length);
    return own.map(({ path }, i) => ({
      path,
      person,
      identity_split: identities.get(person)!,
      photo_split: splits[i]!,
    }));
  });
  return { name: basename(resolve(folder)), photographs, missed };
}
