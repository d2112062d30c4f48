/** Partial Fourier: a little more than half of k-space, the rest of which follows from a smooth image phase. */
import { centreBlock, checkCalibration } from './regular.ts';

export interface PartialFourierParams {
  /** Share of the lines that is kept, ½ … 1. */
  readonly fraction: number;
  /** Which end is left out. */
  readonly omit: 'start' | 'end';
  /** Of the kept side every `spacing`-th line, and the fully sampled centre. */
  readonly spacing: number;
  readonly calibration: number;
}

/**
 * Keeps round(fraction·length) neighbouring lines from one end, thinned to every `spacing`-th outside the fully sampled
 * centre. The thinned lattice holds the k-space centre. It always
 * holds the centre itself. Throws `usage.invalid` where the fully sampled centre is wider than k-space.
 */
export function partialFourierLines(length: number, { fraction, omit, spacing, calibration }: PartialFourierParams): Uint8Array {
  checkCalibration('calibration', calibration, length);
  const kept = Math.min(length, Math.max(Math.round(fraction * length), Math.floor(length / 2) + 1));
  const first = omit === 'start' ? length - kept : 0;
  const mask = new Uint8Array(length);
  const centre = spacing === 1 ? mask : centreBlock(length, calibration);
  for (let k = first; k < first + kept; k++) {
    mask[k] = (k - Math.floor(length / 2)) % spacing === 0 || centre[k] === 1 ? 1 : 0;
  }
  return mask;
}
