/** What an unrolled network is asked to reach, and what it reached. */
import { METHODS } from './classical.ts';
import type { FigureRow, MeasuredRow } from './figures.ts';
import { BAR_SETTINGS, PATTERN_KINDS, type Setting } from './settings.ts';
import { duels, mean, signed } from './tables.ts';
import { TRUST_BAR, type TrustFigure } from './trust-figures.ts';

export interface Bar {
  readonly what: string;
  readonly bar: string;
  readonly found: string;
  /** Null where not everything that it takes was measured. */
  readonly met: boolean | null;
}

export function bars(rows: readonly FigureRow[], measured: readonly MeasuredRow[], method: string, settings: readonly Setting[], trust: readonly TrustFigure[] = []): readonly Bar[] {
  const title = (id: string): string => settings.find((setting) => setting.id === id)?.title ?? id;
  return [
    ...Object.entries(BAR_SETTINGS).flatMap(([id, wanted]) => accuracy(rows, method, id, title(id), wanted)),
    ...robustness(rows, method, title),
    ...consistency(measured, method),
    ...trustworthiness(trust),
  ];
}

function accuracy(rows: readonly FigureRow[], method: string, id: string, title: string, wanted: number): Bar[] {
  const found = duels(rows, method, id);
  if (found.length === 0) return [];
  const gains = found.map(({ own, psnr }) => own.psnr - psnr);
  const data = [...new Set(found.map(({ own }) => own.data))];
  const each = data.map((name) => `${name} ${signed(mean(gains.filter((_, i) => found[i]?.own.data === name)))}`);
  const wins = found.filter(({ own, ssim }) => own.ssim > ssim).length;
  return [
    { what: `${title}: PSNR against the better of L1-wavelet and TV`, bar: `≥ ${signed(wanted)} dB`, found: `${signed(mean(gains))} dB (${each.join(', ')})`, met: mean(gains) >= wanted },
    { what: `${title}: SSIM against the better of both`, bar: 'higher on every slice', found: `on ${wins} of ${found.length}`, met: wins === found.length },
  ];
}

function robustness(rows: readonly FigureRow[], method: string, title: (id: string) => string): Bar[] {
  const kinds = PATTERN_KINDS.map((id) => ({ id, found: duels(rows, method, id) })).filter(({ found }) => found.length > 0);
  if (kinds.length === 0) return [];
  const complete = kinds.length === PATTERN_KINDS.length;
  const below = kinds.flatMap(({ id, found }) => found.filter(({ own, zeroFilled }) => own.psnr < zeroFilled.psnr).map(({ own }) => `${title(id)}, ${own.data}, slice ${own.slice}`));
  const compared = kinds.map(({ id, found }) => ({ id, gain: mean(found.map(({ own, l1 }) => own.psnr - l1.psnr)) }));
  const better = compared.filter(({ gain }) => gain >= 0).length;
  return [
    { what: `${PATTERN_KINDS.length} kinds of patterns: PSNR against zero-filled`, bar: 'never below', found: below.length === 0 ? 'never below' : `below on ${below.join('; ')}`, met: below.length > 0 ? false : complete ? true : null },
    {
      what: `${PATTERN_KINDS.length} kinds of patterns: PSNR against L1-wavelet at its best λ`,
      bar: '≥ on 4 of 5',
      found: `≥ on ${better} of ${kinds.length} (${compared.map(({ id, gain }) => `${title(id)} ${signed(gain)} dB`).join('; ')})`,
      met: complete ? better >= 4 : null,
    },
  ];
}

function consistency(measured: readonly MeasuredRow[], method: string): Bar[] {
  return measured
    .filter((row) => row.method === method)
    .flatMap(({ data, residual }) => {
      const sense = measured.find((row) => row.data === data && row.method === METHODS.sense)?.residual;
      if (sense === undefined) return [];
      return [{ what: `${data}: residual on the samples`, bar: `≤ that of SENSE, ${sense.toFixed(4)}`, found: residual.toFixed(4), met: residual <= sense }];
    });
}

function trustworthiness(trust: readonly TrustFigure[]): Bar[] {
  if (trust.length === 0) return [];
  const ranks = trust.map(({ rank }) => rank);
  const reached = ranks.filter((rank) => rank >= TRUST_BAR).length;
  return [{
    what: 'predicted error: rank correlation with the true error of a 7-pixel neighbourhood, inside the object',
    bar: `≥ ${TRUST_BAR} on every slice`,
    found: `on ${reached} of ${ranks.length} slices (mean ${mean(ranks).toFixed(2)}, lowest ${Math.min(...ranks).toFixed(2)})`,
    met: reached === ranks.length,
  }];
}
