// @ts-check
/**
 * The drawing page: mouse and keys in, polygons out.
 *
 * @module
 */

import { COLOURS, View } from "./canvas.js";
import { Drawing } from "./drawing.js";
import { followMouse } from "./mouse.js";
import { showPhotographs, showSaving, showShapes } from "./panels.js";
import { Saver } from "./saving.js";

/** @typedef {import("./drawing.js").MaskClass} MaskClass */
/** @typedef {import("./panels.js").Listed} Listed */

const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const canvas = /** @type {HTMLCanvasElement} */ (find("canvas"));
const view = new View(canvas);
const saver = new Saver((state) => showSaving(find("saving"), state, answerConflict));

/** @type {Listed[]} */
let photographs = [];
/** @type {Map<string, Drawing>} */
const drawings = new Map();
let current = -1;
/** @type {Drawing | null} */
let drawing = null;
/** @type {MaskClass} */
let label = "face";
let spaceDown = false;

/** Opens a photograph. */
async function open(/** @type {number} */ index) {
  const photo = photographs[index];
  if (!photo) return;
  void saver.flush();
  current = index;
  drawing = null;
  view.image = null;
  view.hovered = view.cursor = null;
  location.hash = encodeURIComponent(photo.path);
  refresh();
  notice("");
  try {
    const [image, own] = await Promise.all([loadImage(photo), loadDrawing(photo)]);
    if (photographs[current] !== photo) return; // Another one was opened in the meantime.
    drawing = own;
    view.image = image;
    view.resize();
    view.fit();
  } catch (error) {
    if (photographs[current] === photo) notice(/** @type {Error} */ (error).message);
  }
  refresh();
}

/** @param {Listed} photo */
async function loadImage({ path }) {
  const image = new Image();
  image.src = `/photo?photo=${encodeURIComponent(path)}`;
  await image.decode().catch(() => {
    throw new Error(`${path} cannot be shown: it is damaged or of an unknown format.`);
  });
  return image;
}

/** @param {Listed} photo */
async function loadDrawing(photo) {
  const known = drawings.get(photo.path);
  if (known) return known;
  const response = await fetch(`/api/drawing?photo=${encodeURIComponent(photo.path)}`);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.problem);
  const fresh = new Drawing(answer);
  drawings.set(photo.path, fresh);
  saver.watch(photo.path, fresh, answer.revision);
  return fresh;
}

/**
 * Another program changed the file: keep this page's drawing, or take the other.
 * @param {string} photo
 * @param {boolean} keep
 */
async function answerConflict(photo, keep) {
  if (keep) return await saver.overwrite(photo);
  drawings.delete(photo);
  await open(photographs.findIndex(({ path }) => path === photo));
  find("saving").replaceChildren();
}

/** Shows everything as it is now. */
function refresh() {
  const photo = photographs[current];
  if (photo && drawing) photo.classes = drawing.polygons.map((polygon) => polygon.label);
  showPhotographs(find("photographs"), photographs, current, (index) => void open(index));
  showShapes(find("shapes"), drawing, {
    select: (index) => change((own) => own.selected = index),
    remove: (index) => change((own) => own.removePolygon(index)),
  });
  const done = photographs.filter(({ classes }) => classes.includes("face")).length;
  find("progress").textContent = `${done} of ${photographs.length} with a face`;
  find("name").textContent = photo?.path ?? "";
  const active = drawing?.draft?.label ?? drawing?.polygons[drawing.selected]?.label ?? label;
  for (const button of document.querySelectorAll("[data-label]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-label") === active));
  }
  find("hint").textContent = hint();
  find("empty").hidden = photographs.length > 0;
  paint();
}

/** Paints once a frame, however often it is asked to. */
function paint() {
  if (painting) return;
  painting = true;
  requestAnimationFrame(() => {
    painting = false;
    view.paint(drawing);
  });
}
let painting = false;

/** What the mouse and the main keys do now. */
function hint() {
  if (!drawing) return "";
  const count = drawing.draft?.points.length ?? 0;
  if (count > 2) return "Click adds a point. Enter, a double click or the first point closes. Esc cancels.";
  if (count > 0) return "Click adds a point. Backspace takes the last one back. Esc cancels.";
  if (drawing.selected >= 0) return "1, 2, 3 change its class. Drag points or sides. Delete removes it. Esc deselects.";
  if (drawing.polygons.length > 0) return "Click to draw another. Drag points. A right click selects a polygon.";
  return "Click along the border of the face to draw round it.";
}

/**
 * Changes the drawing, then saves and shows it.
 * @param {(drawing: Drawing) => unknown} edit
 */
function change(edit) {
  if (!drawing) return;
  edit(drawing);
  view.hovered = null;
  saver.changed();
  refresh();
}

/** @param {string} text */
function notice(text) {
  find("notice").textContent = text;
  find("notice").hidden = text === "";
}

/** @param {MaskClass} chosen */
function choose(chosen) {
  label = chosen;
  change((own) => own.setLabel(chosen));
}

function close() {
  change((own) => {
    const count = own.draft?.points.length ?? 0;
    if (!own.closeDraft() && count > 0) find("hint").textContent = "A polygon needs at least three points.";
  });
}

followMouse({
  view,
  drawing: () => drawing,
  label: () => label,
  isMoving: () => spaceDown,
  change,
  close,
  moved: () => saver.changed(),
  refresh,
  paint,
});

/** @type {Record<string, () => void>} */
const keys = {
  "1": () => choose("face"),
  "2": () => choose("occluder"),
  "3": () => choose("hair"),
  "Enter": close,
  "Escape": () => change((own) => own.draft ? own.cancelDraft() : own.selected = -1),
  "Backspace": () => {
    const { hovered } = view;
    change((own) => own.draft ? own.removeLastPoint() : hovered ? own.removePoint(hovered) : undefined);
  },
  "Delete": () => change((own) => own.removePolygon(own.selected)),
  "ArrowRight": () => void open(current + 1),
  "ArrowLeft": () => void open(current - 1),
  "n": () => void open(current + 1),
  "p": () => void open(current - 1),
  "f": () => {
    view.fit();
    paint();
  },
  "+": () => {
    view.zoom(1.25);
    paint();
  },
  "-": () => {
    view.zoom(0.8);
    paint();
  },
  "h": () => {
    view.hidden = !view.hidden;
    paint();
  },
};
const undo = () => change((own) => own.undo());
const redo = () => change((own) => own.redo());

addEventListener("keydown", (event) => {
  if (event.key === " ") spaceDown = true;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    const action = key === "z" ? (event.shiftKey ? redo : undo) : key === "y" ? redo : undefined;
    if (!action) return;
    event.preventDefault();
    return action();
  }
  const action = event.altKey ? undefined : keys[key === "=" ? "+" : key];
  // A focused button keeps its own Enter.
  if (!action || (key === "Enter" && document.activeElement instanceof HTMLButtonElement)) return;
  event.preventDefault();
  action();
});
addEventListener("keyup", (event) => {
  if (event.key === " ") spaceDown = false;
});
addEventListener("blur", () => spaceDown = false);
// The canvas changes its size with the window and with what stands round it.
new ResizeObserver(() => {
  view.resize();
  view.paint(drawing);
}).observe(canvas);
addEventListener("beforeunload", (event) => {
  if (!saver.isSaved) event.preventDefault();
});
addEventListener("pagehide", () => saver.sendLast());

for (const button of document.querySelectorAll("button")) {
  const chosen = /** @type {MaskClass | null} */ (button.getAttribute("data-label"));
  const action = button.getAttribute("data-action");
  if (chosen) button.style.setProperty("--colour", COLOURS[chosen]);
  button.addEventListener("click", () => {
    button.blur(); // So that the keys work on the photograph again.
    if (chosen) choose(chosen);
    if (action === "undo") undo();
    if (action === "redo") redo();
    if (action) keys[action]?.();
  });
}

view.resize();
const response = await fetch("/api/photographs");
const listed = await response.json();
photographs = listed.photographs;
find("folder").textContent = listed.folder;
find("empty").textContent = listed.empty;
document.title = `Masks of ${listed.name}`;
refresh();
const wanted = decodeURIComponent(location.hash.slice(1));
const start = photographs.findIndex(({ path }) => path === wanted);
const unfinished = photographs.findIndex(({ classes }) => !classes.includes("face"));
await open(start >= 0 ? start : Math.max(0, unfinished));
