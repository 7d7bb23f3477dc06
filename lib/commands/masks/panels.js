// @ts-check
/**
 * The lists beside the canvas: photographs, polygons, and how saving goes.
 *
 * @module
 */

import { COLOURS } from "./canvas.js";

/** @typedef {import("./drawing.js").MaskClass} MaskClass */
/** @typedef {{ path: string, classes: MaskClass[], problem?: string }} Listed */

/**
 * @param {string} tag
 * @param {string} name Its class.
 * @param {string} [text]
 */
function element(tag, name, text = "") {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

/**
 * Lists the photographs, by folder; a dot for each class that is drawn.
 * @param {HTMLElement} list Where.
 * @param {Listed[]} photographs What.
 * @param {number} current Which is open.
 * @param {(index: number) => void} open Opens another.
 */
export function showPhotographs(list, photographs, current, open) {
  if (list.childElementCount === 0) build(list, photographs, open);
  const rows = list.querySelectorAll("button");
  photographs.forEach(({ classes, problem, path }, i) => {
    const row = /** @type {HTMLElement} */ (rows[i]);
    const isCurrent = i === current;
    if (isCurrent && row.getAttribute("aria-current") !== "true") row.scrollIntoView({ block: "nearest" });
    row.setAttribute("aria-current", String(isCurrent));
    row.title = problem ?? path;
    row.classList.toggle("problem", problem !== undefined);
    const dots = /** @type {HTMLElement} */ (row.querySelector(".dots"));
    const drawn = [...new Set(classes)].join(" ");
    if (dots.dataset.drawn === drawn) return;
    dots.dataset.drawn = drawn;
    dots.replaceChildren(...[...new Set(classes)].map((label) => dot(label)));
  });
}

/**
 * @param {HTMLElement} list
 * @param {Listed[]} photographs
 * @param {(index: number) => void} open
 */
function build(list, photographs, open) {
  let folder = "";
  photographs.forEach(({ path }, i) => {
    const slash = path.lastIndexOf("/");
    const own = path.slice(0, Math.max(0, slash));
    if (own !== folder) list.append(element("h3", "", folder = own));
    const row = element("button", "row");
    row.append(element("span", "file", path.slice(slash + 1)), element("span", "dots"));
    row.addEventListener("click", () => {
      row.blur();
      open(i);
    });
    list.append(row);
  });
}

/** @param {MaskClass} label */
function dot(label) {
  const made = element("span", "dot");
  made.style.background = COLOURS[label];
  made.title = label;
  return made;
}

/**
 * Lists the polygons of the open photograph.
 * @param {HTMLElement} list Where.
 * @param {import("./drawing.js").Drawing | null} drawing What.
 * @param {{ select: (index: number) => void, remove: (index: number) => void }} actions What a click does.
 */
export function showShapes(list, drawing, { select, remove }) {
  const rows = (drawing?.polygons ?? []).map(({ label, points }, i) => {
    const row = element("div", "shape");
    row.setAttribute("aria-current", String(drawing?.selected === i));
    const name = element("button", "row");
    name.append(dot(label), element("span", "file", label), element("span", "count", `${points.length} points`));
    name.addEventListener("click", () => select(i));
    const cross = element("button", "cross", "×");
    cross.title = "Remove (Delete)";
    cross.setAttribute("aria-label", `Remove this polygon of class ${label}`);
    cross.addEventListener("click", () => remove(i));
    row.append(name, cross);
    return row;
  });
  if (drawing?.draft) {
    const row = element("div", "shape draft");
    row.append(dot(drawing.draft.label), element("span", "file", `${drawing.draft.label}, being drawn`));
    rows.push(row);
  }
  list.replaceChildren(...rows.length > 0 ? rows : [element("p", "none", "None yet.")]);
}

/**
 * Says how saving goes.
 * @param {HTMLElement} place Where.
 * @param {import("./saving.js").SaveState} state What.
 * @param {(photo: string, keep: boolean) => void} answer Settles a conflict.
 */
export function showSaving(place, { kind, text, title = text, photo }, answer) {
  place.className = kind;
  place.title = title;
  place.replaceChildren(element("span", "", text));
  if (kind !== "conflict") return;
  for (const [keep, words] of /** @type {[boolean, string][]} */ ([[true, "Keep mine"], [false, "Load the other"]])) {
    const button = element("button", "choice", words);
    button.addEventListener("click", () => answer(photo, keep));
    place.append(button);
  }
}
