import { cannot } from "doppel/problem.ts";

/** Quantisation tables of a JPEG file. */
export interface JpegTables {
  /** Each table's 64 divisors, row by row, by the number that the file gives it: 0 is usually for brightness. */
  readonly tables: readonly (readonly number[])[];
  /**
   * The quality, 1 to 100, whose table in the scale of the Independent JPEG Group (libjpeg) is nearest to the first table.
   */
  readonly quality: number;
  /** Whether that table is the first one exactly; where not, another scale made it, and the quality is only near. */
  readonly isExact: boolean;
}

/**
 * Reads the quantisation tables of a JPEG file (ITU-T T.81, B.2.4.1): they say how coarsely it was compressed, and often which
 * program did it.
 *
 * @param bytes The file.
 * @param where What to call it in a message.
 * @returns The tables and the quality that they stand for.
 * @throws {Problem} When it is no JPEG file, or is cut short before its picture begins.
 */
export function readJpegTables(bytes: Uint8Array, where?: string): JpegTables {
  const wrong = (got: string) => cannot("read JPEG tables", "a JPEG file with quantisation tables", got, where);
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw wrong("another format");
  const tables: number[][] = [];
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw wrong("damaged data");
    const marker = bytes[at + 1]!;
    // A marker may be preceded by any number of fill bytes.
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === START_OF_SCAN) break;
    const end = at + 2 + bytes[at + 2]! * 256 + bytes[at + 3]!;
    if (end > bytes.length) throw wrong("a file that is cut short");
    if (marker === DEFINE_TABLES) readSegment(bytes.subarray(at + 4, end), tables);
    at = end;
  }
  const found = tables.filter((table) => table !== undefined);
  if (found.length === 0) throw wrong("none");
  return { tables: found, ...qualityOf(found[0]!) };
}

const DEFINE_TABLES = 0xdb;
const START_OF_SCAN = 0xda;

/** Puts the tables of a segment where their numbers say. */
function readSegment(segment: Uint8Array, tables: number[][]): void {
  let at = 0;
  while (at < segment.length) {
    const [wide, number] = [segment[at]! >> 4 > 0, segment[at]! & 15];
    at++;
    const table = new Array<number>(64).fill(0);
    for (let i = 0; i < 64; i++) {
      table[ZIGZAG[i]!] = wide ? (segment[at] ?? 0) * 256 + (segment[at + 1] ?? 0) : segment[at] ?? 0;
      at += wide ? 2 : 1;
    }
    tables[number] = table;
  }
}

/** Places in a block, row by row, in the order in which a file has them: along diagonals that turn at the edges. */
const ZIGZAG: readonly number[] = Array.from({ length: 64 }, (_, place) => place).sort((a, b) => {
  const [diagonal, other] = [diagonalOf(a), diagonalOf(b)];
  if (diagonal !== other) return diagonal - other;
  return diagonal % 2 === 0 ? b - a : a - b;
});

function diagonalOf(place: number): number {
  return (place >> 3) + (place & 7);
}

/** ITU-T T.81, table K.1: brightness at quality 50. */
const BRIGHTNESS: readonly number[] = [
  ...[16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55],
  ...[14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62],
  ...[18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99],
];

function qualityOf(table: readonly number[]): Pick<JpegTables, "quality" | "isExact"> {
  let [quality, least] = [1, Infinity];
  for (let candidate = 1; candidate <= 100; candidate++) {
    const percent = candidate < 50 ? Math.floor(5000 / candidate) : 200 - 2 * candidate;
    const distance = BRIGHTNESS.reduce((sum, base, i) => {
      const scaled = Math.min(255, Math.max(1, Math.floor((base * percent + 50) / 100)));
      return sum + Math.abs(scaled - table[i]!);
    }, 0);
    if (distance < least) [quality, least] = [candidate, distance];
  }
  return { quality, isExact: least === 0 };
}
