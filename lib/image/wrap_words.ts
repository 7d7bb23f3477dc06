/**
 * Breaks a text into lines at its spaces.
 *
 * @param text One paragraph.
 * @param fits Whether a line has room; a word that has none stands on a line of its own.
 * @returns The lines.
 */
export function wrapWords(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter((word) => word !== "")) {
    const last = lines.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && fits(longer)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
