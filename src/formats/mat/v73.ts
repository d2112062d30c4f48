/** MATLAB's version 7.3: HDF5 whose datasets bear the attribute `MATLAB_class`; groups are structs, axes are reversed. */
import { type DType, type NdArray, zeros } from '../../array/nd-array.ts';
import { decodeNpyValues } from '../../array/npy.ts';
import type { ReadOptions } from '../../array/read-options.ts';
import { numberFormat, toComplex64 } from '../hdf5/complex.ts';
import type { Hdf5Content } from '../hdf5/content.ts';
import type { Hdf5File } from '../hdf5/file.ts';
import type { DatasetInfo } from '../hdf5/protocol.ts';
import type { StoredArray } from '../bare/stored-array.ts';
import { type NamedArray, seriesOfArrays } from './arrays.ts';

const NUMERIC: Readonly<Record<string, DType>> = {
  double: 'float64', single: 'float32', logical: 'uint8',
  int8: 'int8', uint8: 'uint8', int16: 'int16', uint16: 'uint16', int32: 'int32', uint32: 'uint32', int64: 'int64', uint64: 'uint64',
};
const MAX_NAMES = 1000;

export async function openMatlab(file: Hdf5File, options?: ReadOptions): Promise<Hdf5Content> {
  const names = await file.keys('/');
  const arrays: NamedArray[] = [];
  const skipped: string[] = [];
  for (const name of names.slice(0, MAX_NAMES)) await collect(file, `/${name}`, name, arrays, skipped, 0);
  const { parts, warnings } = await seriesOfArrays(arrays, skipped, file.name, options);
  const findings = parts.flatMap((part) => part.findings);
  return {
    format: 'mat',
    series: parts.map((part) => part.series),
    warnings: [...parts.flatMap((part) => part.warnings), ...warnings],
    ...(findings.length === 0 ? {} : { findings }),
  };
}

async function classOf(file: Hdf5File, path: string): Promise<string | null> {
  const value = (await file.attributes(path))['MATLAB_class'];
  return typeof value === 'string' ? value : null;
}

async function collect(file: Hdf5File, path: string, name: string, arrays: NamedArray[], skipped: string[], depth: number): Promise<void> {
  // References of cells and of struct arrays: not variables.
  if (name === '#refs#' || name === '#subsystem#') return;
  const className = await classOf(file, path);
  const info = await file.dataset(path);
  if (info === null) {
    if (depth > 0 || (className !== null && className !== 'struct')) skipped.push(`${name} (${className ?? 'group'})`);
    else for (const own of (await file.keys(path)).slice(0, MAX_NAMES)) await collect(file, `${path}/${own}`, `${name}.${own}`, arrays, skipped, 1);
    return;
  }
  const array = className === null || info.shape.some((n) => n < 1) || (await isEmpty(file, path)) ? null : storedDataset(file, path, info, className);
  if (array === null) skipped.push(`${name} (${className ?? 'dataset'})`);
  else arrays.push({ name, className: className ?? '', sizes: [...info.shape].reverse(), array });
}

/** Of an empty array the dataset holds the sizes. */
async function isEmpty(file: Hdf5File, path: string): Promise<boolean> {
  return (await file.attributes(path))['MATLAB_empty'] === 1;
}

/** Null for what holds no numbers: text, references, integers that claim to be floats. */
function storedDataset(file: Hdf5File, path: string, info: DatasetInfo, className: string): StoredArray | null {
  const format = numberFormat(info.type);
  const complex = format === 'complex64' || format === 'complex128';
  const dtype = complex ? 'complex64' : NUMERIC[className];
  if (dtype === undefined) return null;
  const { size } = info.type;
  const stored = complex ? size === 8 || size === 16 : (format === 'integer') === !dtype.startsWith('float') && zeros(dtype, [1]).data.byteLength === size;
  if (!stored) return null;
  return {
    shape: info.shape,
    dtype,
    async readBox(offset, count): Promise<NdArray> {
      const bytes = await file.read(path, [...offset], [...count], size);
      if (complex) return toComplex64(bytes, info, count);
      // The library hands values over in this machine's byte order.
      return decodeNpyValues(bytes, { dtype, bytes: size, bigEndian: false, half: false }, count);
    },
  };
}
