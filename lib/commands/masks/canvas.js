// @ts-check
/**
 * The photograph on its canvas: where it lies, what is under the mouse, and how polygons are painted over it.
 *
 * @module
 */

/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("./drawing.js").Place} Place */
/** @typedef {import("./drawing.js").MaskClass} MaskClass */
/** @typedef {[number, number]} Point */

/** @type {Readonly<Record<MaskClass, string>>} */
export const COLOURS = { face: "#2fbf71", occluder: "#ff5c5c", hair: "#f5a524" };

const POINT_REACH = 9;
const SIDE_REACH = 6;
const MARGIN = 24;

/** A view of one photograph. */
export class View {
  /** Screen pixels a pixel of the photograph. */
  scale = 1;
  /** Where the photograph's left edge is on the canvas. */
  left = 0;
  /** Where its upper edge is. */
  top = 0;
  /** @type {HTMLImageElement | null} */
  image = null;
  /** Whether polygons are hidden. */
  hidden = false;
  /** Where the mouse is, in pixels of the photograph. @type {Point | null} */
  cursor = null;
  /** The point under the mouse. @type {Place | null} */
  hovered = null;

  /** @param {HTMLCanvasElement} canvas Where to paint. */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  /** Makes the canvas as fine as the screen. */
  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    this.canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.canvas.height = Math.round(clientHeight * devicePixelRatio);
  }

  /** Shows the whole photograph. */
  fit() {
    if (!this.image) return;
    const { clientWidth, clientHeight } = this.canvas;
    const { naturalWidth, naturalHeight } = this.image;
    this.scale = Math.min((clientWidth - 2 * MARGIN) / naturalWidth, (clientHeight - 2 * MARGIN) / naturalHeight);
    this.left = (clientWidth - naturalWidth * this.scale) / 2;
    this.top = (clientHeight - naturalHeight * this.scale) / 2;
  }

  /**
   * Zooms about a place that stays where it is.
   * @param {number} factor How much larger.
   * @param {Point} [about] In screen pixels of the canvas; default its middle.
   */
  zoom(factor, about = [this.canvas.clientWidth / 2, this.canvas.clientHeight / 2]) {
    const scale = Math.min(64, Math.max(0.05, this.scale * factor));
    this.left = about[0] - (about[0] - this.left) * scale / this.scale;
    this.top = about[1] - (about[1] - this.top) * scale / this.scale;
    this.scale = scale;
  }

  /**
   * @param {Point} screen A place on the canvas.
   * @returns {Point} The same in the photograph, to a hundredth of a pixel.
   */
  toPhoto([x, y]) {
    const rounded = (/** @type {number} */ value) => Math.round(value * 100) / 100;
    return [rounded((x - this.left) / this.scale), rounded((y - this.top) / this.scale)];
  }

  /**
   * The same, but inside the photograph.
   * @param {Point} screen A place on the canvas.
   * @returns {Point} The nearest place in the photograph.
   */
  toPhotoInside(screen) {
    const [x, y] = this.toPhoto(screen);
    const { naturalWidth = 0, naturalHeight = 0 } = this.image ?? {};
    return [Math.min(naturalWidth, Math.max(0, x)), Math.min(naturalHeight, Math.max(0, y))];
  }

  /**
   * @param {Point} photo A place in the photograph.
   * @returns {Point} The same on the canvas.
   */
  toScreen([x, y]) {
    return [x * this.scale + this.left, y * this.scale + this.top];
  }

  /**
   * The drawn point nearest to a place on the canvas.
   * @param {Drawing} drawing What is drawn.
   * @param {Point} screen The place.
   * @returns {Place | null} Null when none is near. While a draft is open only its own points count.
   */
  pointAt(drawing, screen) {
    /** @type {Place | null} */
    let best = null;
    let nearest = POINT_REACH;
    for (const polygon of reachable(drawing)) {
      drawing.pointsOf(polygon)?.forEach((photo, point) => {
        const distance = apart(this.toScreen(photo), screen);
        if (distance < nearest) [nearest, best] = [distance, { polygon, point }];
      });
    }
    return best;
  }

  /**
   * The side of the selected polygon nearest to a place on the canvas.
   * @param {Drawing} drawing What is drawn.
   * @param {Point} screen The place.
   * @returns {Place | null} The point that the side begins at, or null when none is near.
   */
  sideAt(drawing, screen) {
    const polygon = drawing.selected;
    const points = polygon >= 0 && !drawing.draft ? drawing.pointsOf(polygon) : undefined;
    /** @type {Place | null} */
    let best = null;
    let nearest = SIDE_REACH;
    points?.forEach((photo, point) => {
      const end = points[(point + 1) % points.length] ?? photo;
      const distance = apartFromSide(this.toScreen(photo), this.toScreen(end), screen);
      if (distance < nearest) [nearest, best] = [distance, { polygon, point }];
    });
    return best;
  }

  /**
   * The finished polygon at a place on the canvas, the one drawn last if there are several.
   * @param {Drawing} drawing What is drawn.
   * @param {Point} screen The place.
   * @returns {number} Its number, or -1.
   */
  polygonAt(drawing, screen) {
    return drawing.polygons.findLastIndex(({ points }) => {
      this.context.setTransform(1, 0, 0, 1, 0, 0);
      this.#trace(points);
      this.context.closePath();
      return this.context.isPointInPath(...screen);
    });
  }

  /** @param {Drawing | null} drawing What is drawn. */
  paint(drawing) {
    const { context, canvas, image } = this;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    if (!image) return;
    // Single pixels are told apart when they are large.
    context.imageSmoothingEnabled = this.scale < 8;
    context.imageSmoothingQuality = "high";
    context.drawImage(image, this.left, this.top, image.naturalWidth * this.scale, image.naturalHeight * this.scale);
    if (!drawing || this.hidden) return;
    drawing.polygons.forEach((polygon, i) => this.#paintPolygon(polygon, i === drawing.selected, i));
    if (drawing.draft) this.#paintDraft(drawing.draft);
  }

  /**
   * @param {import("./drawing.js").Polygon} polygon
   * @param {boolean} selected
   * @param {number} number
   */
  #paintPolygon({ label, points }, selected, number) {
    const { context } = this;
    this.#trace(points);
    context.closePath();
    context.fillStyle = COLOURS[label] + (selected ? "5c" : "38");
    context.fill();
    this.#stroke(COLOURS[label], selected ? 2.5 : 1.5);
    const showAll = selected || this.hovered?.polygon === number;
    points.forEach((point, i) => {
      const isHovered = this.hovered?.polygon === number && this.hovered.point === i;
      if (showAll) this.#dot(point, COLOURS[label], isHovered ? 6 : 3.5, isHovered);
    });
  }

  /** @param {import("./drawing.js").Polygon} draft */
  #paintDraft({ label, points }) {
    const { context } = this;
    this.#trace(this.cursor ? [...points, this.cursor] : points);
    context.fillStyle = COLOURS[label] + "26";
    context.fill();
    this.#stroke(COLOURS[label], 2);
    points.forEach((point, i) => {
      const isHovered = this.hovered?.polygon === -1 && this.hovered.point === i;
      this.#dot(point, COLOURS[label], isHovered ? 6.5 : i === 0 ? 5 : 3.5, isHovered);
    });
  }

  /** @param {Point[]} points */
  #trace(points) {
    this.context.beginPath();
    points.forEach((point, i) => this.context[i === 0 ? "moveTo" : "lineTo"](...this.toScreen(point)));
  }

  /**
   * A line with a dark edge, to be seen on any ground.
   * @param {string} colour
   * @param {number} width
   */
  #stroke(colour, width) {
    const { context } = this;
    context.lineJoin = "round";
    for (const [style, wide] of /** @type {[string, number][]} */ ([["#0009", width + 1.5], [colour, width]])) {
      context.strokeStyle = style;
      context.lineWidth = wide;
      context.stroke();
    }
  }

  /**
   * @param {Point} photo
   * @param {string} colour
   * @param {number} radius
   * @param {boolean} filled
   */
  #dot(photo, colour, radius, filled) {
    const { context } = this;
    const [x, y] = this.toScreen(photo);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = filled ? colour : "#fff";
    context.fill();
    context.strokeStyle = filled ? "#fff" : colour;
    context.lineWidth = 1.5;
    context.stroke();
  }
}

/**
 * @param {Drawing} drawing
 * @returns {number[]}
 */
function reachable(drawing) {
  return drawing.draft ? [-1] : drawing.polygons.map((_, i) => i);
}

/**
 * @param {Point} a
 * @param {Point} b
 */
const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/**
 * @param {Point} from
 * @param {Point} to
 * @param {Point} place
 */
function apartFromSide(from, to, place) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const along = ((place[0] - from[0]) * dx + (place[1] - from[1]) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(1, Math.max(0, along));
  return apart([from[0] + t * dx, from[1] + t * dy], place);
}
