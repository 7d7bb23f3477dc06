import { join } from "node:path";
import { filesBelow, sha256Of } from "./files.ts";
import { readManifest } from "./manifest.ts";

/**
 * Compares the files of a set with its manifest, by SHA-256.
 *
 * @param folder The set's folder.
 * @returns One sentence for each file that is missing, changed, or not in the manifest (looked for in the top folders
 * that the manifest names); empty when all is well.
 * @throws {Problem} When the manifest itself cannot be read.
 */
export async function verifyManifest(folder: string): Promise<string[]> {
  const { photographs } = await readManifest(folder);
  const complaints: string[] = [];
  const known = new Set(photographs.map((photo) => photo.path));
  for (const { path, sha256 } of photographs) {
    const bytes = await Deno.readFile(join(folder, path)).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    });
    if (!bytes) complaints.push(`${path} is missing.`);
    else if (sha256Of(bytes) !== sha256) complaints.push(`${path} has changed: its SHA-256 is not the manifest's.`);
  }
  const tops = new Set(photographs.map(({ path }) => path.split("/")[0]!).filter((top) => !known.has(top)));
  for (const top of [...tops].sort()) {
    for (const path of await filesBelow(folder, top)) {
      if (!known.has(path)) complaints.push(`${path} is not in the manifest.`);
    }
  }
  return complaints;
}
