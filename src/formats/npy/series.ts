/** One stored array as a Series. Shared by `.npy` files and the entries of `.npz` archives. */
import { decodeNpyValues } from '../../array/npy.ts';
import type { NpyHeader } from '../../array/npy-header.ts';
import { isComplexDType, type NdArray, zeros } from '../../array/nd-array.ts';
import type { Attribute, Series } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { findAcquired, guessDomain } from './domain.ts';
import { describeAxes, type Interpretation, interpretShape } from './interpret.ts';

/** An array whose values can be fetched piece by piece, in C order. */
export interface StoredArray {
  readonly header: NpyHeader;
  /** `count` elements from element `start`. */
  read(start: number, count: number): Promise<Uint8Array>;
}

/** One slice (all coils) is taken into memory at a time; beyond this it is refused. */
const MAX_SLICE_BYTES = 1024 * 1024 * 1024;

/** Where the array is: file and, in archives, entry. */
export interface ArrayPlace {
  readonly file: string;
  readonly field: string;
  readonly id: string;
  readonly title: string;
}

export async function seriesOfArray(array: StoredArray, place: ArrayPlace): Promise<{ series: Series; warnings: string[] }> {
  const { element, shape } = array.header;
  const complex = isComplexDType(element.dtype);
  const meaning = interpretShape(shape, complex, place.file, place.field);
  const perSlice = meaning.coils * meaning.rows * meaning.columns;
  if (perSlice * Math.max(element.bytes, 8) > MAX_SLICE_BYTES) {
    throw new LacunaError('input.too-large', `One slice of shape (${shape.join(', ')}) is larger than ${MAX_SLICE_BYTES} bytes.`, { file: place.file, field: place.field });
  }

  async function readRaw(slice: number): Promise<NdArray> {
    if (!Number.isInteger(slice) || slice < 0 || slice >= meaning.slices) {
      throw new LacunaError('usage.invalid', `Slice ${slice} is outside 0–${meaning.slices - 1}.`, { file: place.file, field: place.field });
    }
    return decodeNpyValues(await array.read(slice * perSlice, perSlice), element, [perSlice]);
  }

  const base = {
    id: place.id,
    title: place.title,
    axes: meaning.axes,
    slices: meaning.slices,
    coils: meaning.coils,
    rows: meaning.rows,
    columns: meaning.columns,
    output: { rows: meaning.rows, columns: meaning.columns },
  };
  const attributes: Attribute[] = [
    { label: 'Array', value: `${element.dtype} (${shape.join(', ')})` },
    { label: 'Axes', value: describeAxes(meaning) },
  ];
  const note = `${place.title}: axes read as ${describeAxes(meaning)}`;
  if (!complex) {
    const read = async (slice: number): Promise<NdArray<'float32'>> => toFloat32(await readRaw(slice), meaning);
    return { series: { ...base, domain: 'image', dtype: 'float32', coils: 1, attributes, read }, warnings: [`${note}.`] };
  }

  const readCoils = async (slice: number): Promise<NdArray<'complex64'>> => toComplex64(await readRaw(slice), meaning);
  const middle = await readCoils(Math.floor(meaning.slices / 2));
  const domain = guessDomain(middle);
  if (domain === 'image') {
    // A complex image without coils is [row, column]; with coils it keeps the axis.
    const read = async (slice: number): Promise<NdArray<'complex64'>> => {
      const image = await readCoils(slice);
      return meaning.coils > 1 ? image : { ...image, shape: [meaning.rows, meaning.columns] };
    };
    const axes = meaning.coils > 1 ? meaning.axes : meaning.axes.filter((axis) => axis.name !== 'coil');
    const text = `${note}; taken for ${meaning.coils > 1 ? 'coil images' : 'complex images'}, as their energy is spread out.`;
    return { series: { ...base, axes, domain, dtype: 'complex64', attributes, read }, warnings: [text] };
  }
  const { lines, points, fraction } = findAcquired(middle);
  const sampled = fraction === 1 ? '' : `; ${(100 * fraction).toFixed(1)} % of the samples were acquired (the others are zero)`;
  const text = `${note}; taken for centred k-space, as its energy is gathered at the centre${sampled}.`;
  return {
    series: { ...base, domain, dtype: 'complex64', attributes, acquired: lines, ...(points === null ? {} : { acquiredPoints: points }), read: readCoils },
    warnings: [text],
  };
}

function toFloat32({ data }: NdArray, { rows, columns }: Interpretation): NdArray<'float32'> {
  const out = zeros('float32', [rows, columns]);
  for (let i = 0; i < out.data.length; i++) out.data[i] = Number(data[i]);
  return out;
}

function toComplex64(array: NdArray, { coils, rows, columns, coilsLast }: Interpretation): NdArray<'complex64'> {
  const source = array.data as Float32Array | Float64Array;
  const out = zeros('complex64', [coils, rows, columns]);
  if (!coilsLast) {
    out.data.set(source);
    return out;
  }
  const plane = rows * columns;
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < coils; c++) {
      out.data[2 * (c * plane + i)] = source[2 * (i * coils + c)] as number;
      out.data[2 * (c * plane + i) + 1] = source[2 * (i * coils + c) + 1] as number;
    }
  }
  return out;
}
