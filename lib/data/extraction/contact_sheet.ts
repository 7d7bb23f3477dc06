import { basename, join } from "node:path";
import {
  createPicture,
  drawText,
  encodePicture,
  fromBytes,
  type Picture,
  pictureGrid,
  readPicture,
  resizePicture,
  textSize,
  writeFileWhole,
} from "doppel/image/mod.ts";
import { COMPARED_SIDE } from "./face_distance.ts";
import { DROP_REASONS, type JudgedFace } from "./judge_faces.ts";
import { FOLDERS } from "./look_for_faces.ts";
import type { FaceOrder } from "./settings.ts";

const THUMBNAIL = 112;
const COLUMNS = 8;
const ROWS = 6;
const TEXT = 7;
const LINE = 13;

/** Where the contact sheets of an extraction stand. */
export const SHEETS = "contact_sheets";

/**
 * Draws contact sheets of faces to look through: thumbnails in order, each with its file's name and the value that it is
 * sorted by, or the reason why it was left out. 48 faces a sheet.
 *
 * @param folder The extraction's folder.
 * @param name What the files are called: `kept` gives `contact_sheets/kept_001.png`.
 * @param faces The faces in order.
 * @param options `order`: which value is shown. `onSheet`: told after each sheet. `signal`: ends it early.
 * @returns Paths of the sheets from the folder.
 */
export async function writeContactSheets(
  folder: string,
  name: string,
  faces: readonly JudgedFace[],
  { order, onSheet, signal }: {
    readonly order: FaceOrder;
    readonly onSheet?: (faces: number) => void;
    readonly signal?: AbortSignal;
  },
): Promise<string[]> {
  const sheets: string[] = [];
  for (let start = 0; start < faces.length && !signal?.aborted; start += COLUMNS * ROWS) {
    const page = faces.slice(start, start + COLUMNS * ROWS);
    const cells = await Promise.all(page.map((face) => cellOf(folder, face, order)));
    const rows = Array.from(
      { length: Math.ceil(cells.length / COLUMNS) },
      (_, row) => cells.slice(row * COLUMNS, (row + 1) * COLUMNS),
    );
    const path = `${SHEETS}/${name}_${String(sheets.length + 1).padStart(3, "0")}.png`;
    await writeFileWhole(join(folder, path), await encodePicture(pictureGrid(rows, { gap: 6 })));
    sheets.push(path);
    onSheet?.(page.length);
  }
  return sheets;
}

/** What is said of a face beneath its thumbnail. */
function captionOf({ face, personDistance, dropped }: JudgedFace, order: FaceOrder): string {
  if (dropped) return DROP_REASONS[dropped.reason];
  const { pose } = face;
  const degrees = (value: number | undefined) => value === undefined ? "no pose" : `${value.toFixed(0)} degrees`;
  switch (order) {
    case "name":
    case "blur":
      return `sharpness ${face.sharpness.toFixed(0)}`;
    case "yaw":
      return `yaw ${degrees(pose?.yaw)}`;
    case "pitch":
      return `pitch ${degrees(pose?.pitch)}`;
    case "similarity":
      return `${personDistance.toFixed(2)} from person`;
    case "brightness":
      return `brightness ${face.brightness.toFixed(2)}`;
    case "size":
      return `${face.size.toFixed(0)} pixels`;
  }
}

async function cellOf(folder: string, judged: JudgedFace, order: FaceOrder): Promise<Picture> {
  const { photo, face, dropped } = judged;
  const place = dropped ? join(folder, FOLDERS.dropped, FOLDERS.aligned) : join(folder, FOLDERS.aligned);
  // Of a face that was removed by hand the small copy in the journal is left.
  const aligned = dropped?.reason === "removed"
    ? fromBytes(face.thumbnail, COMPARED_SIDE, COMPARED_SIDE, 3)
    : await readPicture(join(place, face.name));
  const picture = resizePicture(aligned, THUMBNAIL, THUMBNAIL);
  const lines = [shorten(photo.person), shorten(basename(face.name, ".png")), captionOf(judged, order)]
    .flatMap((line, i) => i === 2 ? wrap(line) : [line]);
  const height = THUMBNAIL + 4 * LINE + 2;
  let cell = createPicture(THUMBNAIL, height, 3, 1);
  cell.data.set(picture.data);
  lines.forEach((line, i) => cell = drawText(cell, line, { x: 0, y: THUMBNAIL + 4 + i * LINE, size: TEXT }));
  return cell;
}

/** The end of a name says more than its beginning. */
function shorten(text: string): string {
  let short = text;
  while (textSize(short, TEXT).width > THUMBNAIL && short.length > 2) short = `~${short.slice(2)}`;
  return short;
}

function wrap(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines.at(-1) === "" ? word : `${lines.at(-1)} ${word}`;
    if (textSize(longer, TEXT).width <= THUMBNAIL) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.slice(0, 2);
}
