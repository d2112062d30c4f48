/** Rows of all classical methods of a setting. */
import { baseline, L1_WAVELET, TOTAL_VARIATION } from './baselines.ts';
import type { DevelopmentCase } from './development-set.ts';
import { type FigureRow, type MeasuredRow, rounded } from './figures.ts';
import type { Place, Score, Scorer } from './scorer.ts';
import type { Setting } from './settings.ts';

export const METHODS = { zeroFilled: 'zero-filled', sense: 'SENSE', l1: 'L1-wavelet, best λ', tv: 'TV, best λ' } as const;

export async function classicalRows(scorer: Scorer, setting: Setting, place: Place): Promise<readonly FigureRow[]> {
  const plain = async (method: string, name: string): Promise<FigureRow> => rowOf(setting, place, method, await scorer.classical(place, setting.pattern, { name, params: {} }));
  const rows = [await plain(METHODS.zeroFilled, 'zero-filled'), await plain(METHODS.sense, 'sense')];
  for (const [method, solver] of [[METHODS.l1, L1_WAVELET], [METHODS.tv, TOTAL_VARIATION]] as const) {
    if (solver === TOTAL_VARIATION && setting.pattern.name === 'radial') continue;
    const { score, lambda, maps, bestRss } = await baseline(scorer, solver, place, setting);
    rows.push({ ...rowOf(setting, place, method, { ...score, rss: bestRss }), choice: `λ ${lambda}, ${maps} maps` });
  }
  return rows;
}

export function rowOf(setting: Pick<Setting, 'id'>, { item, slice }: Place, method: string, score: Pick<Score, 'psnr' | 'ssim' | 'nmse' | 'rss'>): FigureRow {
  return { setting: setting.id, data: item.name, slice, method, ...rounded(score), rss: rounded(score.rss) };
}

/** What a least-squares fit leaves of the samples of a recording that has no reference. */
export async function senseResidual(scorer: Scorer, item: DevelopmentCase): Promise<MeasuredRow> {
  return residualOf(scorer, item, METHODS.sense, { name: 'sense', params: {} });
}

export async function residualOf(scorer: Scorer, item: DevelopmentCase, method: string, call: { readonly name: string; readonly params: Record<string, string | number | boolean> }): Promise<MeasuredRow> {
  const place = { item, slice: 0 };
  const { residual } = await scorer.reconstruct(place, await scorer.document(place, { name: 'full', params: {} }, call));
  if (residual === undefined) throw new Error(`${method} states no residual of ${item.name}.`);
  return { data: item.name, method, residual: Number(residual.toPrecision(4)) };
}
