import { createHash } from "node:crypto";
import { join } from "node:path";

/**
 * The SHA-256 of bytes.
 *
 * @param bytes Anything.
 * @returns 64 hexadecimal digits.
 */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * All files below a folder, hidden ones left out.
 *
 * @param root A folder.
 * @param below A folder in it; "" for the root itself.
 * @returns Paths from the root, with forward slashes, sorted.
 */
export async function filesBelow(root: string, below = ""): Promise<string[]> {
  const files: string[] = [];
  const entries = await Array.fromAsync(Deno.readDir(join(root, below))).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  });
  for (const { name, isDirectory } of entries) {
    if (name.startsWith(".")) continue;
    const path = below === "" ? name : `${below}/${name}`;
    if (isDirectory) files.push(...await filesBelow(root, path));
    else files.push(path);
  }
  return files.sort();
}
