/**
 * fastMRI's two Cartesian masks, bit for bit for the same integer seed: RandomMaskFunc and EquispacedMaskFractionFunc
 * of facebookresearch/fastMRI `fastmri/data/subsample.py` (Zbontar et al., arXiv:1811.08839), called as
 * `MaskFunc([centreFraction], [acceleration])(shape, seed=seed)`. Its first draw, `randint(1)` among the candidates,
 * uses up no random bits when there is one candidate.
 */
import { LacunaError } from '../errors.ts';
import { RandomState } from '../random/mt19937.ts';
import { roundHalfEven } from './round-half-even.ts';

export interface LineParams {
  /** Nominal R; R = 1 keeps everything, but see `equispacedLines`. */
  readonly acceleration: number;
  /** Share of all columns kept around the centre. */
  readonly centreFraction: number;
  readonly seed: number;
}

/** Columns of the fully sampled centre: fastMRI's `round(num_cols * center_fraction)`. */
export function centreLineCount(columns: number, centreFraction: number): number {
  return roundHalfEven(columns * centreFraction);
}

/** A mask with the centre alone; it starts at (columns − count + 1) div 2. */
export function centreLines(columns: number, count: number): Uint8Array {
  const mask = new Uint8Array(columns);
  const start = Math.floor((columns - count + 1) / 2);
  return mask.fill(1, start, start + count);
}

/**
 * Lines outside the centre are kept independently with p = (N/R − n)/(N − n), so the count varies from seed to seed and
 * its mean is N/R. Where the centre alone exceeds the budget (n > N/R), the centre is all that is kept, as in fastMRI.
 */
export function randomLines(columns: number, { acceleration, centreFraction, seed }: LineParams): Uint8Array {
  const random = new RandomState(seed);
  const low = centreLineCount(columns, centreFraction);
  const mask = centreLines(columns, low);
  const probability = (columns / acceleration - low) / (columns - low);
  for (let column = 0; column < columns; column++) {
    if (random.uniform() < probability) mask[column] = 1;
  }
  return mask;
}

/**
 * Lines at equal (not whole) spacing s = R(n − N)/(nR − N), rounded, from a random offset below round(s). The spacing
 * is chosen so that about N/R lines are kept in all. fastMRI's sequence stops before N − 1, so at R = 1 the last line
 * is the one that is not kept. Throws `usage.invalid` where the centre alone uses up the budget: fastMRI fails there
 * too.
 */
export function equispacedLines(columns: number, { acceleration, centreFraction, seed }: LineParams): Uint8Array {
  const random = new RandomState(seed);
  const low = centreLineCount(columns, centreFraction);
  const mask = centreLines(columns, low);
  const spacing = (acceleration * (low - columns)) / (low * acceleration - columns);
  if (!(spacing > 0) || !Number.isFinite(spacing)) throw budgetError(columns, low, acceleration);
  const offset = random.integer(roundHalfEven(spacing));
  // numpy.arange computes its first two values and multiplies their difference, which rounds like this:
  const step = offset + spacing - offset;
  const count = Math.ceil((columns - 1 - offset) / spacing);
  for (let i = 0; i < count; i++) {
    const column = i === 1 ? offset + spacing : offset + i * step;
    mask[roundHalfEven(column)] = 1;
  }
  return mask;
}

/** The centre alone keeps `low` lines, as many as the acceleration allows, or more. */
export function budgetError(columns: number, low: number, acceleration: number): LacunaError {
  const limit = Math.floor(100 / acceleration) / 100;
  return new LacunaError(
    'usage.invalid',
    `The fully sampled centre (${low} of ${columns} lines) uses up the budget of acceleration ${acceleration}; ` +
      `choose a centre fraction of at most ${limit} or a lower acceleration.`,
    { field: 'centreFraction' },
  );
}
