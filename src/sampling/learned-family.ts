/** One ranking of lines for every acceleration: the lines of a higher one are among those of every lower one. */
import { LacunaError } from '../errors.ts';
import { logitsOfLines, sampleBudget, weightsOf } from './learned-density.ts';
import type { LearnedFamily } from './learned-file.ts';
import { centreOfLines } from './learned-lines.ts';

/** Ranking takes columns × kept lines steps; no scanner comes near this. */
const MOST_COLUMNS = 4096;

/**
 * Keeps the first round(columns / acceleration) lines of the ranking (all acquired ones, where there are fewer): first the centre,
 * then always the line with the largest void around it. The void is the product of the distances to the nearest kept lines on
 * both sides, where distance is the density in between, times a power of the same for the mirror images of the kept lines: where
 * the phase is smooth, a line and its mirror image hold nearly the same. While not even the centre fits, there is nothing but
 * its middle. Throws `usage.unsupported` for more than MOST_COLUMNS columns.
 */
export function learnedFamily(columns: number, acceleration: number, family: LearnedFamily, acquired?: Uint8Array): Uint8Array {
  if (columns > MOST_COLUMNS) {
    throw new LacunaError('usage.unsupported', `Learned lines are ranked for at most ${MOST_COLUMNS} columns; this matrix has ${columns}.`, { field: 'design' });
  }
  const kept = sampleBudget(columns, acceleration);
  const { mask, left } = centreOfLines(columns, kept, family.centreFraction, acquired);
  const weights = weightsOf(logitsOfLines(family.logits, columns));
  const voids = new Voids(weights);
  const mirrorVoids = new Voids(weights);
  const keep = (column: number): void => {
    mask[column] = 1;
    voids.keep(column);
    mirrorVoids.keep(mirrorOf(column, columns));
  };
  mask.forEach((flag, column) => {
    if (flag === 1) keep(column);
  });
  for (let i = 0; i < left; i++) {
    const best = largest(mask, acquired, (column) => voids.of(column) * mirrorVoids.of(column) ** family.mirror);
    if (best < 0) break;
    keep(best);
  }
  return mask;
}

/** −k modulo N, counted from ⌊N/2⌋; of an even N, the lowest frequency is its own mirror image. */
function mirrorOf(column: number, columns: number): number {
  return (2 * Math.floor(columns / 2) - column + columns) % columns;
}

/** The free, acquired column with the largest score, the lowest of equals; −1 where none is left. */
function largest(mask: Uint8Array, acquired: Uint8Array | undefined, score: (column: number) => number): number {
  let best = -1;
  let most = -Infinity;
  for (let column = 0; column < mask.length; column++) {
    if (mask[column] !== 0 || (acquired !== undefined && acquired[column] === 0)) continue;
    const value = score(column);
    if (value > most) [best, most] = [column, value];
  }
  return best;
}

/** Distances to the nearest kept lines, in density. Beyond the edges the mirror image of the gap is taken for granted. */
class Voids {
  /** Density up to the middle of each line. */
  readonly #running: Float64Array;
  readonly #total: number;
  /** Nearest kept line at or below, at or above; −1 and N where there is none. */
  readonly #below: Int32Array;
  readonly #above: Int32Array;

  constructor(weights: Float64Array) {
    let sum = 0;
    this.#running = weights.map((weight) => {
      sum += weight;
      return sum - 0.5 * weight;
    });
    this.#total = sum;
    this.#below = new Int32Array(weights.length).fill(-1);
    this.#above = new Int32Array(weights.length).fill(weights.length);
  }

  keep(column: number): void {
    for (let k = column; k < this.#below.length && (this.#below[k] as number) < column; k++) this.#below[k] = column;
    for (let k = column; k >= 0 && (this.#above[k] as number) > column; k--) this.#above[k] = column;
  }

  /** Product of the distances to both sides. */
  of(column: number): number {
    const at = this.#running[column] as number;
    const [below, above] = [this.#below[column] as number, this.#above[column] as number];
    const left = below < 0 ? 2 * at : at - (this.#running[below] as number);
    const right = above === this.#running.length ? 2 * (this.#total - at) : (this.#running[above] as number) - at;
    return left * right;
  }
}
