/** Variable-density lines: an exact number of them, drawn without replacement, the denser the nearer to the centre. */
import { Random } from '../random/xoshiro.ts';
import { budgetError, centreLineCount, centreLines, type LineParams } from './fastmri.ts';

export interface GaussianParams extends LineParams {
  /** Standard deviation of the line density, as a share of all columns. */
  readonly width: number;
}

const STREAM = 0x67617573;

/**
 * Keeps exactly round(columns / acceleration) lines (all acquired ones, if there are fewer): the centre, then others
 * drawn one by one with probability proportional to exp(−½ ((k − ⌊N/2⌋) / (width·N))²). The draw is Efraimidis and
 * Spirakis's (Inf. Process. Lett. 97, 2006): the largest log(u)/w win.
 * Throws `usage.invalid` when the centre alone exceeds the budget.
 */
export function gaussianLines(columns: number, params: GaussianParams, acquired?: Uint8Array): Uint8Array {
  const { acceleration, centreFraction, seed, width } = params;
  const budget = Math.round(columns / acceleration);
  const low = centreLineCount(columns, centreFraction);
  if (low > budget || budget === 0) throw budgetError(columns, low, acceleration);

  const mask = centreLines(columns, low);
  if (acquired !== undefined) for (let k = 0; k < columns; k++) mask[k] = (mask[k] as number) && acquired[k] ? 1 : 0;
  let left = budget - mask.reduce((sum, flag) => sum + flag, 0);

  const random = new Random(seed, STREAM);
  const candidates: { readonly column: number; readonly key: number }[] = [];
  for (let column = 0; column < columns; column++) {
    const z = (column - Math.floor(columns / 2)) / (width * columns);
    // log(u)/w overflows no double: |z| ≤ 0.5 / 0.05 keeps w above e^−50.
    const key = Math.log(random.uniform()) / Math.exp(-0.5 * z * z);
    if (mask[column] === 0 && (acquired === undefined || acquired[column] !== 0)) candidates.push({ column, key });
  }
  candidates.sort((a, b) => b.key - a.key);
  for (const { column } of candidates) {
    if (left-- <= 0) break;
    mask[column] = 1;
  }
  return mask;
}
