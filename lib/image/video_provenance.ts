import { cannot } from "doppel/problem.ts";
import { DIGITAL_SOURCE_TYPE, type Provenance, provenanceFromXmp, provenanceToXmp } from "./provenance.ts";

/** The box that holds XMP in an MP4 file (XMP part 3, 2.3.2; ISO 14496-12, 4.2). */
const xmpUuid = Uint8Array.fromHex("be7acfcb97a942e89c71999491e3afac");

/**
 * Provenance as the comment that video players show: JSON, with the IPTC digital source type.
 *
 * @param provenance Names and texts.
 * @returns One line.
 * @throws {Problem} When it cannot be written.
 */
export function provenanceComment(provenance: Provenance): string {
  provenanceToXmp(provenance); // Refuses what the box beside the comment cannot hold.
  return JSON.stringify({ digitalSourceType: DIGITAL_SOURCE_TYPE, ...provenance });
}

/**
 * Provenance as a box to be put at the end of an MP4 file.
 *
 * @param provenance Names and texts.
 * @returns The bytes of the box.
 */
export function xmpBox(provenance: Provenance): Uint8Array<ArrayBuffer> {
  const packet = new TextEncoder().encode(provenanceToXmp(provenance));
  const box = new Uint8Array(24 + packet.length);
  new DataView(box.buffer).setUint32(0, box.length);
  box.set(new TextEncoder().encode("uuid"), 4);
  box.set(xmpUuid, 8);
  box.set(packet, 24);
  return box;
}

/**
 * Reads back what `openVideoWriter` wrote as provenance.
 *
 * @param path An MP4 file.
 * @returns Names and texts; `undefined` when the file carries none of ours.
 * @throws {Problem} When the file is missing or no MP4.
 */
export async function readVideoProvenance(path: string): Promise<Provenance | undefined> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw cannot("read provenance", "an existing video file", "none", path);
  }
  using _ = file;
  const { size: end } = await file.stat();
  for (let at = 0; at < end;) {
    const head = await bytesAt(file, at, 24);
    const view = new DataView(head.buffer);
    const type = new TextDecoder("latin1").decode(head.subarray(4, 8));
    if (head.length < 8 || (at === 0 && type !== "ftyp")) {
      throw cannot("read provenance", "an MP4 file", "another or a damaged one", path);
    }
    // Size 1: the true one follows; size 0: up to the end of the file.
    const short = view.getUint32(0);
    const size = short === 1 ? Number(view.getBigUint64(8)) : short === 0 ? end - at : short;
    if (type === "uuid" && xmpUuid.every((byte, i) => byte === head[8 + i])) {
      const found = provenanceFromXmp(
        new TextDecoder().decode(await bytesAt(file, at + 24, Math.min(size, end - at) - 24)),
      );
      if (found) return found;
    }
    at += Math.max(8, size);
  }
  return undefined;
}

async function bytesAt(file: Deno.FsFile, at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  await file.seek(at, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
