import { crc32 } from "node:zlib";
import sharp from "sharp";
import { cannot } from "doppel/problem.ts";

/**
 * What made a picture: short names (letters, digits, `_`, `-`, `.`) to texts, such as `generator`, `run`, `source`.
 *
 * It is written as XMP, the standard metadata packet (ISO 16684-1): into an `iTXt` chunk of a PNG and an `APP1` segment
 * of a JPEG, together with the IPTC property `DigitalSourceType = compositeWithTrainedAlgorithmicMedia`, by which other
 * programs and platforms recognise media made with a trained model.
 */
export type Provenance = Readonly<Record<string, string>>;

const NAMESPACE = "urn:doppel:provenance:1";
/** The IPTC's name for media made with a trained model. */
export const DIGITAL_SOURCE_TYPE =
  "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";
const PNG_KEYWORD = "XML:com.adobe.xmp";
// One JPEG segment holds 65,533 bytes, 29 of which name it as XMP.
const LARGEST_PACKET = 65_504;
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
// deno-lint-ignore no-control-regex -- these are what XML 1.0 cannot carry
const UNWRITABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;

/**
 * Words provenance as an XMP packet.
 *
 * @param provenance Names and texts.
 * @returns The packet.
 * @throws {Problem} When a name or a text cannot be written, or all together are too long for a JPEG.
 */
export function provenanceToXmp(provenance: Provenance): string {
  const elements = Object.entries(provenance).map(([name, text]) => {
    if (!NAME.test(name)) throw cannot("write provenance", "names of letters, digits, _, - and .", `"${name}"`);
    if (UNWRITABLE.test(text) || !text.isWellFormed()) {
      throw cannot("write provenance", "text without control characters", `${name}`);
    }
    return `<doppel:${name}>${escape(text)}</doppel:${name}>`;
  });
  const packet = `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:doppel="${NAMESPACE}" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
<Iptc4xmpExt:DigitalSourceType>${DIGITAL_SOURCE_TYPE}</Iptc4xmpExt:DigitalSourceType>
${elements.join("\n")}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`;
  const length = new TextEncoder().encode(packet).length;
  if (length > LARGEST_PACKET) {
    throw cannot("write provenance", `at most ${LARGEST_PACKET} bytes in all`, `${length} bytes`);
  }
  return packet;
}

/**
 * Reads back what `encodePicture` wrote as provenance.
 *
 * @param source The path or the bytes of a PNG or JPEG file.
 * @returns Names and texts; `undefined` when the file carries none of ours.
 * @throws {Problem} When the file is missing or no picture.
 */
export async function readProvenance(source: string | Uint8Array): Promise<Provenance | undefined> {
  let xmp: Uint8Array | undefined;
  try {
    const bytes = source instanceof Uint8Array ? source : await Deno.readFile(source);
    xmp = (await sharp(bytes).metadata()).xmp;
  } catch (error) {
    const got = error instanceof Deno.errors.NotFound ? "none" : "no readable picture";
    throw cannot("read provenance", "an existing picture file", got, typeof source === "string" ? source : "bytes");
  }
  return provenanceFromXmp(new TextDecoder().decode(xmp));
}

/**
 * Reads back what {@linkcode provenanceToXmp} worded.
 *
 * @param packet An XMP packet, or no text.
 * @returns Names and texts; `undefined` when there are none of ours.
 */
export function provenanceFromXmp(packet: string): Provenance | undefined {
  if (!packet.includes(`"${NAMESPACE}"`)) return undefined;
  const found = packet.matchAll(/<doppel:([A-Za-z_][A-Za-z0-9_.-]*)>([^<]*)<\/doppel:\1>/g);
  return Object.fromEntries(Array.from(found, ([, name, text]) => [name!, unescape(text!)]));
}

/**
 * Puts an XMP packet into a PNG file as the uncompressed `iTXt` chunk that the XMP standard asks for (libvips would
 * write a compressed `zTXt`, which other readers overlook). PNG 1.2, 4.2.3.3 and XMP part 3, 1.1.5.
 *
 * @param png The bytes of the file.
 * @param xmp The packet.
 * @returns The bytes with the chunk right after the header.
 */
export function insertPngXmp(png: Uint8Array, xmp: string): Uint8Array {
  const encoder = new TextEncoder();
  // Keyword, 0, compression flag and method 0, empty language tag, 0, empty translated keyword, 0, text.
  const body = encoder.encode(`iTXt${PNG_KEYWORD}\0\0\0\0\0${xmp}`);
  const chunk = new Uint8Array(body.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, body.length - 4);
  chunk.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  const afterHeader = 8 + 25;
  const out = new Uint8Array(png.length + chunk.length);
  out.set(png.subarray(0, afterHeader));
  out.set(chunk, afterHeader);
  out.set(png.subarray(afterHeader), afterHeader + chunk.length);
  return out;
}

// Line ends are written as references, because XML readers turn a bare CR into LF.
const ENTITIES: readonly (readonly [string, string])[] = [
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ["\r", "&#13;"],
];

function escape(text: string): string {
  return ENTITIES.reduce((out, [plain, entity]) => out.replaceAll(plain, entity), text);
}

function unescape(text: string): string {
  return ENTITIES.toReversed().reduce((out, [plain, entity]) => out.replaceAll(entity, plain), text);
}
