/**
 * The Kaiser–Bessel kernel of gridding and its transform (Jackson et al., IEEE TMI 1991;10:473; β: Beatty et al., IEEE TMI 2005;24:799).
 * With W grid points of support on a grid of `oversampling` times the image:
 *
 *   κ(u) = I₀(β√(1 − (2u/W)²))/W for |u| ≤ W/2,   β = π√((W/os·(os − ½))² − 0.8).
 */

/** β for a support of `width` grid points. */
export function kaiserBesselBeta(width: number, oversampling: number): number {
  return Math.PI * Math.sqrt(Math.max(0, ((width / oversampling) * (oversampling - 0.5)) ** 2 - 0.8));
}

/** ∫ κ(u) e^(2πi u n/M) du = sinh(√(β² − (πWn/M)²))/√(β² − (πWn/M)²) for image index n from the centre; sin where the radicand is negative. */
export function apodisation(n: number, gridLength: number, width: number, beta: number): number {
  const square = beta * beta - ((Math.PI * width * n) / gridLength) ** 2;
  const root = Math.sqrt(Math.abs(square));
  if (root < 1e-6) return 1;
  return (square > 0 ? Math.sinh(root) : Math.sin(root)) / root;
}

/** Modified Bessel function I₀ by its power series Σ (x²/4)^k/(k!)²; to double precision for the |x| ≤ 25 that kernels need. */
export function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-17 * sum; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

/** Table entries a grid point: linear interpolation is then exact to 3·10⁻⁸ of the peak for W ≤ 8 (β²/(8·2·PER_POINT²), β ≤ 19). */
const PER_POINT = 8192;

/** κ as a function that looks it up; 0 outside the support. */
export function kaiserBesselTable(width: number, beta: number): (u: number) => number {
  const half = width / 2;
  const last = half * PER_POINT;
  const table = Float64Array.from({ length: last + 2 }, (_, i) => {
    const x = Math.min(1, i / last);
    return i > last ? 0 : besselI0(beta * Math.sqrt(1 - x * x)) / width;
  });
  return (u) => {
    const at = Math.abs(u) * PER_POINT;
    const i = Math.floor(at);
    if (i >= last) return i > last || at > last ? 0 : (table[last] as number);
    const low = table[i] as number;
    return low + (at - i) * ((table[i + 1] as number) - low);
  };
}
