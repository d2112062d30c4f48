/** The predicted error of a network in words and tables, for its card and the benchmarks. */
import { markdown, mean } from './tables.ts';
import { TRUST_BAR, type TrustFigure } from './trust-figures.ts';

const INTRODUCTION = `
The view “Predicted error” against the true error, rank correlation (Spearman) inside the object; air is left out on both sides, since it would make
the figures better. What is predicted, and judged, is the root-mean-square error under a window of 7 pixels; of single pixels the same
prediction tells little, since errors oscillate. The weights were fitted on training slices. True over predicted is that of the whole object.`;

/** Table and verdict; empty where nothing was measured. */
export function trustText(rows: readonly TrustFigure[]): string {
  return rows.length === 0 ? '' : `${INTRODUCTION.trim()}\n\n${trustTable(rows)}\n\n${trustVerdict(rows)}`;
}

export function trustTable(rows: readonly TrustFigure[]): string {
  const rates = [...new Set(rows.map(({ acceleration }) => acceleration))];
  const cells = (own: readonly TrustFigure[]): readonly string[] =>
    rates.flatMap((rate) => {
      const of = own.filter(({ acceleration }) => acceleration === rate);
      if (of.length === 0) return ['–', '–', '–'];
      const lowest = of.length > 1 ? ` (lowest ${Math.min(...of.map(({ rank }) => rank)).toFixed(2)})` : '';
      return [`${mean(of.map(({ rank }) => rank)).toFixed(2)}${lowest}`, mean(of.map(({ rankAlone }) => rankAlone)).toFixed(2), mean(of.map(({ level }) => level)).toFixed(2)];
    });
  const data = [...new Set(rows.map((row) => row.data))];
  const lines = data.map((name) => {
    const own = rows.filter((row) => row.data === name);
    return [`${name} (${new Set(own.map(({ slice }) => slice)).size})`, ...cells(own)];
  });
  return markdown(['data (slices)', ...rates.flatMap((rate) => [`ρ, R = ${rate}`, 'of single pixels', 'true / predicted'])], [...lines, ['all slices', ...cells(rows)]]);
}

export function trustVerdict(rows: readonly TrustFigure[]): string {
  const missed = rows.filter(({ rank }) => !(rank >= TRUST_BAR));
  const where = [...new Set(missed.map(({ data }) => data))];
  return `ρ reaches ${TRUST_BAR} on ${rows.length - missed.length} of ${rows.length}${missed.length === 0 ? '' : `; not on ${where.join(', ')}`}. Lowest ${Math.min(...rows.map(({ rank }) => rank)).toFixed(2)}, mean ${mean(rows.map(({ rank }) => rank)).toFixed(2)}.`;
}
