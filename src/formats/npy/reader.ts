/** NumPy's `.npy`: one array without a word on what it means. */
import { isComplexDType } from '../../array/nd-array.ts';
import { isNpy, NPY_HEAD_BYTES, type NpyHeader, parseNpyHeader } from '../../array/npy-header.ts';
import type { ReadOptions } from '../../array/read-options.ts';
import { LacunaError } from '../../errors.ts';
import { guessAxes } from '../bare/guess-axes.ts';
import { type ArrayPlace, type BareSeries, seriesOfArray } from '../bare/series.ts';
import { cStrides, fortranStrides, type StoredArray, stridedArray } from '../bare/stored-array.ts';
import { recordingOf } from '../bare/recording.ts';
import type { ByteSource, FormatReader } from '../reader.ts';

export const npyReader: FormatReader = {
  format: 'npy',
  title: 'NumPy array',
  extensions: ['.npy'],

  sniff(head, name) {
    if (isNpy(head)) return 'certain';
    return name.toLowerCase().endsWith('.npy') ? 'possible' : 'no';
  },

  async open(sources, info, options) {
    const source = sources[0] as ByteSource;
    const title = info.name.replace(/\.npy$/i, '');
    const made = await openArray(source, { file: source.name, field: 'array', id: 'array', title }, options);
    return recordingOf('npy', info, [made], options, () => source.close());
  },
};

/** The array of a source that holds a whole `.npy`, as a series. Throws `input.*`, or `usage.invalid` where `options` do not fit. */
export async function openArray(source: ByteSource, place: ArrayPlace, options?: ReadOptions): Promise<BareSeries> {
  const stored = await openStored(source, place.file);
  const axes = guessAxes(stored.shape, isComplexDType(stored.dtype), place.file, place.field);
  return seriesOfArray(stored, place, { axes, named: false, domain: null }, options);
}

async function openStored(source: ByteSource, file: string): Promise<StoredArray> {
  const header = parseNpyHeader(await source.read(0, NPY_HEAD_BYTES), file);
  checkLength(header, source.size, file);
  const { element, shape } = header;
  const strides = header.fortranOrder ? fortranStrides(shape) : cStrides(shape);
  // Half precision is widened where it is read.
  return stridedArray({ source, byteOffset: header.dataOffset, element, shape, strides });
}

function checkLength(header: NpyHeader, size: number, file: string): void {
  const expected = header.dataOffset + header.dataBytes;
  if (size === expected) return;
  const text = `Shape (${header.shape.join(', ')}) needs a file of ${expected} bytes; it has ${size}.`;
  throw new LacunaError(size < expected ? 'input.truncated' : 'input.malformed', text, { file, field: 'shape' });
}
