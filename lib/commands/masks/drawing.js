// @ts-check
/**
 * What is drawn on one photograph: finished polygons, the one being drawn, and how to undo. No page in here.
 *
 * @module
 */

/** @typedef {"face" | "occluder" | "hair"} MaskClass */
/** @typedef {{ label: MaskClass, points: [number, number][] }} Polygon */
/** @typedef {{ polygons: Polygon[], draft: Polygon | null }} Shapes */
/** @typedef {{ polygon: number, point: number }} Place A point of a polygon; polygon -1 is the draft. */

/** Most steps that can be undone. */
const STEPS = 500;

/** The drawing of one photograph. */
export class Drawing {
  /** @type {Shapes} */
  #shapes;
  /** @type {Shapes[]} */
  #past = [];
  /** @type {Shapes[]} */
  #future = [];
  /** The selected polygon, or -1. */
  selected = -1;
  /** Grows with every change: what tells a saved drawing from an unsaved one. */
  version = 0;

  /** @param {Shapes} shapes What there is already. */
  constructor(shapes) {
    this.#shapes = structuredClone(shapes);
  }

  /** Finished polygons. */
  get polygons() {
    return this.#shapes.polygons;
  }

  /** The polygon being drawn, or null. */
  get draft() {
    return this.#shapes.draft;
  }

  /**
   * What is to be saved.
   * @returns {Shapes}
   */
  get shapes() {
    return structuredClone(this.#shapes);
  }

  /** Keeps the present state to come back to; the next change is one step of undo. */
  remember() {
    this.#past.push(structuredClone(this.#shapes));
    if (this.#past.length > STEPS) this.#past.shift();
    this.#future = [];
  }

  /**
   * One step back.
   * @returns {boolean} Whether there was one.
   */
  undo() {
    return this.#step(this.#past, this.#future);
  }

  /**
   * One step forward again.
   * @returns {boolean} Whether there was one.
   */
  redo() {
    return this.#step(this.#future, this.#past);
  }

  /**
   * @param {Shapes[]} from
   * @param {Shapes[]} to
   */
  #step(from, to) {
    const other = from.pop();
    if (!other) return false;
    to.push(this.#shapes);
    this.#shapes = other;
    this.selected = -1;
    this.version++;
    return true;
  }

  /**
   * Adds a point to the draft, or begins one.
   * @param {[number, number]} point In pixels of the photograph.
   * @param {MaskClass} label The class of a new draft.
   * @returns {Place} Where it is.
   */
  addPoint(point, label) {
    this.remember();
    this.selected = -1;
    this.#shapes.draft ??= { label, points: [] };
    this.#shapes.draft.points.push(point);
    this.version++;
    return { polygon: -1, point: this.#shapes.draft.points.length - 1 };
  }

  /**
   * Moves a point; call `remember` before the first move of a drag.
   * @param {Place} place Which point.
   * @param {[number, number]} point Where to.
   */
  movePoint({ polygon, point: index }, point) {
    const points = this.pointsOf(polygon);
    if (!points?.[index]) return;
    points[index] = point;
    this.version++;
  }

  /**
   * Adds a point to a side of a finished polygon.
   * @param {Place} place The point that the side begins at.
   * @param {[number, number]} point Where.
   * @returns {Place} The new point.
   */
  insertPoint({ polygon, point: index }, point) {
    this.remember();
    this.pointsOf(polygon)?.splice(index + 1, 0, point);
    this.selected = polygon;
    this.version++;
    return { polygon, point: index + 1 };
  }

  /**
   * Finishes the draft.
   * @returns {boolean} False when it has fewer than three points, and stays open.
   */
  closeDraft() {
    const { draft } = this.#shapes;
    if (!draft || draft.points.length < 3) return false;
    this.remember();
    this.#shapes.polygons.push(draft);
    this.#shapes.draft = null;
    this.version++;
    return true;
  }

  /** Throws the draft away; undo brings it back. */
  cancelDraft() {
    if (!this.#shapes.draft) return;
    this.remember();
    this.#shapes.draft = null;
    this.version++;
  }

  /** Takes the last point off the draft. */
  removeLastPoint() {
    if (!this.#shapes.draft) return;
    this.remember();
    this.#shapes.draft.points.pop();
    if (this.#shapes.draft.points.length === 0) this.#shapes.draft = null;
    this.version++;
  }

  /**
   * Takes a point off a finished polygon; one with three points goes as a whole.
   * @param {Place} place Which point.
   */
  removePoint({ polygon, point }) {
    const points = this.pointsOf(polygon);
    if (!points?.[point]) return;
    if (points.length <= 3) return this.removePolygon(polygon);
    this.remember();
    this.pointsOf(polygon)?.splice(point, 1);
    this.version++;
  }

  /**
   * Removes a finished polygon.
   * @param {number} polygon Which.
   */
  removePolygon(polygon) {
    if (!this.#shapes.polygons[polygon]) return;
    this.remember();
    this.#shapes.polygons.splice(polygon, 1);
    this.selected = -1;
    this.version++;
  }

  /**
   * Changes the class of the draft, or else of the selected polygon.
   * @param {MaskClass} label The class.
   */
  setLabel(label) {
    const target = this.#shapes.draft ?? this.#shapes.polygons[this.selected];
    if (!target || target.label === label) return;
    this.remember();
    target.label = label;
    this.version++;
  }

  /**
   * The points of a polygon.
   * @param {number} polygon Which; -1 for the draft.
   * @returns {[number, number][] | undefined}
   */
  pointsOf(polygon) {
    return polygon === -1 ? this.#shapes.draft?.points : this.#shapes.polygons[polygon]?.points;
  }
}
