/** Learned logits on the lines of a matrix, and the inclusion probabilities that follow from them. */

/** Smallest number of lines of a fully sampled centre: coil maps need some. */
const FEWEST_CENTRE_LINES = 6;

/** Newton takes some ten steps; where weights differ by e¹²⁰, a few hundred. */
const MOST_STEPS = 500;
const PRECISION = 1e-13;

/** total / R rounded half up; at least one sample is kept. */
export function sampleBudget(total: number, acceleration: number): number {
  return Math.max(1, Math.floor(total / acceleration + 0.5));
}

/** Samples of the fully sampled centre of one axis: the fraction, no fewer than 6, no more than `most` nor than there are. */
export function learnedCentre(length: number, fraction: number, most: number): number {
  return Math.min(most, length, Math.max(FEWEST_CENTRE_LINES, Math.floor(fraction * length + 0.5)));
}

/** First index of a centre of `count` samples: it holds DC, and of an even count one sample more lies before it than after. */
export function centreStart(length: number, count: number): number {
  return Math.floor(length / 2) - Math.floor(count / 2);
}

/** Knots over [−½, ½] interpolated linearly at f = (k − ⌊N/2⌋)/N. */
export function logitsOfLines(knots: readonly number[], columns: number): Float64Array {
  const logits = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    const { low, part } = knotOf(k, columns, knots.length);
    logits[k] = (knots[low] as number) * (1 - part) + (knots[low + 1] as number) * part;
  }
  return logits;
}

/** Index of the knot at or below sample `k` of `length`, and how far on to the next one it lies. */
export function knotOf(k: number, length: number, knots: number): { readonly low: number; readonly part: number } {
  const position = ((k - Math.floor(length / 2)) / length + 0.5) * (knots - 1);
  const low = Math.min(Math.floor(position), knots - 2);
  return { low, part: position - low };
}

/** exp(logit), the largest of them 1. */
export function weightsOf(logits: Float64Array): Float64Array {
  const most = logits.reduce((largest, value) => Math.max(largest, value), -Infinity);
  return logits.map((value) => Math.exp(value - most));
}

/**
 * Probabilities p = 1 − exp(−t·w), with t so that they sum to `count` < number of positive weights: as many exponential clocks
 * as there are samples, stopped when `count` of them have rung on average (Rosén 1997). This is what drawing without replacement
 * with weights w, as in training, comes to.
 */
export function inclusionProbabilities(weights: Float64Array, count: number): Float64Array {
  // The sum is concave in t, so that Newton's steps from below come ever closer and never pass the solution.
  let t = count / weights.reduce((sum, weight) => sum + weight, 0);
  for (let step = 0; step < MOST_STEPS; step++) {
    let [missing, slope] = [count, 0];
    for (const weight of weights) {
      const left = Math.exp(-weight * t);
      missing -= 1 - left;
      slope += weight * left;
    }
    const next = t + missing / slope;
    if (!(next > t * (1 + PRECISION))) break;
    t = next;
  }
  return weights.map((weight) => -Math.expm1(-weight * t));
}
