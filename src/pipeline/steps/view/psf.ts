import { z } from 'zod';
import { ndArray, zeros, type NdArray } from '../../../array/nd-array.ts';
import type { Trajectory } from '../../../array/trajectory.ts';
import { keptReadouts } from '../../../mri/along-trajectory.ts';
import { densityOf, gridded } from '../../../mri/noncartesian-gridding.ts';
import { cartesianPointSpread, maskAlong, pointSpreadNumbers, type AxisSamples } from '../../../mri/point-spread.ts';
import { defineView, type ViewInput } from '../../step.ts';

export default defineView({
  name: 'psf',
  title: 'Point-spread function',
  help: 'What a single bright point becomes under the pattern, in decibels: regular patterns give few high side lobes, random ones many low ones.',
  reference: 'Lustig, Donoho and Pauly, Sparse MRI, Magn Reson Med 2007;58:1182',
  accepts: 'any',
  of: 'pattern',
  params: z.object({
    floor: z.number().min(-120).max(-10).default(-60).describe('Decibels from the main lobe that are shown black.').meta({ title: 'Floor', unit: 'dB', step: 5 }),
  }),
  async *run(input, { floor }, { cache }) {
    yield { iteration: 0, iterations: 1 };
    const { psf, along, lines } = spread(input, cache);
    const { width, sideLobe, at, incoherence } = pointSpreadNumbers(psf, along, lines);
    const numbers = [
      { label: 'FWHM ↕', value: width.rows, unit: 'px' },
      { label: 'FWHM ↔', value: width.columns, unit: 'px' },
      { label: 'Side lobe', value: sideLobe, unit: 'dB' },
      { label: 'at ↕', value: at.rows, unit: 'px' },
      { label: 'at ↔', value: at.columns, unit: 'px' },
      { label: 'Side lobes, RMS', value: incoherence, unit: '' },
    ];
    const silent = !Number.isFinite(sideLobe);
    return {
      images: inDecibels(psf, 2 * floor),
      labels: ['Point-spread function'],
      space: 'offset',
      colormap: 'viridis',
      unit: 'dB',
      range: [floor, 0],
      // Without side lobes there is none to describe.
      numbers: silent ? numbers.slice(0, 2) : numbers,
      notes: [LEGEND, ...(silent ? ['No side lobes: every sample of the grid is kept.'] : []), ...(lines ? ['Lines spread a point across only; the numbers are along that row.'] : [])],
    };
  },
});

const LEGEND =
  'FWHM: full width of the main lobe at half its height, down (↕) and across (↔). Side lobe: the highest one and where it lies from the middle; RMS is of everything outside the main lobe, as a share of its height.';

interface Spread {
  /** [row, column] */
  readonly psf: NdArray<'complex64'>;
  readonly along: { readonly rows: AxisSamples; readonly columns: AxisSamples };
  readonly lines: boolean;
}

function spread({ pattern, series }: ViewInput, cache: Map<string, unknown>): Spread {
  if (pattern.trajectory !== undefined) return alongTrajectory(pattern.trajectory, cache);
  if (series.trajectory === undefined) return { psf: cartesianPointSpread(pattern), along: maskAlong(pattern), lines: pattern.kind === 'lines' };
  const nothing = zeros('complex64', [1, pattern.rows, pattern.columns]);
  return alongTrajectory(keptReadouts(nothing, series.trajectory, pattern).trajectory, cache);
}

/** Density-compensated adjoint NUFFT of ones, on the grid of the trajectory. */
function alongTrajectory(trajectory: Trajectory, cache: Map<string, unknown>): Spread {
  const [samples, readouts] = trajectory.points.shape as [number, number, number];
  const weight = densityOf(trajectory, cache);
  const ones = ndArray('complex64', [1, samples, readouts], Float32Array.from({ length: 2 * samples * readouts }, (_, i) => 1 - (i % 2)));
  const { rows, columns } = trajectory.matrix;
  const { data } = gridded(ones, trajectory, weight);
  const axis = (length: number, part: number): AxisSamples => ({ length, k: Float32Array.from(weight, (_, m) => trajectory.points.data[2 * m + part] as number), weight });
  return { psf: ndArray('complex64', [rows, columns], data), along: { rows: axis(rows, 0), columns: axis(columns, 1) }, lines: false };
}

function inDecibels({ shape, data }: NdArray<'complex64'>, floor: number): NdArray<'float32'> {
  const [rows, columns] = shape as [number, number];
  const out = zeros('float32', [1, rows, columns]);
  let top = 0;
  for (let i = 0; i < out.data.length; i++) {
    out.data[i] = Math.hypot(data[2 * i] as number, data[2 * i + 1] as number);
    top = Math.max(top, out.data[i] as number);
  }
  for (let i = 0; i < out.data.length; i++) out.data[i] = Math.max(floor, 20 * Math.log10(Math.max(1e-12, (out.data[i] as number) / top)));
  return out;
}
