import { join } from "node:path";
import { filesBelow, isPhotoName } from "../../data/mod.ts";
import { cannot } from "../../problem.ts";

/**
 * Lists the photographs among paths.
 *
 * @param paths Files and folders; a file is taken whatever its name is.
 * @returns The photographs, each once, and what else lies in the folders.
 * @throws {Problem} When a path is missing, or there is no photograph.
 */
export async function listImages(paths: readonly string[]): Promise<{ files: string[]; others: string[] }> {
  const files = new Set<string>();
  const others: string[] = [];
  for (const path of paths) {
    const stat = await Deno.stat(path).catch(() => undefined);
    if (!stat) throw cannot("detect", "a photograph or a folder", "none", path);
    const below = stat.isDirectory ? (await filesBelow(path)).map((name) => join(path, name)) : [];
    if (!stat.isDirectory) files.add(path);
    for (const file of below) isPhotoName(file) ? files.add(file) : others.push(file);
  }
  if (files.size === 0) throw cannot("detect", "at least one photograph", "none", paths.join(", "));
  return { files: [...files], others };
}
