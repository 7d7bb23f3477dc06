/**
 * The nearest name to a mistyped one.
 *
 * @module
 */

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
    slips: Math.min(slips(typed, name), slips(typed, last(name)) + 0.5, slips(last(typed), last(name)) + 1),
  }));
  const best = scored.reduce((a, b) => b.slips < a.slips ? b : a, { name: "", slips: Infinity });
  return best.slips <= Math.max(2, typed.length / 3) ? best.name : undefined;
}

/** Optimal string alignment distance. */
function slips(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  for (let j = 1; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, rows[i - 2]![j - 2]! + 1);
      }
      rows[i]![j] = cost;
    }
  }
  return rows[a.length]![b.length]!;
}
