import { describe, expect, it } from 'vitest';
import { centreCrop, type NdArray, subArray, zeros } from '../../src/array/nd-array.ts';
import { MIRRORS, mirrorBack, mirrorMeasurement } from '../../src/mri/ensemble-mirrors.ts';
import type { MriMeasurement } from '../../src/mri/measurement.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { ifft2c } from '../../src/transform/fft.ts';
import { keep } from '../../src/mri/ensemble-members.ts';

function scan(rows: number, columns: number, kind: 'lines' | 'points', output = { rows, columns }): MriMeasurement {
  const length = kind === 'lines' ? columns : rows * columns;
  const mask = Uint8Array.from({ length }, (_, i) => {
    const [r, c] = [Math.floor(i / columns) - (rows >> 1), (i % columns) - (columns >> 1)];
    return i % 3 === 0 || (Math.abs(c) < 3 && (kind === 'lines' || Math.abs(r) < 3)) ? 1 : 0;
  });
  const pattern = describePattern({ kind, rows, columns, mask });
  const kspace = zeros('complex64', [2, rows, columns]);
  for (let i = 0; i < kspace.data.length; i++) kspace.data[i] = Math.sin(1.7 * i) + Math.cos(0.3 * i * i);
  return { kspace: keep(kspace, mask), pattern, output };
}
const imageOf = ({ kspace, output }: MriMeasurement): NdArray<'complex64'> => centreCrop(subArray(ifft2c(kspace), 1), output.rows, output.columns);
const largest = (a: NdArray<'complex64'>, b: NdArray<'complex64'>): number => a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - (b.data[i] as number))), 0);

describe.each(MIRRORS)('mirrored rows: $rows, columns: $columns', (mirror) => {
  it.each([[16, 12], [9, 12], [8, 15], [7, 11]] as const)('%i×%i: the image of the mirrored samples is the mirror image', (rows, columns) => {
    for (const kind of ['lines', 'points'] as const) {
      const measurement = scan(rows, columns, kind);
      const mirrored = mirrorMeasurement(measurement, mirror);
      expect(largest(mirrorBack(imageOf(mirrored), mirror, measurement.pattern, zeros('complex64', [rows, columns])), imageOf(measurement))).toBeLessThan(1e-5);
      // What the pattern says is what the samples are.
      expect(largest(keep(mirrored.kspace, mirrored.pattern.mask), mirrored.kspace)).toBe(0);
      expect(mirrored.pattern.mask.reduce((sum, flag) => sum + flag, 0)).toBe(measurement.pattern.kept);
    }
  });

  it('keeps the fully sampled centre fully sampled', () => {
    for (const [rows, columns] of [[16, 12], [9, 15]] as const) {
      const { pattern } = mirrorMeasurement(scan(rows, columns, 'points'), mirror);
      const [top, bottom] = pattern.centre.rows;
      const [left, right] = pattern.centre.columns;
      expect(Math.min(bottom - top, right - left)).toBeGreaterThanOrEqual(5);
      for (let r = top; r < bottom; r++) for (let c = left; c < right; c++) expect(pattern.mask[r * columns + c]).toBe(1);
    }
  });

  it('lays a cropped image over the cropped image, and takes an edge without a partner from that', () => {
    for (const [rows, columns, output] of [[16, 15, { rows: 10, columns: 8 }], [15, 16, { rows: 8, columns: 9 }]] as const) {
      const measurement = scan(rows, columns, 'lines', output);
      const wanted = imageOf(measurement);
      expect(largest(mirrorBack(imageOf(mirrorMeasurement(measurement, mirror)), mirror, measurement.pattern, wanted), wanted)).toBeLessThan(1e-4);
    }
  });
});
