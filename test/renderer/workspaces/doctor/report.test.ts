import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/array/read-options.ts';
import type { RecordingSummary, SeriesSummary } from '../../../../src/host/contract.ts';
import { acquisitionRows, openFindings, reportText, sortedFindings } from '../../../../renderer/workspaces/doctor/report.ts';
import { withAxes, withFix } from '../../../../renderer/workspaces/doctor/raw-data.svelte.ts';

const finding = (id: string, severity: Finding['severity'], applied?: boolean): Finding => ({
  id, severity, field: `header/${id}`, stated: 'It says 1.', found: 'There are 2.', remedy: 'Two were read.',
  ...(applied === undefined ? {} : { fix: { title: 'Read two', applied } }),
});
const series = {
  id: 'k', title: 'k-space', domain: 'kspace', dtype: 'complex64', slices: 1, coils: 4, rows: 64, columns: 32, output: { rows: 32, columns: 32 }, fullySampled: false,
  axes: [{ name: 'coil', length: 4 }, { name: 'row', length: 64, spacing: 1.5 }, { name: 'column', length: 32 }],
  prepare: [{ name: 'prewhiten', refusal: 'There is no noise scan.', suggested: false }, { name: 'compress', refusal: null, suggested: true }],
  attributes: [{ label: 'TR', value: '50 ms' }],
} as unknown as SeriesSummary;

describe('findings', () => {
  const all = [finding('a', 'info'), finding('b', 'warning', true), finding('c', 'error'), finding('d', 'warning', false)];

  it('come gravest first', () => {
    expect(sortedFindings(all).map(({ id }) => id)).toEqual(['c', 'b', 'd', 'a']);
  });

  it('ask for a look unless they are notes or mended', () => {
    expect(openFindings(all).map(({ id }) => id)).toEqual(['c', 'd']);
  });
});

it('says how the series was measured', () => {
  const rows = Object.fromEntries(acquisitionRows(series, (name) => name).map(({ label, value }) => [label, value]));
  expect(rows).toEqual({
    Holds: 'k-space, complex values', Axes: 'coil 4, row 64 (1.5 mm), column 32', Image: '32 × 32', Samples: 'on a grid, not all acquired',
    prewhiten: 'There is no noise scan.', compress: 'possible, and on by default',
  });
});

it('writes it all as text', () => {
  const recording = { name: 'a.dat', format: 'twix', findings: [finding('b', 'warning', true)], warnings: ['One noise scan.'], series: [series] } as unknown as RecordingSummary;
  expect(reportText(recording, (name) => name)).toContain('WARNING  header/b\n  stated: It says 1.\n  found:  There are 2.\n  remedy: Two were read.\n  fix:    Read two (applied)\n');
  expect(reportText(recording, (name) => name)).toMatch(/Note: One noise scan\.[\s\S]*TR: 50 ms/);
  expect(reportText({ ...recording, findings: [] }, (name) => name)).toContain('Nothing contradicts the data.');
});

describe('read options', () => {
  it('gain and lose a fix, and keep the rest', () => {
    expect(withFix({ domains: { a: 'image' }, fixes: ['x'] }, 'y', true)).toEqual({ domains: { a: 'image' }, fixes: ['x', 'y'] });
    expect(withFix({ fixes: ['x', 'y'] }, 'x', false)).toEqual({ fixes: ['y'] });
    expect(withFix(undefined, 'y', true)).toEqual({ fixes: ['y'] });
  });

  it('name the axes of one series and leave the others', () => {
    expect(withAxes({ axes: { b: ['row', 'column'] } }, 'a', ['column', 'row'], 'kspace')).toEqual({ axes: { b: ['row', 'column'], a: ['column', 'row'] }, domains: { a: 'kspace' } });
  });
});
