/** One thing that the doctor looked at. */
export interface Finding {
  /** What was looked at. */
  readonly name: string;
  /** Whether Doppel can work with it. */
  readonly ok: boolean;
  /** What was found. */
  readonly detail: string;
  /** What to type or do: to mend what is wrong, or to gain something where all is well. */
  readonly remedy?: string;
}

/** What to type where set-up can mend it. */
export const setUpRemedy = "npx deno@2.9.6 task setup";

/**
 * Makes a finding of something that may throw; a doctor must not fall ill.
 *
 * @param name What is looked at.
 * @param look Looks at it.
 * @returns What it found, or that it could not look.
 */
export function examine(name: string, look: () => Omit<Finding, "name">): Finding {
  try {
    return { name, ...look() };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error), remedy: setUpRemedy };
  }
}
