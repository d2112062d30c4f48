/** The sweep's points as a table. */
import type { SweepPoint } from './sweep.svelte.ts';
import { metricOf } from './sweep.svelte.ts';

const METRICS = ['PSNR', 'SSIM', 'NMSE'] as const;

/** RFC 4180; one row a point, numbers with all their digits. */
export function sweepCsv(points: readonly SweepPoint[], slice: number): string {
  const cell = (value: string | number): string => {
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const head = ['method', 'parameters', 'slice', 'R nominal', 'R achieved', 'PSNR (dB)', 'SSIM', 'NMSE', 'reference', 'time (ms)'];
  const rows = points.map(({ method, nominal, achieved, metrics, ms }) => [
    method.name, JSON.stringify(method.params), slice + 1, nominal, achieved, ...METRICS.map((name) => metricOf(metrics, name) ?? ''), metrics.reference ?? '', ms,
  ]);
  return [head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
