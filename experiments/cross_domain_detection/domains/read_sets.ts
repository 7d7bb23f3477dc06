/**
 * Forged sets from the disk, decoded when they are asked for.
 *
 * @module
 */

import { join } from "node:path";
import { readPicture } from "doppel/image/mod.ts";
import type { DetectionPicture, DomainName, DomainSets, Split, Variant } from "../sets.ts";
import { readSet } from "./set_files.ts";

/** Decoded values are 4 bytes each; what was read longest ago is given up beyond so many of them. */
const KEPT_VALUES = 64_000_000;

/**
 * Opens forged sets.
 *
 * @param root Folder of the domains.
 * @param options `keep`: how many decoded values (height x width x 3 a picture) are kept in memory for sets that are read
 * again; default 64 million, a quarter of a gigabyte.
 * @returns The sets.
 */
export function openSets(root: string, { keep = KEPT_VALUES }: { readonly keep?: number } = {}): DomainSets {
  /** By folder, the latest one last. */
  const known = new Map<string, Promise<readonly DetectionPicture[]>>();
  const sizes = new Map<string, number>();
  return {
    async read({ domain, variant, split }) {
      const folder = setFolder(root, domain, variant, split);
      const pictures = known.get(folder) ?? decode(folder);
      known.delete(folder);
      known.set(folder, pictures);
      try {
        sizes.set(folder, (await pictures).reduce((sum, { picture }) => sum + picture.data.length, 0));
      } catch (error) {
        known.delete(folder);
        throw error;
      }
      const total = () => [...known.keys()].reduce((sum, own) => sum + (sizes.get(own) ?? 0), 0);
      for (const oldest of [...known.keys()]) {
        if (oldest === folder || total() <= keep) break;
        known.delete(oldest);
      }
      return await pictures;
    },
  };
}

/**
 * Where a set lies.
 *
 * @param root Folder of the domains.
 * @param domain Which domain.
 * @param variant How its real pictures were treated.
 * @param split Which persons.
 * @returns The folder.
 */
export function setFolder(root: string, domain: DomainName, variant: Variant, split: Split): string {
  return join(root, domain, variant, split);
}

async function decode(folder: string): Promise<readonly DetectionPicture[]> {
  const pictures: DetectionPicture[] = [];
  for (const { file, photo, person, forged, landmarks } of await readSet(folder)) {
    const picture = await readPicture(join(folder, file));
    pictures.push({ picture, forged, photo, person, landmarks: Float32Array.from(landmarks) });
  }
  return pictures;
}
