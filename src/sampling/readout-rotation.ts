/** The angles of the readouts of radial and spiral trajectories. */
export const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

/** 111.246°: the golden share of half a turn, which is all a spoke through the centre needs (arms from the centre turn by 137.51°). */
export const GOLDEN_ANGLE = Math.PI / GOLDEN_RATIO;

/** ψ_N = π/(φ + N − 1) (Wundrak et al., IEEE TMI 2015;34:1262); N = 1 is the golden angle 111.246°. */
export const tinyGoldenAngle = (n: number): number => Math.PI / (GOLDEN_RATIO + n - 1);

/** Equal angles over `turn`; later frames are turned by golden shares of the spacing, so that they fill each other's gaps. */
export function uniformAngles(count: number, turn: number, offset: number, frame: number): number[] {
  const shift = (frame * (GOLDEN_RATIO - 1)) % 1;
  return Array.from({ length: count }, (_, j) => offset + (turn * (j + shift)) / count);
}

/** Every readout turned by `step` from the one before, on and on over the frames. */
export function steppedAngles(count: number, step: number, offset: number, frame: number): number[] {
  return Array.from({ length: count }, (_, j) => offset + step * (j + frame * count));
}
