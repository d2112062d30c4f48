import { z } from 'zod';
import { centreCrop, type NdArray, zeros } from '../../../array/nd-array.ts';
import { LacunaError } from '../../../errors.ts';
import type { MriMeasurement } from '../../../mri/measurement.ts';
import { densityOf, gridded } from '../../../mri/noncartesian-gridding.ts';
import { rootSumOfSquares } from '../../../mri/root-sum-of-squares.ts';
import type { SamplingPattern } from '../../../sampling/pattern.ts';
import { ifft2c } from '../../../transform/fft.ts';
import { defineView } from '../../step.ts';

/** More lines than any scan has: the default reaches to the last one. */
const END = 65_535;
const index = (name: string, help: string, fallback: number) => z.int().min(0).max(END).default(fallback).describe(help).meta({ title: name, step: 1 });

export default defineView({
  name: 'line-contribution',
  title: 'Contribution of lines',
  help: 'What the chosen samples alone make of the image, and what the others make, by the linear zero-filled path.',
  accepts: 'any',
  of: 'measurement',
  params: z.object({
    first: index('First line', 'First k-space line (column) of the selection, from 0; along a trajectory, first readout.', 0),
    last: index('Last line', 'Last line of the selection, included; beyond the end means the end.', END),
    firstRow: index('First row', 'First row of the selection, for a rectangle of points; along a trajectory, first sample of each readout.', 0),
    lastRow: index('Last row', 'Last row of the selection, included.', END),
  }),
  async *run(input, { first, last, firstRow, lastRow }, { cache }) {
    if (first > last || firstRow > lastRow) {
      throw new LacunaError('usage.invalid', 'The selection ends before it begins.', { field: first > last ? 'last' : 'lastRow' });
    }
    yield { iteration: 0, iterations: 1 };
    const measurement = await input.measurement();
    const columns = chosenColumns(measurement, first, last);
    const { inside, outside, share } = split(measurement.kspace, columns, [firstRow, lastRow]);
    const { output } = input.series;
    const images = zeros('float32', [2, output.rows, output.columns]);
    for (const [i, part] of [inside, outside].entries()) {
      images.data.set(centreCrop(rootSumOfSquares(coilImages(part, measurement, cache)), output.rows, output.columns).data, i * output.rows * output.columns);
    }
    return {
      images,
      labels: ['Selected samples', 'All others'],
      space: 'image',
      colormap: 'grey',
      unit: '',
      numbers: [
        { label: 'Samples selected', value: share.samples * 100, unit: '%' },
        { label: 'Energy selected', value: share.energy * 100, unit: '%' },
      ],
      notes: ['Coil images of the two add up to those of all samples; their root-sum-of-squares need not.'],
    };
  },
});

/** Which columns of `measurement.kspace` are selected. Along a trajectory of a recording it holds the readouts that were kept, one after another. */
function chosenColumns({ kspace, pattern, trajectory }: MriMeasurement, first: number, last: number): Uint8Array {
  const width = kspace.shape[2] as number;
  const recorded = trajectory !== undefined && pattern.kind === 'lines' ? keptColumns(pattern) : null;
  return Uint8Array.from({ length: width }, (_, i) => {
    const column = recorded?.[i] ?? i;
    return column >= first && column <= last ? 1 : 0;
  });
}

function keptColumns({ mask }: SamplingPattern): number[] {
  return [...mask.keys()].filter((column) => mask[column] !== 0);
}

interface Parts {
  readonly inside: NdArray<'complex64'>;
  readonly outside: NdArray<'complex64'>;
  /** 0–1: of the samples that were measured, and of their energy. */
  readonly share: { readonly samples: number; readonly energy: number };
}

function split(kspace: NdArray<'complex64'>, columns: Uint8Array, [firstRow, lastRow]: readonly [number, number]): Parts {
  const [coils, rows, width] = kspace.shape as [number, number, number];
  const inside = zeros('complex64', kspace.shape);
  const outside = zeros('complex64', kspace.shape);
  const count = [0, 0] as [number, number];
  const energy = [0, 0] as [number, number];
  for (let line = 0; line < coils * rows; line++) {
    const row = line % rows;
    const within = row >= firstRow && row <= lastRow;
    for (let column = 0; column < width; column++) {
      const i = 2 * (line * width + column);
      const [re, im] = [kspace.data[i] as number, kspace.data[i + 1] as number];
      if (re === 0 && im === 0) continue;
      const chosen = within && columns[column] !== 0;
      const target = chosen ? inside : outside;
      target.data[i] = re;
      target.data[i + 1] = im;
      count[chosen ? 1 : 0]++;
      energy[chosen ? 1 : 0] += re * re + im * im;
    }
  }
  const share = ([others, chosen]: readonly [number, number]) => (others + chosen === 0 ? 0 : chosen / (others + chosen));
  return { inside, outside, share: { samples: share(count), energy: share(energy) } };
}

/** The same weights for every selection: the path stays linear. */
function coilImages(kspace: NdArray<'complex64'>, { trajectory }: MriMeasurement, cache: Map<string, unknown>): NdArray<'complex64'> {
  return trajectory === undefined ? ifft2c(kspace) : gridded(kspace, trajectory, densityOf(trajectory, cache));
}
