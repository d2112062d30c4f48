/** Coil maps from a larger centre of k-space than was acquired: what is missing there is filled in by a first reconstruction. */
import type { NdArray } from '../array/nd-array.ts';
import { coils } from '../operators/coils.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { fft2c } from '../transform/fft.ts';
import { type CalibrationBlock, estimateMaps } from './coil-maps.ts';

/** Side of the centre, in samples of the delivered field of view: reference images are combined with maps of such a centre. */
const SIDE = 32;

export interface FilledCentre {
  /** [coil, row, column]; samples where `measured` says so are kept. */
  readonly kspace: NdArray<'complex64'>;
  measured(row: number, column: number): boolean;
  /** Delivered image size: a larger matrix has proportionally more samples across the same centre. */
  readonly output: { readonly rows: number; readonly columns: number };
}

/** Whether a calibration block is smaller, either way, than the centre that `refinedMaps` looks at: else those maps would only be coarser. */
export function canRefine(block: CalibrationBlock, matrix: readonly [rows: number, columns: number], output: FilledCentre['output']): boolean {
  const length = ([start, end]: readonly [number, number]): number => end - start;
  return block.rows < length(around(matrix[0], output.rows)) || block.columns < length(around(matrix[1], output.columns));
}

/** Maps [coil, row, column] from measured samples and, between them, F·S·image. */
export function refinedMaps(image: NdArray<'complex64'>, maps: NdArray<'complex64'>, { kspace, measured, output }: FilledCentre): NdArray<'complex64'> {
  const [count, rows, columns] = maps.shape as [number, number, number];
  const predicted = coils(maps).apply(image);
  fft2c(predicted, predicted);
  const centre = { rows: around(rows, output.rows), columns: around(columns, output.columns) };
  for (let r = centre.rows[0]; r < centre.rows[1]; r++) {
    for (let c = centre.columns[0]; c < centre.columns[1]; c++) {
      if (!measured(r, c)) continue;
      for (let coil = 0; coil < count; coil++) {
        const at = 2 * ((coil * rows + r) * columns + c);
        predicted.data[at] = kspace.data[at] as number;
        predicted.data[at + 1] = kspace.data[at + 1] as number;
      }
    }
  }
  return estimateMaps(predicted, centre);
}

function around(n: number, delivered: number): SamplingPattern['centre']['rows'] {
  const half = Math.round((SIDE / 2) * (n / Math.min(n, delivered)));
  return [Math.max(0, Math.floor(n / 2) - half), Math.min(n, Math.floor(n / 2) + half)];
}
