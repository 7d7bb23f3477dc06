/**
 * Raw frames with their times in a Matroska stream (RFC 9559), which is how ffmpeg can be handed frames that do not come
 * at a constant rate: a plain stream of frames has no times.
 *
 * @module
 */

/** Nanoseconds a second: what times are counted in. */
const second = 1e9;

/**
 * The head of a stream of uncompressed RGB frames.
 *
 * @param width Columns.
 * @param height Rows.
 * @param frameTime The usual duration of a frame in seconds.
 * @returns The bytes.
 */
export function matroskaHead(width: number, height: number, frameTime: number): Uint8Array<ArrayBuffer> {
  const track = element(
    0xae,
    element(0xd7, number(1)), // TrackNumber
    element(0x73c5, number(1)), // TrackUID
    element(0x83, number(1)), // TrackType: video
    element(0x86, text("V_UNCOMPRESSED")),
    element(0x23e383, number(Math.round(frameTime * second))), // DefaultDuration
    element(0xe0, element(0xb0, number(width)), element(0xba, number(height)), element(0x2eb524, text("RGB\x18"))),
  );
  return join(
    element(0x1a45dfa3, element(0x4282, text("matroska")), element(0x4287, number(4)), element(0x4285, number(2))),
    join(id(0x18538067), Uint8Array.of(0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)), // Segment without an end
    element(0x1549a966, element(0x2ad7b1, number(1)), element(0x4d80, text("doppel")), element(0x5741, text("doppel"))),
    element(0x1654ae6b, track),
  );
}

/**
 * What comes before the bytes of a frame.
 *
 * @param time When it is shown, in seconds.
 * @param duration For how long.
 * @param length How many bytes it has.
 * @returns The bytes.
 */
export function matroskaFrame(time: number, duration: number, length: number): Uint8Array<ArrayBuffer> {
  const blockHead = Uint8Array.of(0x81, 0, 0, 0); // Track 1, at the cluster's own time, no flags.
  const shown = element(0x9b, number(Math.round(duration * second))); // BlockDuration
  const block = join(id(0xa1), size(blockHead.length + length), blockHead);
  const group = join(id(0xa0), size(shown.length + block.length + length), shown, block);
  const when = element(0xe7, number(Math.round(time * second)));
  return join(id(0x1f43b675), size(when.length + group.length + length), when, group);
}

function element(name: number, ...content: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const body = join(...content);
  return join(id(name), size(body.length), body);
}

function id(name: number): Uint8Array<ArrayBuffer> {
  const bytes = [name >>> 24, (name >>> 16) & 255, (name >>> 8) & 255, name & 255];
  return Uint8Array.from(bytes.slice(bytes.findIndex((byte) => byte > 0)));
}

/** A length in eight bytes, the first of which says that there are eight. */
function size(length: number): Uint8Array<ArrayBuffer> {
  const bytes = number(length);
  bytes[0] = 1;
  return bytes;
}

function number(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(value, (letter) => letter.charCodeAt(0));
}

function join(...parts: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
