import { dirname } from "node:path";

/**
 * Writes a file whole or not at all: to a temporary name beside it, then renamed. Missing folders are made.
 *
 * @param path Where the file is to be.
 * @param content Text or bytes.
 */
export async function writeFileWhole(path: string, content: string | Uint8Array): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${crypto.randomUUID()}.part`;
  try {
    if (typeof content === "string") await Deno.writeTextFile(temporary, content);
    else await Deno.writeFile(temporary, content);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}
