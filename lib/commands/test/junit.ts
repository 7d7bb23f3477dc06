/**
 * Reads the JUnit report that `deno test` writes.
 *
 * @module
 */

/** One test, as it went. */
export interface TestResult {
  /** The file it stands in, as `deno test` names it. */
  readonly file: string;
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly seconds: number;
}

/**
 * The tests of a report. Steps are part of their test and are not counted by themselves.
 *
 * @param xml The report.
 * @returns The tests in the order of the report.
 */
export function readJunit(xml: string): TestResult[] {
  const results: TestResult[] = [];
  for (const [, attributes = "", body = ""] of xml.matchAll(/<testcase\s([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const file = attribute(attributes, "classname");
    const name = attribute(attributes, "name");
    const isStep = results.some((test) => test.file === file && name.startsWith(`${test.name} > `));
    if (isStep) continue;
    const outcome = /<(failure|error)\b/.test(body) ? "failed" : /<skipped\b/.test(body) ? "skipped" : "passed";
    results.push({ file, name, outcome, seconds: Number(attribute(attributes, "time")) });
  }
  return results;
}

/** The value of an attribute, with its entities resolved. */
function attribute(attributes: string, name: string): string {
  const value = attributes.match(new RegExp(`(?:^|\\s)${name}="([^"]*)"`))?.[1] ?? "";
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return value.replace(
    /&(?:#(\d+)|(lt|gt|quot|apos|amp));/g,
    (_, code, entity) => code ? String.fromCodePoint(Number(code)) : entities[entity]!,
  );
}
