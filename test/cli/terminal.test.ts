import { describe, expect, it } from 'vitest';
import { megabytes, metricCells, seconds, table } from '../../src/cli/terminal.ts';

describe('table', () => {
  it('aligns numbers right and words left', () => {
    expect(table(['method', 'PSNR'], [['sense', '9.5'], ['l1', '31.25']]).split('\n')).toEqual(['method   PSNR', '──────  ─────', 'sense     9.5', 'l1      31.25']);
  });
});

describe('words for numbers', () => {
  it('name units', () => {
    expect([seconds(12.4), seconds(1234), megabytes(2048), megabytes(3 * 2 ** 20)]).toEqual(['12 ms', '1.2 s', '2.0 KiB', '3.0 MiB']);
  });

  it('shows equal volumes as infinite and missing metrics as a dash', () => {
    const report = { values: [{ name: 'PSNR', value: Number.POSITIVE_INFINITY, unit: 'dB', better: 'higher' }], contract: '', dataRange: 1, shape: [1] } as const;
    expect(metricCells(report)).toEqual(['∞', '–', '–']);
    expect(metricCells(undefined)).toEqual(['–', '–', '–']);
  });
});
