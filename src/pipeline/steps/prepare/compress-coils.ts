import { z } from 'zod';
import type { NdArray } from '../../../array/nd-array.ts';
import type { AxisName, Series } from '../../../array/recording.ts';
import { type CoilCompression, findCoilCompression } from '../../../mri/coil-compression.ts';
import { combineChannels } from '../../../mri/combine-channels.ts';
import { definePrepare } from '../../step.ts';

/** Samples around the k-space centre that are looked at, each way: nearly all of the energy. */
const CENTRE = 48;
/** Axes along which the object stays where it is: those slices share their virtual coils, so that they can be reconstructed together. */
const SAME_PLACE: readonly AxisName[] = ['volume', 'echo', 'frame', 'average', 'set', 'segment'];

export default definePrepare({
  name: 'compress-coils',
  title: 'Coil compression',
  help: 'Turns the channels into the few combinations that hold most of the energy of the k-space centre, which makes every method faster.',
  reference: 'Huang et al., A software channel compression technique, Magn Reson Imaging 2008;26:133',
  order: 50,
  params: z.object({
    virtualCoils: z
      .int()
      .min(1)
      .max(64)
      .default(8)
      .describe('Channels to keep; recordings with no more stay as they are.')
      .meta({ title: 'Virtual coils', step: 1 }),
  }),
  refuses(series) {
    if (series.domain !== 'kspace') return 'Coil compression needs measured k-space.';
    return series.coils < 2 ? 'Coil compression needs at least two channels; this series has one.' : null;
  },
  suggested: () => false,
  async run(series, { virtualCoils }) {
    if (series.coils <= virtualCoils) return series;
    const known = new Map<number, Promise<CoilCompression>>();
    const compressionOf = (slice: number): Promise<CoilCompression> => {
      const first = firstAtPlace(series, slice);
      const found = known.get(first) ?? find(series, first, virtualCoils);
      known.set(first, found);
      return found;
    };
    const middle = Math.floor(series.slices / 2);
    const { kept } = await compressionOf(middle);
    const value = `${series.coils} channels to ${virtualCoils}, ${(100 * kept).toFixed(2)} % of the energy kept (slice ${middle})`;
    return combineChannels(series, virtualCoils, async (slice) => (await compressionOf(slice)).matrix, { label: 'Coil compression', value });
  },
});

async function find(series: Series, slice: number, virtual: number): Promise<CoilCompression> {
  const kspace = (await series.read(slice)) as NdArray<'complex64'>;
  const range = (n: number): [number, number] => {
    // Along a trajectory there is no centre block; all samples count.
    const count = series.trajectory === undefined ? Math.min(n, CENTRE) : n;
    const start = Math.floor(n / 2) - Math.floor(count / 2);
    return [start, start + count];
  };
  return findCoilCompression(kspace, { rows: range(series.rows), columns: range(series.columns) }, virtual);
}

/** The slice index with the same place and the first frame, echo, average … */
export function firstAtPlace(series: Pick<Series, 'axes'>, slice: number): number {
  const leading = series.axes.filter(({ name }) => name !== 'coil' && name !== 'row' && name !== 'column');
  let [rest, step, first] = [slice, 1, 0];
  for (const { name, length } of [...leading].reverse()) {
    if (!SAME_PLACE.includes(name)) first += (rest % length) * step;
    rest = Math.floor(rest / length);
    step *= length;
  }
  return first;
}
