/** Every R-th line with a fully sampled centre: the pattern of GRAPPA and SENSE on scanners. */
import { LacunaError } from '../errors.ts';
import { centreLines } from './fastmri.ts';

export interface RegularParams {
  /** Whole: every `spacing`-th line is kept. */
  readonly spacing: number;
  /** Lines of the fully sampled centre (autocalibration); 0 for none. */
  readonly calibration: number;
  /** The first kept line; counted modulo `spacing`. */
  readonly offset: number;
}

/** Throws `usage.invalid` where the centre is wider than the matrix. */
export function regularLines(columns: number, { spacing, calibration, offset }: RegularParams): Uint8Array {
  checkCalibration('calibration', calibration, columns);
  const mask = centreBlock(columns, calibration);
  for (let k = offset % spacing; k < columns; k += spacing) mask[k] = 1;
  return mask;
}

/** `count` lines around ⌊n/2⌋, one more before it where `count` is even. */
export function centreBlock(columns: number, count: number): Uint8Array {
  if (count === columns) return new Uint8Array(columns).fill(1);
  return count === 0 ? new Uint8Array(columns) : centreLines(columns, count);
}

/** Throws `usage.invalid` naming the parameter. */
export function checkCalibration(field: string, count: number, length: number): void {
  if (count <= length) return;
  throw new LacunaError('usage.invalid', `A fully sampled centre of ${count} does not fit k-space of ${length}; choose a smaller one.`, { field });
}
