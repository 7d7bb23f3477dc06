import { cannot } from "doppel/problem.ts";

/**
 * Finds the path that names mean: the one that shares with any of them the most parts from the end on, at least the base
 * name. Endings do not count, so `masks/anna/1.json` means `photos/anna/1.jpg`.
 *
 * @param names Names or paths of one thing, with forward or backward slashes.
 * @param paths What they can mean.
 * @param where Where the names were found, for the message.
 * @returns The path, or undefined when none has such a base name.
 * @throws {Problem} When two paths fit equally well.
 */
export function matchPath(names: readonly string[], paths: readonly string[], where: string): string | undefined {
  const wanted = names.map(parts);
  const scores = paths.map((path) => Math.max(...wanted.map((name) => sharedParts(name, parts(path)))));
  const best = Math.max(0, ...scores);
  if (best === 0) return undefined;
  const fitting = paths.filter((_, i) => scores[i] === best);
  if (fitting.length === 1) return fitting[0];
  throw cannot("match names", `one photograph named ${names[0]}`, `${fitting.slice(0, 3).join(", ")}`, where);
}

const parts = (path: string): string[] =>
  path.replaceAll("\\", "/").replace(/\.[^./]+$/, "").split("/").filter((part) => part !== "" && part !== ".");

function sharedParts(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < Math.min(a.length, b.length) && a.at(-1 - shared) === b.at(-1 - shared)) shared++;
  return shared;
}
