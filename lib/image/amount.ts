import { cannot } from "doppel/problem.ts";

/**
 * Checks the strength of an effect.
 *
 * @param action What is being attempted, for the message ("sharpen picture").
 * @param amount The strength.
 * @param low Least.
 * @param high Most.
 * @throws {Problem} When it is out of range or not a number.
 */
export function requireAmount(action: string, amount: number, low: number, high: number): void {
  if (amount >= low && amount <= high) return;
  throw cannot(action, `an amount from ${low} to ${high}`, String(amount));
}
