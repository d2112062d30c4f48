/** Figures as Markdown: the same tables in cards and in the benchmarks. */
import { METHODS } from './classical.ts';
import type { FigureRow, MeasuredRow } from './figures.ts';
import type { Setting } from './settings.ts';

const BASELINES: readonly string[] = [METHODS.l1, METHODS.tv];

/** One slice: the model's row, and what the better of the tuned classical methods reached. */
export interface Duel {
  readonly own: FigureRow;
  readonly zeroFilled: FigureRow;
  readonly l1: FigureRow;
  /** The better of L1-wavelet and TV, in each figure. */
  readonly psnr: number;
  readonly ssim: number;
}

/** Slices of a setting that the model and the classical methods all have. */
export function duels(rows: readonly FigureRow[], method: string, setting: string): readonly Duel[] {
  const found: Duel[] = [];
  for (const own of rows) {
    if (own.method !== method || own.setting !== setting) continue;
    const same = rows.filter((row) => row.setting === setting && row.data === own.data && row.slice === own.slice);
    const [zeroFilled, l1] = [METHODS.zeroFilled, METHODS.l1].map((name) => same.find((row) => row.method === name));
    if (zeroFilled === undefined || l1 === undefined) continue;
    const classical = same.filter((row) => BASELINES.includes(row.method));
    found.push({ own, zeroFilled, l1, psnr: Math.max(...classical.map((row) => row.psnr)), ssim: Math.max(...classical.map((row) => row.ssim)) });
  }
  return found;
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** `+2.31`, `−0.40`. */
export const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

/** A table a setting, PSNR dB / SSIM, averaged over slices. */
export function settingTable(setting: Setting, rows: readonly FigureRow[], methods: readonly string[]): string {
  const own = rows.filter((row) => row.setting === setting.id);
  const present = methods.filter((method) => own.some((row) => row.method === method));
  const data = [...new Set(own.map((row) => row.data))];
  const lines = data.map((name) => [`${name} (${new Set(own.filter((row) => row.data === name).map((row) => row.slice)).size})`, ...cells(own.filter((row) => row.data === name), present)]);
  const table = markdown(['data (slices)', ...present], [...lines, ['all slices', ...cells(own, present)]]);
  return setting.slicesEach === undefined ? table : `${table}\n\n${setting.slicesEach === 1 ? 'One slice' : `${setting.slicesEach} slices`} of each data set: networks take much longer here than along lines.`;
}

/** Means over all slices against the root-sum-of-squares, a line a setting. */
export function rssTable(settings: readonly Setting[], rows: readonly FigureRow[], methods: readonly string[]): string {
  const lines = settings.map(({ id, title }) => {
    const own = rows.filter((row) => row.setting === id).map((row) => ({ ...row, ...row.rss }));
    return [title, ...cells(own, methods)];
  });
  return markdown(['pattern', ...methods], lines);
}

export function measuredTable(measured: readonly MeasuredRow[], methods: readonly string[]): string {
  const data = [...new Set(measured.map((row) => row.data))];
  const cell = (name: string, method: string): string => measured.find((row) => row.data === name && row.method === method)?.residual.toFixed(4) ?? '–';
  return markdown(['recording', ...methods], data.map((name) => [name, ...methods.map((method) => cell(name, method))]));
}

/** How the model stands against the better classical method of each slice, in a sentence. */
export function verdict(found: readonly Duel[]): string {
  if (found.length === 0) return 'Not measured.';
  const gains = found.map(({ own, psnr }) => own.psnr - psnr);
  const wins = found.filter(({ own, ssim }) => own.ssim > ssim).length;
  const above = gains.filter((gain) => gain > 0).length;
  return (
    `Against the better of L1-wavelet and TV on each slice: PSNR ${signed(mean(gains))} dB in the mean (${signed(Math.min(...gains))} to ${signed(Math.max(...gains))}), ` +
    `higher on ${above} of ${found.length} slices; SSIM higher on ${wins} of ${found.length}.`
  );
}

function cells(rows: readonly FigureRow[], methods: readonly string[]): string[] {
  return methods.map((method) => {
    const own = rows.filter((row) => row.method === method);
    return own.length === 0 ? '–' : `${mean(own.map((row) => row.psnr)).toFixed(2)} / ${mean(own.map((row) => row.ssim)).toFixed(3)}`;
  });
}

export function markdown(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cellsOfLine: readonly string[]): string => `| ${cellsOfLine.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...lines.map(line)].join('\n');
}
