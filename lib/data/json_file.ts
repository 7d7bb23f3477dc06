import * as v from "valibot";
import { cannot } from "doppel/problem.ts";

/**
 * Reads a JSON file and checks it against a schema; the first thing wrong becomes one sentence.
 *
 * @param path The file.
 * @param schema What it must look like.
 * @param action What is being attempted, for the message ("read manifest").
 * @returns The checked content.
 * @throws {Problem} When the file is missing, no JSON, or not as the schema says.
 */
export async function readJsonFile<T>(path: string, schema: v.GenericSchema<unknown, T>, action: string): Promise<T> {
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) throw cannot(action, "an existing file", "none", path);
    throw error;
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw cannot(action, "valid JSON", (error as Error).message, path);
  }
  const result = v.safeParse(schema, content);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const key = v.getDotPath(issue);
  // Strict objects expect "never" where a key is not theirs.
  const expected = issue.expected === "never" ? "only known keys" : issue.expected ?? issue.message;
  throw cannot(action, expected, issue.received, key ? `${path}, ${key}` : path);
}
