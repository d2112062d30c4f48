/** Classical methods at their best: λ and coil maps chosen per image *with* the reference, which no user has. */
import type { StepCall } from '../../src/pipeline/document.ts';
import { bestLambda, type LambdaRange } from './best-lambda.ts';
import type { Place, Score, Scorer } from './scorer.ts';
import type { Setting } from './settings.ts';

export interface Baseline {
  readonly score: Score;
  /** What was chosen. */
  readonly lambda: number;
  readonly maps: string;
  /** The best of all candidates against the root-sum-of-squares, which may be another one. */
  readonly bestRss: Score['rss'];
}

const LOW_RESOLUTION = 'low-resolution';
const MAPS: Readonly<Record<string, StepCall['params']>> = {
  [LOW_RESOLUTION]: { maps: 'low-resolution' },
  'ESPIRiT, uncropped': { maps: 'espirit', mapCrop: 0 },
  'ESPIRiT, cropped': { maps: 'espirit', mapCrop: 0.8 },
};
/** dB behind at the λ of other maps; a λ of their own gains less than that. */
const HOPELESS = 0.3;

interface Regularised {
  readonly name: 'l1-wavelet' | 'tv';
  readonly range: LambdaRange;
  params(setting: Setting): StepCall['params'];
  /** The best is run once more for as many steps, where more than the default may serve it. */
  readonly longer?: number;
}

/** Ranges are those of the steps. */
export const L1_WAVELET: Regularised = {
  name: 'l1-wavelet',
  range: { start: 0.004, low: 0.0005, high: 0.02 },
  params: ({ spread }) => ({ wavelet: spread === 'points' ? 'db4' : 'haar' }),
};
export const TOTAL_VARIATION: Regularised = { name: 'tv', range: { start: 0.002, low: 0.0002, high: 0.02 }, params: () => ({}), longer: 120 };

interface Candidate {
  readonly maps: string;
  readonly lambda: number;
  readonly score: Score;
}

/** The best λ with low-resolution maps; then of ESPIRiT's, cropped or not, those that do better at that λ, with a λ of their own. More steps for the best, where they may help. */
export async function baseline(scorer: Pick<Scorer, 'classical'>, { name, range, params, longer }: Regularised, place: Place, setting: Setting): Promise<Baseline> {
  const attempt = (maps: string, more: StepCall['params'] = {}) => async (lambda: number): Promise<Candidate> => {
    const call = { name, params: { ...params(setting), ...MAPS[maps], lambda, ...more } };
    return { maps, lambda, score: await scorer.classical(place, setting.pattern, call) };
  };
  const search = async (maps: string, start: number): Promise<Candidate[]> => (await bestLambda(attempt(maps), ({ score }) => score.psnr, { ...range, start })).map(({ result }) => result);
  const candidates = await search(LOW_RESOLUTION, range.start);
  const { lambda: start, score: first } = best(candidates);
  const others: Candidate[] = [];
  for (const maps of Object.keys(MAPS)) if (maps !== LOW_RESOLUTION) others.push(await attempt(maps)(start));
  candidates.push(...others);
  const promising = best(others);
  if (promising.score.psnr > first.psnr - HOPELESS) candidates.push(...(await search(promising.maps, start)));
  if (longer !== undefined) candidates.push(await attempt(best(candidates).maps, { iterations: longer })(best(candidates).lambda));
  const { maps, lambda, score } = best(candidates);
  const bestRss = candidates.map((candidate) => candidate.score.rss).reduce((a, b) => (b.psnr > a.psnr ? b : a));
  return { score, lambda, maps, bestRss };
}

const best = (candidates: readonly Candidate[]): Candidate => candidates.reduce((a, b) => (b.score.psnr > a.score.psnr ? b : a));
