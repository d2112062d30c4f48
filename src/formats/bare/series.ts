/** One bare array as a Series: its axes and its domain guessed or told, looked over, and mended where asked. Shared by npy, npz, mat and cfl. */
import { isComplexDType, type NdArray, zeros } from '../../array/nd-array.ts';
import type { AxisName, Finding, ReadOptions } from '../../array/read-options.ts';
import type { Attribute, Axis, Series } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { type Assignment, assignAxes, readAssigned } from './assign-axes.ts';
import { type Chart, examineKspace, examineValues, type Mend } from './doctor.ts';
import { findAcquired, guessDomain } from './domain.ts';
import type { StoredArray } from './stored-array.ts';

/** Where the array is: file and, in archives, entry. */
export interface ArrayPlace {
  readonly file: string;
  readonly field: string;
  readonly id: string;
  readonly title: string;
  /** Keeps the ids of findings apart where a file holds several arrays. */
  readonly suffix?: string;
}

export interface ArrayMeaning {
  /** One name for each stored axis. */
  readonly axes: readonly AxisName[];
  /** Whether the file says so itself; else the axes are a guess, and reported as one. */
  readonly named: boolean;
  /** What the file or its name says it holds; null to judge by the values. */
  readonly domain: 'kspace' | 'image' | null;
  /** False for samples along a trajectory, which have no centre at ⌊n/2⌋. */
  readonly cartesian?: boolean;
  readonly attributes?: readonly Attribute[];
}

export interface BareSeries {
  readonly series: Series;
  readonly warnings: readonly string[];
  readonly findings: readonly Finding[];
  /** Complex series only: the slice that was looked at, mended. */
  readonly middle: NdArray<'complex64'> | null;
}

/** Throws `usage.invalid` where `options` do not fit the array. Reads one slice, the middle one. */
export async function seriesOfArray(array: StoredArray, place: ArrayPlace, meaning: ArrayMeaning, options: ReadOptions = {}): Promise<BareSeries> {
  const chosen = options.axes?.[place.id];
  const assignment = assignAxes(array.shape, chosen ?? meaning.axes, place.file, place.field);
  const told = options.domains?.[place.id];
  const complex = isComplexDType(array.dtype) || assignment.names.includes('coil');
  if (told === 'kspace' && !isComplexDType(array.dtype)) {
    throw new LacunaError('usage.invalid', `${place.field} holds real numbers, which are no k-space.`, { file: place.file, field: place.field });
  }
  const context: Context = { array, place, meaning, assignment, chosen: chosen !== undefined };
  return complex ? complexSeries(context, told ?? meaning.domain, new Set(options.fixes)) : realSeries(context, new Set(options.fixes));
}

interface Context {
  readonly array: StoredArray;
  readonly place: ArrayPlace;
  readonly meaning: ArrayMeaning;
  readonly assignment: Assignment;
  readonly chosen: boolean;
}

async function realSeries(context: Context, fixes: ReadonlySet<string>): Promise<BareSeries> {
  const { array, place, meaning, assignment } = context;
  const chart: Chart = { field: place.field, suffix: place.suffix ?? '', fixes };
  const index = middleSlice(assignment.axes);
  // Whole numbers cannot be anything else.
  const floats = array.dtype === 'float32' || array.dtype === 'float64';
  const { findings, mends } = floats ? examineValues(toComplex64(await readSlice(context, index)), index, chart) : { findings: [], mends: [] };
  const read = async (slice: number): Promise<NdArray<'float32'>> => {
    const { data, shape } = await readSlice(context, slice);
    const out = zeros('float32', shape.slice(1));
    for (let i = 0; i < out.data.length; i++) {
      const value = Number(data[i]);
      out.data[i] = mends.length > 0 && !Number.isFinite(value) ? 0 : value;
    }
    return out;
  };
  const series: Series = { ...baseOf(context, 'image'), domain: 'image', dtype: 'float32', read };
  return { series, warnings: meaning.named ? [] : [`${noteOf(context)}.`], findings, middle: null };
}

async function complexSeries(context: Context, told: 'kspace' | 'image' | null, fixes: ReadonlySet<string>): Promise<BareSeries> {
  const { place, assignment } = context;
  const chart: Chart = { field: place.field, suffix: place.suffix ?? '', fixes };
  const mends: Mend[] = [];
  const readMended = async (slice: number): Promise<NdArray<'complex64'>> => {
    const read = toComplex64(await readSlice(context, slice));
    for (const mend of mends) mend(read);
    return read;
  };

  const index = middleSlice(assignment.axes);
  const middle = await readMended(index);
  const values = examineValues(middle, index, chart);
  const domain = told ?? guessDomain(middle);
  const kspace = domain === 'kspace' && context.meaning.cartesian !== false ? examineKspace(middle, chart) : { findings: [], mends: [] };
  mends.push(...values.mends, ...kspace.mends);
  for (const mend of mends) mend(middle);

  const findings = [...equalAxes(context), ...values.findings, ...kspace.findings];
  const judged = told === null ? ' taken for' : ' read as';
  if (domain === 'image') {
    const coils = assignment.coils > 1;
    // A complex image without coils is [row, column]; with coils it keeps the axis.
    const read = async (slice: number): Promise<NdArray<'complex64'>> => {
      const image = await readMended(slice);
      return coils ? image : { ...image, shape: image.shape.slice(1) };
    };
    const axes = coils ? assignment.axes : assignment.axes.filter((axis) => axis.name !== 'coil');
    const text = `${noteOf(context)};${judged} ${coils ? 'coil images' : 'complex images'}${told === null ? ', as their energy is spread out' : ''}.`;
    const series: Series = { ...baseOf(context, domain), axes, domain, dtype: 'complex64', read };
    return { series, warnings: [text], findings, middle };
  }

  const { lines, points, fraction } = findAcquired(middle);
  const sampled = fraction === 1 ? '' : `; ${(100 * fraction).toFixed(1)} % of the samples were acquired (the others are zero)`;
  const text = `${noteOf(context)};${judged} ${told === null ? 'centred k-space, as its energy is gathered at the centre' : 'k-space'}${sampled}.`;
  const series: Series = {
    ...baseOf(context, domain),
    axes: withCoil(assignment.axes),
    domain,
    dtype: 'complex64',
    acquired: lines,
    ...(points === null ? {} : { acquiredPoints: points }),
    read: readMended,
  };
  return { series, warnings: [text], findings, middle };
}

function baseOf(context: Context, domain: 'kspace' | 'image'): Omit<Series, 'domain' | 'dtype' | 'read'> {
  const { array, place, meaning, assignment } = context;
  const { axes, slices, coils, rows, columns } = assignment;
  const described: Attribute[] = [
    { label: 'Array', value: `${array.dtype} (${array.shape.join(', ')})` },
    { label: 'Axes', value: assignment.names.join(', ') },
  ];
  return {
    id: place.id,
    title: place.title,
    axes,
    slices,
    coils,
    rows,
    columns,
    output: { rows, columns },
    attributes: [...described, ...(meaning.attributes ?? [])],
    axisChoice: { shape: array.shape, axes: assignment.names, domain },
  };
}

function noteOf({ place, meaning, assignment, chosen }: Context): string {
  const how = chosen ? 'as told' : meaning.named ? 'by the header' : '';
  return `${place.title}: axes read as ${assignment.names.join(', ')}${how === '' ? '' : ` (${how})`}`;
}

/** k-space has a coil axis even where it has one coil only. */
function withCoil(axes: readonly Axis[]): readonly Axis[] {
  return axes.some((axis) => axis.name === 'coil') ? axes : [...axes.slice(0, -2), { name: 'coil', length: 1 }, ...axes.slice(-2)];
}

/** Two axes of one length could stand for each other, and nothing in the array would tell. */
function equalAxes({ place, meaning, assignment, chosen }: Context): Finding[] {
  if (meaning.named || chosen) return [];
  const lengths = new Map<number, string[]>();
  for (const { name, length } of assignment.axes) {
    if (length > 1) lengths.set(length, [...(lengths.get(length) ?? []), name]);
  }
  const alike = [...lengths].filter(([, names]) => names.length > 1);
  if (alike.length === 0) return [];
  const text = alike.map(([length, names]) => `${names.join(' and ')} are both ${length} long`).join('; ');
  return [{
    id: `axes-of-one-length${place.suffix ?? ''}`,
    severity: 'info',
    field: place.field,
    stated: 'The file does not name its axes; they are told apart by their lengths and their order.',
    found: `${text}: only the order tells them apart.`,
    remedy: 'Look at the image, and name the axes where it looks wrong.',
  }];
}

/** Flat index of the middle along every leading axis: there is signal. */
export function middleSlice(axes: readonly Axis[]): number {
  const leading = axes.filter(({ name }) => name !== 'coil' && name !== 'row' && name !== 'column');
  return leading.reduce((flat, { length }) => flat * length + Math.floor(length / 2), 0);
}

function readSlice({ array, assignment, place }: Context, slice: number): Promise<NdArray> {
  return readAssigned(array, assignment, slice, place.file, place.field);
}

/** A copy, for mending, also of real numbers. */
function toComplex64(array: NdArray): NdArray<'complex64'> {
  const out = zeros('complex64', array.shape);
  if (isComplexDType(array.dtype)) out.data.set(array.data as Float32Array | Float64Array);
  else for (let i = 0; i < out.data.length / 2; i++) out.data[2 * i] = Number(array.data[i]);
  return out;
}
