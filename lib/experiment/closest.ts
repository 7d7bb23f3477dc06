/**
 * The nearest name to a mistyped one.
 *
 * @module
 */

import { editDistance } from "doppel/edit_distance.ts";

/**
 * Finds the name that takes the fewest typing slips (insert, delete, replace, swap of neighbours) to reach. A dotted
 * name is also found by its last part alone.
 *
 * @param typed What was typed.
 * @param names What exists.
 * @returns The nearest name, or `undefined` when none is near.
 */
export function closest(typed: string, names: readonly string[]): string | undefined {
  const last = (name: string) => name.slice(name.lastIndexOf(".") + 1);
  const scored = names.map((name) => ({
    name,
    slips: Math.min(
      editDistance(typed, name),
      editDistance(typed, last(name)) + 0.5,
      editDistance(last(typed), last(name)) + 1,
    ),
  }));
  const best = scored.reduce((a, b) => b.slips < a.slips ? b : a, { name: "", slips: Infinity });
  return best.slips <= Math.max(2, typed.length / 3) ? best.name : undefined;
}
