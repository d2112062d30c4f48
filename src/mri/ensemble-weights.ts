/**
 * How the components of an ensemble make up the error. Fitted on training volumes by test/evaluation/fit-trust.ts, which writes the
 * part between the marks. The exponents are those of all networks together, so that one that was trained anew keeps them; the level
 * is each network's own.
 */

/** Error = level · spread^a · made^b · mirrored^c, all as shares of the image's level. */
export interface EnsembleWeights {
  readonly level: number;
  readonly spread: number;
  readonly made: number;
  readonly mirrored: number;
}

// fitted: from here
export const EXPONENTS: Omit<EnsembleWeights, 'level'> = { spread: 0.17, made: 0.46, mirrored: 0.38 };
export const LEVELS: Readonly<Record<string, number>> = { 'unrolled-s': 2.22, 'unrolled-m': 1.95 };
// fitted: to here

/** Whether the level of a network was fitted, or is the geometric mean of the others. */
export function weightsOf(model: string): { readonly weights: EnsembleWeights; readonly fitted: boolean } {
  const own = LEVELS[model];
  const known = Object.values(LEVELS);
  const usual = Math.exp(known.reduce((sum, level) => sum + Math.log(level), 0) / known.length);
  return { weights: { ...EXPONENTS, level: own ?? usual }, fitted: own !== undefined };
}
