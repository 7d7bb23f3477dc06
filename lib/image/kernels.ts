/** How values between pixels are found: linear, Keys' cubic with a = -0.5 (1981), or Lanczos with three lobes. */
export type Interpolation = "bilinear" | "bicubic" | "lanczos";

/** An interpolation kernel: zero outside `[-radius, radius]`, one at 0. */
export interface Kernel {
  readonly radius: number;
  readonly weight: (x: number) => number;
}

const sinc = (x: number): number => x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);

function cubic(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
}

/** The kernels by name. */
export const KERNELS: Readonly<Record<Interpolation, Kernel>> = {
  bilinear: { radius: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { radius: 2, weight: cubic },
  lanczos: { radius: 3, weight: (x) => Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0 },
};
