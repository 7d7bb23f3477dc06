/**
 * What is measured on a forged set, from the files that detectors are given.
 *
 * @module
 */

import { join } from "node:path";
import { codecParity, type CodedFile } from "doppel/data/mod.ts";
import { mean, meanAbsoluteError, rocAuc } from "doppel/evaluation/mod.ts";
import { readPictureCoding } from "doppel/image/mod.ts";
import { cannot } from "doppel/problem.ts";
import type { DomainRow } from "../rows.ts";
import type { DomainName, DomainSets, Split, Variant } from "../sets.ts";
import type { Domain } from "./domain.ts";
import { changedSharpness } from "./matching.ts";
import { setFolder } from "./read_sets.ts";
import { readSet } from "./set_files.ts";

/**
 * Measures a set: parity of files by a classifier trained on `train` and tried on `test`; sharpness and difference on
 * `test`.
 *
 * @param root Folder of the domains.
 * @param sets The same, opened.
 * @param which Domain and variant, and what a forgery changes.
 * @returns The row.
 * @throws {Problem} When real and forged files differ in anything but their size.
 */
export async function measureDomain(
  root: string,
  sets: DomainSets,
  { domain, variant, changes }: {
    readonly domain: DomainName;
    readonly variant: Variant;
    readonly changes: Domain["changes"];
  },
): Promise<DomainRow> {
  const samples = async (split: Split) => {
    const folder = setFolder(root, domain, variant, split);
    const own: CodedFile[] = [];
    for (const { file, forged } of await readSet(folder)) {
      const path = join(folder, file);
      own.push({ coding: await readPictureCoding(await Deno.readFile(path), path), forged });
    }
    return own;
  };
  const files = { train: await samples("train"), validation: await samples("validation"), test: await samples("test") };
  const { differing, scores } = codecParity(files.train, files.test);
  if (differing.length > 0) {
    const where = join(root, domain, variant);
    throw cannot("use a forged set", "real and forged files of one codec", `other ${differing.join(", ")}`, where);
  }
  const pictures = await sets.read({ domain, variant, split: "test" });
  const real = pictures.filter(({ forged }) => !forged);
  const forged = pictures.filter(({ forged }) => forged);
  const sharp = (own: typeof pictures) =>
    mean(own.map(({ picture, landmarks }) => changedSharpness(picture, landmarks, changes)));
  const photographs = (split: Split) => files[split].length / 2;
  return {
    kind: "domain",
    ...{ domain, variant },
    ...{ train: photographs("train"), validation: photographs("validation"), test: photographs("test") },
    metadata_auc: rocAuc(scores),
    relative_sharpness: sharp(forged) / sharp(real),
    difference: mean(forged.map(({ picture }, i) => meanAbsoluteError(picture, real[i]!.picture))),
  };
}
