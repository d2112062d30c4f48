/**
 * 3-D Cartesian k-space (an axis `partition`, the second phase encoding) as 2-D slices. Where every partition has the same lines,
 * the partitions are transformed and become slices; where lines differ from partition to partition, the readout is transformed
 * instead, and each of its positions is a slice whose k-space points are [line, partition].
 */
import { subArray, zeros, type NdArray } from '../array/nd-array.ts';
import type { Axis, Series } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import { ifft1c } from '../transform/fft.ts';

/** Transformed slabs that are kept, bytes; a slab larger than this is still kept while its slices are looked through. */
const LIMIT_BYTES = 512 * 2 ** 20;
/** A slab is held whole while it is transformed. */
const LARGEST_SLAB = 2 ** 31;

/** Whether `series` is k-space that was encoded along partitions. */
export function hasPartitions({ domain, axes }: Series): boolean {
  return domain === 'kspace' && axes.some(({ name, length }) => name === 'partition' && length > 1);
}

/**
 * Series of 2-D slices; the slices of a slab are read, transformed and kept together. Throws usage.too-large for slabs beyond 2 GiB
 * and usage.unsupported along trajectories.
 */
export async function partitionsAsSlices(series: Series): Promise<Series> {
  const slab = slabOf(series);
  if (series.trajectory !== undefined) {
    throw new LacunaError('usage.unsupported', `“${series.title}” is encoded along partitions and along a trajectory, which is not supported.`, { field: 'axes' });
  }
  const bytes = slab.partitions * series.coils * series.rows * series.columns * 8;
  if (bytes > LARGEST_SLAB) {
    throw new LacunaError('usage.too-large', `A slab of “${series.title}” has ${(bytes / 2 ** 30).toFixed(1)} GiB of k-space; at most 2 GiB can be transformed.`, { field: 'axes' });
  }
  const acquired = await acquiredPoints(series, slab);
  return acquired === null ? alongPartitions(series, slab) : alongReadout(series, slab, acquired);
}

/** How the partitions of a slab lie among the slice indices. */
interface Slab {
  readonly partitions: number;
  /** Of the axes before and after `partition`. */
  readonly outer: number;
  readonly inner: number;
  readonly axis: number;
}

function slabOf({ axes, slices }: Series): Slab {
  const axis = axes.findIndex(({ name, length }) => name === 'partition' && length > 1);
  const partitions = axes[axis]?.length ?? 1;
  const outer = axes.slice(0, axis).reduce((product, { length }) => product * length, 1);
  return { partitions, outer, inner: slices / (outer * partitions), axis };
}

/** Slice index of partition `p` of slab `n`, n = outer index · inner + inner index. */
function sliceIndex({ partitions, inner }: Slab, n: number, p: number): number {
  return (Math.floor(n / inner) * partitions + p) * inner + (n % inner);
}

/** [line, partition] flags where some line is missing in some partition only; null where all partitions have the same lines. */
async function acquiredPoints(series: Series, slab: Slab): Promise<Uint8Array | null> {
  const { columns, acquired } = series;
  const { partitions } = slab;
  const flags = new Uint8Array(columns * partitions);
  for (let p = 0; p < partitions; p++) {
    const { data, shape } = (await series.read(sliceIndex(slab, 0, p))) as NdArray<'complex64'>;
    const lines = linesWithSignal(data, shape[shape.length - 1] as number);
    for (let column = 0; column < columns; column++) flags[column * partitions + p] = acquired?.[column] === 0 ? 0 : (lines[column] as number);
  }
  const same = Array.from({ length: columns }, (_, column) => {
    const own = flags.subarray(column * partitions, (column + 1) * partitions);
    return own.every((flag) => flag === own[0]);
  });
  return same.every(Boolean) ? null : flags;
}

function linesWithSignal(data: Float32Array, columns: number): Uint8Array {
  const lines = new Uint8Array(columns);
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) lines[(i >> 1) % columns] = 1;
  return lines;
}

/** Inverse transform along the partitions: [partition, coil, row, column], the axis is then one of slices. */
function alongPartitions(series: Series, slab: Slab): Series {
  const slabs = new SlabCache(series, slab, (data) => ifft1c(data, 0, data));
  return {
    ...series,
    axes: series.axes.map((axis): Axis => (axis.name === 'partition' ? { ...axis, name: 'slice' } : axis)),
    async read(index) {
      const n = Math.floor(index / (slab.partitions * slab.inner)) * slab.inner + (index % slab.inner);
      return copyOf(subArray(await slabs.get(n), Math.floor(index / slab.inner) % slab.partitions));
    },
  };
}

/** Inverse transform along the readout; slice x of a slab is [coil, line, partition]. */
function alongReadout(series: Series, slab: Slab, points: Uint8Array): Series {
  const { rows, columns, coils, output } = series;
  const { partitions, axis } = slab;
  const slabs = new SlabCache(series, slab, (data) => transposed(ifft1c(data, 2, data)));
  const leading = series.axes.filter(({ name }, i) => i !== axis && !['coil', 'row', 'column'].includes(name));
  // The readout is a direction of space now: oversampling and padding are cut where they would have been cropped.
  const first = Math.floor(rows / 2) - Math.floor(output.rows / 2);
  const { geometry: _inAnotherPlane, acquired: _lines, readReference: _ofPartitions, acquiredPoints: _points, ...rest } = series;
  return {
    ...rest,
    axes: [...leading, { name: 'slice', length: output.rows }, { name: 'coil', length: coils }, { name: 'row', length: columns }, { name: 'column', length: partitions }],
    slices: slab.outer * slab.inner * output.rows,
    rows: columns,
    columns: partitions,
    output: { rows: output.columns, columns: partitions },
    acquired: null,
    acquiredPoints: points,
    attributes: [...series.attributes, { label: 'Slices', value: 'Across the readout: both phase encodings are undersampled' }],
    async read(index) {
      return copyOf(subArray(await slabs.get(Math.floor(index / output.rows)), first + (index % output.rows)));
    },
  };
}

/** [partition, coil, x, line] → [x, coil, line, partition] */
function transposed(from: NdArray<'complex64'>): NdArray<'complex64'> {
  const [partitions, coils, rows, columns] = from.shape as [number, number, number, number];
  const out = zeros('complex64', [rows, coils, columns, partitions]);
  let source = 0;
  for (let p = 0; p < partitions; p++) {
    for (let c = 0; c < coils; c++) {
      for (let x = 0; x < rows; x++) {
        for (let line = 0; line < columns; line++, source += 2) {
          const target = 2 * (((x * coils + c) * columns + line) * partitions + p);
          out.data[target] = from.data[source] as number;
          out.data[target + 1] = from.data[source + 1] as number;
        }
      }
    }
  }
  return out;
}

const copyOf = (array: NdArray<'complex64'>): NdArray<'complex64'> => ({ ...array, data: array.data.slice() });

/** Transformed slabs, the latest kept within the limit. */
class SlabCache {
  readonly #series: Series;
  readonly #slab: Slab;
  readonly #transform: (data: NdArray<'complex64'>) => NdArray<'complex64'>;
  readonly #kept = new Map<number, Promise<NdArray<'complex64'>>>();

  constructor(series: Series, slab: Slab, transform: (data: NdArray<'complex64'>) => NdArray<'complex64'>) {
    this.#series = series;
    this.#slab = slab;
    this.#transform = transform;
  }

  /** Throws what the reader throws, and does not remember that. */
  async get(n: number): Promise<NdArray<'complex64'>> {
    let slab = this.#kept.get(n);
    if (slab === undefined) {
      slab = this.#read(n);
      this.#kept.set(n, slab);
      const { coils, rows, columns } = this.#series;
      const most = Math.max(1, Math.floor(LIMIT_BYTES / (this.#slab.partitions * coils * rows * columns * 8)));
      for (const oldest of this.#kept.keys()) {
        if (this.#kept.size <= most) break;
        this.#kept.delete(oldest);
      }
    }
    try {
      return await slab;
    } catch (error) {
      this.#kept.delete(n);
      throw error;
    }
  }

  async #read(n: number): Promise<NdArray<'complex64'>> {
    const { coils, rows, columns } = this.#series;
    const { partitions } = this.#slab;
    const data = zeros('complex64', [partitions, coils, rows, columns]);
    for (let p = 0; p < partitions; p++) {
      const part = await this.#series.read(sliceIndex(this.#slab, n, p));
      data.data.set(part.data, p * part.data.length);
    }
    return this.#transform(data);
  }
}
