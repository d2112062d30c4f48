/**
 * fastMRI's HDF5 layout (Zbontar et al. 2018, arXiv:1811.08839, section 4): `kspace` [slice, coil, row, column] or
 * [slice, row, column] for one coil, `ismrmrd_header` XML, `reconstruction_rss` or `reconstruction_esc` [slice, row, column],
 * `mask` [column] in undersampled test files. Files that hold images alone (`reconstruction`) open as images.
 */
import type { Attribute, Axis, Series } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { checkShape, numberFormat, toComplex64, toFlags, toFloat32 } from '../hdf5/complex.ts';
import type { Hdf5File } from '../hdf5/file.ts';
import type { AttributeValue, DatasetInfo } from '../hdf5/protocol.ts';
import type { Hdf5Content } from '../hdf5/content.ts';
import { type IsmrmrdHeader, parseIsmrmrdHeader } from '../ismrmrd/header.ts';

const REFERENCES = ['reconstruction_rss', 'reconstruction_esc'] as const;

/** `names`: what the root group holds. Throws `input.*` naming the dataset. */
export async function openFastMri(file: Hdf5File, names: readonly string[]): Promise<Hdf5Content> {
  const warnings: string[] = [];
  const header = names.includes('ismrmrd_header') ? await readHeader(file, warnings) : null;
  const attributes = describe(await file.attributes('/'), header);
  if (names.includes('kspace')) {
    return { format: 'fastmri', series: [await kspaceSeries(file, names, header, attributes, warnings)], warnings };
  }
  const series: Series[] = [];
  for (const name of names.filter((n) => n.startsWith('reconstruction'))) series.push(await imageSeries(file, name, attributes));
  return { format: 'fastmri', series, warnings };
}

/** A header that cannot be read costs the parameters, not the data. */
async function readHeader(file: Hdf5File, warnings: string[]): Promise<IsmrmrdHeader | null> {
  try {
    return parseIsmrmrdHeader((await file.strings('/ismrmrd_header'))[0] ?? '', file.name, '/ismrmrd_header');
  } catch (error) {
    if (!(error instanceof LacunaError)) throw error;
    warnings.push(`The acquisition parameters could not be read: ${error.message}`);
    return null;
  }
}

async function kspaceSeries(
  file: Hdf5File,
  names: readonly string[],
  header: IsmrmrdHeader | null,
  attributes: readonly Attribute[],
  warnings: string[],
): Promise<Series> {
  const field = '/kspace';
  const info = await datasetOrThrow(file, field);
  const format = numberFormat(info.type);
  if (format !== 'complex64' && format !== 'complex128') {
    throw new LacunaError('input.unsupported', 'kspace must hold complex numbers (a compound of r and i).', { file: file.name, field });
  }
  const single = info.shape.length === 3;
  if (!single && info.shape.length !== 4) {
    throw new LacunaError('input.unsupported', `kspace must be [slice, coil, row, column] or [slice, row, column]; its shape is (${info.shape.join(', ')}).`, { file: file.name, field });
  }
  checkShape(info.shape, info.shape.length - 1, file.name, field);
  const [slices, ...rest] = info.shape as [number, ...number[]];
  const [coils, rows, columns] = (single ? [1, ...rest] : rest) as [number, number, number];

  const reference = await findReference(file, names, { slices, rows, columns }, warnings);
  const output = reference?.output ?? outputOf(header, rows, columns);
  const acquired = names.includes('mask') ? await readMask(file, columns) : null;
  const axes: Axis[] = [
    { name: 'slice', length: slices },
    { name: 'coil', length: coils },
    { name: 'row', length: rows },
    { name: 'column', length: columns },
  ];
  return {
    id: 'kspace',
    title: 'k-space',
    domain: 'kspace',
    dtype: 'complex64',
    axes,
    slices,
    coils,
    rows,
    columns,
    output,
    acquired,
    attributes,
    async read(slice) {
      checkSlice(slice, slices, file.name, field);
      const offset = [slice, ...rest.map(() => 0)];
      return toComplex64(await file.read(field, offset, [1, ...rest], info.type.size), info, [coils, rows, columns]);
    },
    ...(reference === null ? {} : { readReference: reference.read }),
  };
}

interface Reference {
  readonly output: { readonly rows: number; readonly columns: number };
  readonly read: NonNullable<Series['readReference']>;
}

async function findReference(
  file: Hdf5File,
  names: readonly string[],
  kspace: { slices: number; rows: number; columns: number },
  warnings: string[],
): Promise<Reference | null> {
  const name = REFERENCES.find((candidate) => names.includes(candidate));
  if (name === undefined) return null;
  const field = `/${name}`;
  const info = await datasetOrThrow(file, field);
  const [slices, rows, columns] = info.shape as [number, number, number];
  const real = numberFormat(info.type) === 'float32' || numberFormat(info.type) === 'float64';
  if (!real || info.shape.length !== 3 || slices !== kspace.slices || !(rows >= 1 && rows <= kspace.rows) || !(columns >= 1 && columns <= kspace.columns)) {
    warnings.push(`${name} has the shape (${info.shape.join(', ')}), which does not fit kspace; it is not used as reference.`);
    return null;
  }
  return {
    output: { rows, columns },
    async read(slice) {
      checkSlice(slice, slices, file.name, field);
      return toFloat32(await file.read(field, [slice, 0, 0], [1, rows, columns], info.type.size), info, [rows, columns]);
    },
  };
}

/** Without a reference: the header's image matrix, where it is smaller than k-space. */
function outputOf(header: IsmrmrdHeader | null, rows: number, columns: number): { rows: number; columns: number } {
  const [x, y] = header?.encodings[0]?.recon?.matrix ?? [rows, columns];
  return { rows: Math.min(x, rows), columns: Math.min(y, columns) };
}

async function readMask(file: Hdf5File, columns: number): Promise<Uint8Array | null> {
  const field = '/mask';
  const info = await datasetOrThrow(file, field);
  const length = info.shape.reduce((p, n) => p * n, 1);
  if (length !== columns || !['integer', 'float32', 'float64'].includes(numberFormat(info.type))) {
    throw new LacunaError('input.malformed', `mask must hold one number for each of the ${columns} columns; its shape is (${info.shape.join(', ')}).`, { file: file.name, field });
  }
  const flags = toFlags(await file.read(field, info.shape.map(() => 0), [...info.shape], info.type.size), info);
  return flags.every((flag) => flag === 1) ? null : flags;
}

async function imageSeries(file: Hdf5File, name: string, attributes: readonly Attribute[]): Promise<Series> {
  const field = `/${name}`;
  const info = await datasetOrThrow(file, field);
  const format = numberFormat(info.type);
  const complex = format === 'complex64' || format === 'complex128';
  if (info.shape.length !== 3 || (!complex && format !== 'float32' && format !== 'float64')) {
    throw new LacunaError('input.unsupported', `${name} must be [slice, row, column] of real or complex floats; its shape is (${info.shape.join(', ')}).`, { file: file.name, field });
  }
  checkShape(info.shape, 2, file.name, field);
  const [slices, rows, columns] = info.shape as [number, number, number];
  return {
    id: name,
    title: name,
    domain: 'image',
    dtype: complex ? 'complex64' : 'float32',
    axes: [
      { name: 'slice', length: slices },
      { name: 'row', length: rows },
      { name: 'column', length: columns },
    ],
    slices,
    coils: 1,
    rows,
    columns,
    output: { rows, columns },
    attributes,
    async read(slice) {
      checkSlice(slice, slices, file.name, field);
      const bytes = await file.read(field, [slice, 0, 0], [1, rows, columns], info.type.size);
      return complex ? toComplex64(bytes, info, [rows, columns]) : toFloat32(bytes, info, [rows, columns]);
    },
  };
}

async function datasetOrThrow(file: Hdf5File, field: string): Promise<DatasetInfo> {
  const info = await file.dataset(field);
  if (info === null) throw new LacunaError('input.malformed', `${field} is not a dataset.`, { file: file.name, field });
  return info;
}

export function checkSlice(slice: number, slices: number, file: string, field: string): void {
  if (!Number.isInteger(slice) || slice < 0 || slice >= slices) {
    throw new LacunaError('usage.invalid', `Slice ${slice} is outside 0–${slices - 1}.`, { file, field });
  }
}

function describe(root: Readonly<Record<string, AttributeValue>>, header: IsmrmrdHeader | null): Attribute[] {
  const labels: Readonly<Record<string, string>> = { acquisition: 'Acquisition', max: 'Maximum', norm: 'Norm', acceleration: 'Acceleration', num_low_frequency: 'Central lines' };
  const own = Object.entries(labels).flatMap(([key, label]) => {
    const value = root[key];
    return value === undefined ? [] : [{ label, value: String(value).slice(0, 200) }];
  });
  return [...own, ...(header?.attributes ?? [])];
}
