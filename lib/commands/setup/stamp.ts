/**
 * Stamps: small JSON files that say of something made by set-up that it is whole. A stamp is written last.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Reads a stamp.
 *
 * @param path The file.
 * @returns Its content, or nothing when it is missing or spoilt.
 */
export function readStamp<T>(path: string): Partial<T> | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Writes a file whole or not at all: under another name first, then renamed.
 *
 * @param path The file; its folder is made.
 * @param content Text, or a value to be written as JSON.
 */
export function writeWhole(path: string, content: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${Deno.pid}.part`;
  try {
    writeFileSync(part, typeof content === "string" ? content : JSON.stringify(content, null, 2) + "\n");
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/**
 * The fingerprint of texts, to tell whether something was made from them.
 *
 * @param texts The texts.
 * @returns SHA-256 in hexadecimal.
 */
export function fingerprint(...texts: string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return hash.digest("hex");
}
