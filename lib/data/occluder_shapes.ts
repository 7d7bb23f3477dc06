import { textPath } from "doppel/image/mod.ts";
import { type RandomSource, uniform } from "../random.ts";
import type { OccluderKind } from "./synthetic_occluders.ts";

/**
 * The outline of an occluder as SVG, in a random place, size and turn.
 *
 * @param kind What it is.
 * @param size Side of the square in pixels.
 * @param random Where numbers come from.
 * @returns SVG elements.
 */
export function shapeOf(kind: OccluderKind, size: number, random: RandomSource): string {
  const draw: Draw = {
    between: (low, high) => uniform(random, low, high) * size,
    share: (low = 0, high = 1) => uniform(random, low, high),
    count: (low, high) => Math.floor(uniform(random, low, high + 1)),
  };
  return SHAPES[kind](draw, size);
}

/** Draws numbers: lengths in shares of the square's side, plain numbers, counts. */
interface Draw {
  between(low: number, high: number): number;
  share(low?: number, high?: number): number;
  count(low: number, high: number): number;
}

const SHAPES: Readonly<Record<OccluderKind, (draw: Draw, size: number) => string>> = {
  ellipse: (draw) => placed(draw, `<ellipse rx="${draw.between(0.06, 0.3)}" ry="${draw.between(0.06, 0.3)}"/>`),

  blob: (draw) => {
    const corners = draw.count(4, 9);
    const radius = draw.between(0.08, 0.3);
    const points = Array.from({ length: corners }, (_, i): Point => {
      const angle = (i + draw.share(-0.3, 0.3)) / corners * 2 * Math.PI;
      const far = radius * draw.share(0.6, 1.3);
      return [far * Math.cos(angle), far * Math.sin(angle)];
    });
    return placed(draw, draw.share() < 0.5 ? `<path d="${rounded(points)}"/>` : `<path d="M${points.join("L")}Z"/>`);
  },

  bar: (draw, size) => {
    const ends = draw.share() < 0.5 ? "round" : "butt";
    const length = draw.share() < 0.5 ? size : draw.between(0.2, 0.5);
    return placed(
      draw,
      `<path d="M${-length} 0H${length}" stroke="#000" stroke-width="${
        draw.between(0.03, 0.2)
      }" stroke-linecap="${ends}"/>`,
    );
  },

  fingers: (draw) => {
    const count = draw.count(1, 5);
    const width = draw.between(0.07, 0.13);
    const length = draw.between(0.25, 0.5);
    const fingers = Array.from({ length: count }, (_, i) => {
      const x = (i - (count - 1) / 2) * width * draw.share(0.95, 1.15);
      const lean = draw.share(-6, 6) + (i - (count - 1) / 2) * draw.share(0, 6);
      return `<path transform="rotate(${lean})" d="M${x} 0V${
        -length * draw.share(0.75, 1)
      }" stroke="#000" stroke-width="${width * 0.92}" stroke-linecap="round"/>`;
    });
    const palm = width * count * 0.55 + width * 0.2;
    const hand = `<path d="${
      rounded([[-palm, -width], [palm, -width], [palm * 1.05, palm * 2.2], [-palm * 1.05, palm * 2.2]])
    }"/>`;
    return placed(draw, fingers.join("") + (draw.share() < 0.7 ? hand : ""));
  },

  cloth: (draw, size) => {
    const depth = draw.between(0.15, 0.5);
    const wave = Array.from(
      { length: 5 },
      (_, i): Point => [(i / 4 - 0.5) * 3 * size, depth + draw.between(-0.08, 0.08)],
    );
    const edge = rounded([[-1.5 * size, -2 * size], ...wave, [1.5 * size, -2 * size]]);
    // From any side, but mostly from below and above.
    const turn = [0, 180, 180, 180, 90, 270][draw.count(0, 5)]! + draw.share(-20, 20);
    const centre = size / 2;
    return `<path transform="rotate(${turn} ${centre} ${centre}) translate(${centre} 0)" d="${edge}"/>`;
  },

  strands: (draw, size) => {
    const [rootX, rootY] = [draw.between(0.1, 0.9), draw.between(-0.1, 0.25)];
    const spread = draw.between(0.05, 0.35);
    const [fallX, fallY] = [draw.between(-0.4, 0.4), draw.between(0.2, 0.8)];
    const width = draw.between(0.006, 0.035);
    const strands = Array.from({ length: draw.count(3, 24) }, () => {
      const [x, y] = [rootX + draw.share(-1, 1) * spread, rootY + draw.between(-0.04, 0.04)];
      const bend = (along: number): Point => [
        x + fallX * along + draw.between(-0.08, 0.08),
        y + fallY * along + draw.between(-0.06, 0.06),
      ];
      return `<path d="M${x} ${y}C${bend(0.35)} ${bend(0.7)} ${bend(1)}" stroke-width="${
        width * draw.share(0.5, 1.4)
      }"/>`;
    });
    const turned = draw.share() < 0.3 ? `transform="rotate(${draw.share(-90, 90)} ${size / 2} ${size / 2})"` : "";
    return `<g ${turned} fill="none" stroke="#000" stroke-linecap="round">${strands.join("")}</g>`;
  },

  glasses: (draw, size) => {
    const [wide, high] = [draw.between(0.1, 0.15), draw.between(0.06, 0.12)];
    const apart = wide + draw.between(0.02, 0.06);
    const round = Math.min(wide, high) * draw.share(0.3, 1);
    const lens = (x: number) =>
      `<rect x="${x - wide}" y="${-high}" width="${2 * wide}" height="${2 * high}" rx="${round}" ry="${round}"/>`;
    const dark = draw.share() < 0.3 ? 'fill="#000"' : 'fill="none"';
    const bridge = `<path d="M${wide - apart} 0Q0 ${-high * 0.5} ${apart - wide} 0"/>`;
    const temples = `<path d="M${-apart - wide} 0H${-size}M${apart + wide} 0H${size}"/>`;
    const place = `translate(${size / 2 + draw.between(-0.1, 0.1)} ${draw.between(0.3, 0.5)}) rotate(${
      draw.share(-8, 8)
    })`;
    return `<g transform="${place}" ${dark} stroke="#000" stroke-width="${draw.between(0.012, 0.035)}">${lens(-apart)}${
      lens(apart)
    }${bridge}${temples}</g>`;
  },

  text: (draw, size) => {
    const high = draw.between(0.05, 0.18);
    const pitch = high * draw.share(1.4, 1.9);
    const lines = draw.count(1, 3);
    const rows = Array.from({ length: lines }, (_, row) => {
      const { path, width } = textPath(words(draw), high);
      return `<path transform="translate(${-width / 2} ${(row - lines / 2) * pitch})" d="${path}"/>`;
    });
    // Mostly level, as captions and prints are.
    const turn = draw.share() < 0.75 ? draw.share(-12, 12) : draw.share(-180, 180);
    const place = `translate(${size / 2 + draw.between(-0.25, 0.25)} ${draw.between(0.2, 0.85)}) rotate(${turn})`;
    const pen = `stroke="#000" stroke-width="${high * draw.share(0.1, 0.28)}" stroke-linecap="round"`;
    return `<g transform="${place}" fill="none" ${pen} stroke-linejoin="round">${rows.join("")}</g>`;
  },
};

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789&?!";

/** One to three words of letters that mean nothing. */
function words(draw: Draw): string {
  const word = () =>
    Array.from({ length: draw.count(2, 7) }, () => LETTERS[draw.count(0, LETTERS.length - 1)]).join("");
  return Array.from({ length: draw.count(1, 3) }, word).join(" ");
}

type Point = readonly [number, number];

/** Puts a shape that is drawn about the origin somewhere into the middle of the square, turned. */
function placed(draw: Draw, shape: string): string {
  return `<g transform="translate(${draw.between(0.15, 0.85)} ${draw.between(0.15, 0.85)}) rotate(${
    draw.share(0, 360)
  })">${shape}</g>`;
}

/** A closed curve through the middles of a polygon's sides, its corners as control points. */
function rounded(corners: readonly Point[]): string {
  const middle = (i: number): Point => {
    const [a, b] = [corners[i % corners.length]!, corners[(i + 1) % corners.length]!];
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  };
  const curves = corners.map((_, i) => `Q${corners[(i + 1) % corners.length]!} ${middle(i + 1)}`);
  return `M${middle(0)}${curves.join("")}Z`;
}
