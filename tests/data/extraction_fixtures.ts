import { dirname, join } from "node:path";
import { BUNDLED_FACES, type Extraction } from "doppel/data/mod.ts";

/** The path of a bundled photograph. */
export const bundled = (person: number, image: string): string =>
  join(BUNDLED_FACES, `photos/person${String(person).padStart(2, "0")}/image_${image}.jpg`);

/** Works in a folder of its own. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "doppel-extraction-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes files, by path. */
export async function fill(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
    if (typeof content === "string") await Deno.copyFile(content, join(folder, path));
    else await Deno.writeFile(join(folder, path), content);
  }
}

/** What was left out, by the name of the face. */
export const reasons = ({ faces }: Extraction): Record<string, string> =>
  Object.fromEntries(faces.flatMap(({ face, dropped }) => dropped ? [[face.name, dropped.reason]] : []));
