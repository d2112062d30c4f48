/**
 * How the two variances of an ensemble make up the variance of the error, by model. Fitted on training volumes by
 * test/evaluation/fit-trust.ts, which writes the part between the marks; to be fitted again when a network changes.
 */

/** Variance of the error = spread · spread² + made · made² + floor, all relative to the image's level. */
export interface EnsembleWeights {
  readonly spread: number;
  readonly made: number;
  readonly floor: number;
}

// fitted: from here
export const ENSEMBLE_WEIGHTS: Readonly<Record<string, EnsembleWeights>> = {
  'unrolled-s': { spread: 0.157, made: 1.41, floor: 0.0000505 },
  'unrolled-m': { spread: 0.11, made: 1.45, floor: 3.39e-10 },
};

/** For networks that nobody fitted: the mean of the others. */
export const FALLBACK: EnsembleWeights = { spread: 0.134, made: 1.43, floor: 0.0000253 };
// fitted: to here
