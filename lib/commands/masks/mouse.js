// @ts-check
/**
 * The mouse on the canvas: clicks add points, drags move them or the photograph, the wheel zooms.
 *
 * @module
 */

/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("./drawing.js").MaskClass} MaskClass */
/** @typedef {[number, number]} Point */

/**
 * What the mouse works on.
 * @typedef {object} Surroundings
 * @property {import("./canvas.js").View} view The photograph.
 * @property {() => Drawing | null} drawing What is drawn on it.
 * @property {() => MaskClass} label The class of new polygons.
 * @property {() => boolean} isMoving Whether drags move the photograph.
 * @property {(edit: (drawing: Drawing) => unknown) => void} change Changes the drawing, saves and shows it.
 * @property {() => void} close Closes the draft.
 * @property {() => void} moved Says that a point was moved.
 * @property {() => void} refresh Shows everything anew.
 * @property {() => void} paint Paints the canvas anew.
 */

/** @param {Surroundings} surroundings What it works on. */
export function followMouse({ view, drawing: find, label, isMoving, change, close, moved, refresh, paint }) {
  const { canvas } = view;
  /** What is dragged: a point, or the photograph. @type {{ place: import("./drawing.js").Place | null, moved: boolean, last: Point } | null} */
  let drag = null;

  /**
   * @param {PointerEvent | WheelEvent} event
   * @returns {Point}
   */
  function placeOf(event) {
    const { left, top } = canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  /** @param {Point} screen */
  const inside = (screen) => view.toPhotoInside(screen);

  canvas.addEventListener("pointerdown", (event) => {
    const drawing = find();
    if (!drawing || !view.image) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    const screen = placeOf(event);
    drag = { place: null, moved: false, last: screen };
    if (event.button !== 0 || isMoving()) return;
    const place = view.pointAt(drawing, screen);
    const side = place ? null : view.sideAt(drawing, screen);
    if (place?.polygon === -1 && place.point === 0 && (drawing.draft?.points.length ?? 0) >= 3) {
      drag = null;
      return close();
    }
    if (place) drag.place = place;
    else if (side) change((own) => drag = { place: own.insertPoint(side, inside(screen)), moved: true, last: screen });
    else change((own) => drag = { place: own.addPoint(inside(screen), label()), moved: true, last: screen });
  });

  canvas.addEventListener("pointermove", (event) => {
    const drawing = find();
    if (!drawing) return;
    const screen = placeOf(event);
    view.cursor = view.toPhotoInside(screen);
    if (!drag) {
      view.hovered = view.pointAt(drawing, screen);
      const side = view.hovered ? null : view.sideAt(drawing, screen);
      canvas.style.cursor = isMoving() ? "grab" : view.hovered ? "move" : side ? "copy" : "crosshair";
      return paint();
    }
    if (!drag.moved && Math.hypot(screen[0] - drag.last[0], screen[1] - drag.last[1]) < 2) return;
    if (drag.place) {
      if (!drag.moved) drawing.remember();
      drawing.movePoint(drag.place, view.cursor);
      moved();
    } else {
      view.left += screen[0] - drag.last[0];
      view.top += screen[1] - drag.last[1];
      drag.last = screen;
    }
    drag.moved = true;
    paint();
  });

  canvas.addEventListener("pointerup", (event) => {
    const drawing = find();
    const own = drag;
    drag = null;
    if (own && !own.moved && drawing) {
      const { place } = own;
      const screen = placeOf(event);
      // A click, not a drag: on a point of another polygon a new one begins there; the right button selects.
      if (place && place.polygon >= 0 && place.polygon !== drawing.selected) {
        const at = drawing.pointsOf(place.polygon)?.[place.point];
        if (at) change((drawn) => drawn.addPoint([...at], label()));
      } else if (event.button === 2 && !drawing.draft) {
        change((drawn) => drawn.selected = view.polygonAt(drawn, screen));
      }
    }
    refresh();
  });
  canvas.addEventListener("pointercancel", () => drag = null);
  canvas.addEventListener("pointerleave", () => {
    view.cursor = null;
    paint();
  });
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("dblclick", close);
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    view.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.03 : 0.0015)), placeOf(event));
    paint();
  }, { passive: false });
}
