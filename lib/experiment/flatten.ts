/**
 * Nested values as dotted keys, to name a single setting and to find what differs.
 *
 * @module
 */

/**
 * Flattens plain objects; lists stay whole.
 *
 * @param value Any JSON value.
 * @param prefix Put before every key.
 * @returns Values by dotted key; one with the prefix as key when `value` is no object.
 */
export function flatten(value: unknown, prefix = ""): Map<string, unknown> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return new Map([[prefix, value]]);
  return new Map(
    Object.entries(value).flatMap(([key, item]) => [...flatten(item, prefix ? `${prefix}.${key}` : key)]),
  );
}

/** One dotted key and what several records have under it; `undefined` where one has nothing. */
export interface Difference {
  /** The dotted key. */
  readonly key: string;
  /** One value a record. */
  readonly values: readonly unknown[];
}

/**
 * What differs between records.
 *
 * @param records JSON values.
 * @returns The keys under which not all are equal, in order of appearance.
 */
export function differences(records: readonly unknown[]): Difference[] {
  const flat = records.map((record) => flatten(record));
  const keys = new Set(flat.flatMap((record) => [...record.keys()]));
  return [...keys]
    .map((key) => ({ key, values: flat.map((record) => record.get(key)) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}
