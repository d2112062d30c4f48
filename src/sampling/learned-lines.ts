/** Lines of a learned density: an exact number, spread evenly in it, the same every time. */
import { centreStart, inclusionProbabilities, learnedCentre, logitsOfLines, sampleBudget, weightsOf } from './learned-density.ts';
import type { LearnedLines } from './learned-file.ts';

/**
 * Keeps exactly round(columns / acceleration) lines (all acquired ones, where there are fewer): the centre, then by systematic
 * sampling (Madow, Ann. Math. Stat. 1949) the lines at which the running sum of the inclusion probabilities passes offset,
 * offset + 1, … The spacing follows the density without the clumps and gaps of a random draw.
 */
export function learnedLines(columns: number, acceleration: number, design: LearnedLines, acquired?: Uint8Array): Uint8Array {
  const { mask, left } = centreOfLines(columns, sampleBudget(columns, acceleration), design.centreFraction, acquired);
  const free = candidates(mask, acquired);
  const logits = logitsOfLines(design.logits, columns);
  const picks = systematic(Float64Array.from(free, (column) => logits[column] as number), left, design.offset);
  for (const pick of picks) mask[free[pick] as number] = 1;
  return mask;
}

/** A mask with the acquired lines of the centre, and how many of `kept` are left to choose. */
export function centreOfLines(columns: number, kept: number, fraction: number, acquired?: Uint8Array): { mask: Uint8Array; left: number } {
  const count = learnedCentre(columns, fraction, kept);
  const start = centreStart(columns, count);
  const mask = new Uint8Array(columns).fill(1, start, start + count);
  if (acquired !== undefined) for (let k = start; k < start + count; k++) mask[k] = acquired[k] === 0 ? 0 : 1;
  return { mask, left: kept - mask.reduce((sum, flag) => sum + flag, 0) };
}

function candidates(mask: Uint8Array, acquired: Uint8Array | undefined): number[] {
  const free: number[] = [];
  for (let k = 0; k < mask.length; k++) if (mask[k] === 0 && (acquired === undefined || acquired[k] !== 0)) free.push(k);
  return free;
}

/** Indices of `count` of the samples, ascending and distinct; all of them where there are no more. */
function systematic(logits: Float64Array, count: number, offset: number): number[] {
  if (count <= 0) return [];
  if (count >= logits.length) return [...logits.keys()];
  const probabilities = inclusionProbabilities(weightsOf(logits), count);
  const total = probabilities.reduce((sum, p) => sum + p, 0);
  const picks: number[] = [];
  let at = -1;
  let running = 0;
  for (let j = 0; j < count; j++) {
    at++;
    running += probabilities[at] as number;
    // Never past the place from which the rest still fits: rounding may not cost a line.
    while ((running * count) / total <= j + offset && at < logits.length - (count - j)) {
      at++;
      running += probabilities[at] as number;
    }
    picks.push(at);
  }
  return picks;
}
