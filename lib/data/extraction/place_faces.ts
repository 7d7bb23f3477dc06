import { dirname, join } from "node:path";
import { filesBelow } from "../files.ts";
import { FOLDERS } from "./look_for_faces.ts";

/** Where the aligned pictures of an extraction are. */
export interface PlacedFaces {
  /** Whether an aligned picture is nowhere any more. */
  isRemoved(name: string): boolean;
  /** Puts the aligned pictures and masks of these faces back among those that stay. */
  keep(names: Iterable<string>): Promise<void>;
  /** Takes those of these faces out, into the folder of what was dropped. */
  drop(names: Iterable<string>): Promise<void>;
}

/**
 * Looks where the aligned pictures of an extraction are: in `aligned/`, or below `dropped/`, or nowhere, when somebody has
 * looked through them and deleted some.
 *
 * @param folder The extraction's folder.
 * @returns What is where, and how to move it.
 */
export async function findPlaces(folder: string): Promise<PlacedFaces> {
  const out = join(folder, FOLDERS.dropped);
  const inside = new Set(await filesBelow(join(folder, FOLDERS.aligned)));
  const outside = new Set(await filesBelow(join(out, FOLDERS.aligned)));
  const move = async (names: Iterable<string>, from: string, to: string, source: Set<string>, target: Set<string>) => {
    for (const name of names) {
      if (!source.has(name)) continue;
      for (const kind of [FOLDERS.masks, FOLDERS.aligned]) {
        await Deno.mkdir(dirname(join(to, kind, name)), { recursive: true });
        await Deno.rename(join(from, kind, name), join(to, kind, name)).catch(missing);
      }
      source.delete(name);
      target.add(name);
    }
  };
  return {
    isRemoved: (name) => !inside.has(name) && !outside.has(name),
    keep: (names) => move(names, out, folder, outside, inside),
    drop: (names) => move(names, folder, out, inside, outside),
  };
}

/** Lets pass that there is no such file: a mask may have been deleted together with its face. */
export function missing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
