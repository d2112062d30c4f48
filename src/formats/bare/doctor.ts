/** Looks one slice of bare k-space or images over for what commonly goes wrong on the way into a file, and mends it where asked. */
import type { NdArray } from '../../array/nd-array.ts';
import type { AxisName, Finding } from '../../array/read-options.ts';
import { energyPeak } from './domain.ts';

/** Changes a slice in place, [coil, row, column]. */
export type Mend = (slice: NdArray<'complex64'>) => void;

export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly mends: readonly Mend[];
}

/** `suffix` keeps ids apart where a file holds several arrays. */
export interface Chart {
  readonly field: string;
  readonly suffix: string;
  readonly fixes: ReadonlySet<string>;
}

/** Magnitudes beyond these lose accuracy in single precision, where energies are squares. */
const LARGEST = 1e15;
const SMALLEST = 1e-15;

/** What is wrong whatever the slice is: values that are no numbers, and absurd scales. */
export function examineValues(slice: NdArray<'complex64'>, index: number, chart: Chart): Diagnosis {
  const { data } = slice;
  let largest = 0;
  let count = 0;
  let first = -1;
  for (let i = 0; i < data.length; i++) {
    const value = Math.abs(data[i] as number);
    if (!Number.isFinite(value)) {
      count++;
      if (first < 0) first = i >> 1;
    } else if (value > largest) largest = value;
  }
  const findings: Finding[] = [];
  const mends: Mend[] = [];
  if (count > 0) {
    const id = `not-a-number${chart.suffix}`;
    const applied = chart.fixes.has(id);
    if (applied) mends.push(zeroNonFinite);
    findings.push({
      id,
      severity: 'error',
      field: chart.field,
      stated: 'The array should hold numbers.',
      found: `Slice ${index} holds ${count} values that are infinite or not a number, the first at ${place(first, slice.shape)}.`,
      remedy: 'They are set to zero, as if they had not been acquired.',
      fix: { title: 'Set them to zero', applied },
    });
  }
  if (largest > LARGEST || (largest > 0 && largest < SMALLEST)) {
    findings.push({
      id: `absurd-scale${chart.suffix}`,
      severity: 'warning',
      field: chart.field,
      stated: 'Single precision squares numbers between 1e-15 and 1e15 without loss.',
      found: `The largest value of slice ${index} is ${largest.toExponential(2)}.`,
      remedy: 'Nothing was done: scale the data before saving them.',
    });
  }
  return { findings, mends };
}

function place(i: number, shape: readonly number[]): string {
  const [, rows, columns] = shape as [number, number, number];
  return `coil ${Math.floor(i / (rows * columns))}, row ${Math.floor(i / columns) % rows}, column ${i % columns}`;
}

function zeroNonFinite({ data }: NdArray<'complex64'>): void {
  for (let i = 0; i < data.length; i += 2) {
    if (!Number.isFinite(data[i] as number) || !Number.isFinite(data[i + 1] as number)) data.fill(0, i, i + 2);
  }
}

/** What is wrong with Cartesian k-space: its centre elsewhere than at ⌊n/2⌋, or its image shifted by half the field of view. */
export function examineKspace(slice: NdArray<'complex64'>, chart: Chart): Diagnosis {
  const findings: Finding[] = [];
  const mends: Mend[] = [];
  for (const { finding, mend } of [centreOf(slice, chart), halfShiftOf(slice, chart)].filter((item) => item !== null)) {
    findings.push(finding);
    if (finding.fix?.applied === true) mends.push(mend);
  }
  return { findings, mends };
}

interface Ailment {
  readonly finding: Finding;
  readonly mend: Mend;
}

/** The strongest sample of a real scan lies within one sample of the centre; a slightly off one is told, a far one is a fault. */
function centreOf(slice: NdArray<'complex64'>, { field, suffix, fixes }: Chart): Ailment | null {
  const [, rows, columns] = slice.shape as [number, number, number];
  const { row, column, offset, concentration } = energyPeak(slice);
  if (concentration < 0.2 || offset.every((shift) => Math.abs(shift) <= 1)) return null;
  const uncentred = offset.every((shift, axis) => Math.abs(shift) >= (slice.shape[axis + 1] as number) / 2 - 1);
  const id = `k-space-centre${suffix}`;
  return {
    finding: {
      id,
      severity: uncentred ? 'error' : 'warning',
      field,
      stated: `The centre of ${rows} × ${columns} k-space is at row ${Math.floor(rows / 2)}, column ${Math.floor(columns / 2)}.`,
      found: uncentred
        ? `Its energy is gathered at the corners (peak at row ${row}, column ${column}): an fftshift is missing.`
        : `Its energy has the peak at row ${row}, column ${column}, that is ${offset[0]} rows and ${offset[1]} columns off.`,
      remedy: 'The samples are shifted round cyclically, so that the peak is at the centre.',
      fix: { title: 'Shift the peak to the centre', applied: fixes.has(id) },
    },
    mend: (target) => shiftCyclically(target, -offset[0], -offset[1]),
  };
}

/** Moves row r to row r + `down`, column c to column c + `right`, round the edges. */
function shiftCyclically({ data, shape }: NdArray<'complex64'>, down: number, right: number): void {
  const [coils, rows, columns] = shape as [number, number, number];
  const plane = new Float32Array(rows * columns * 2);
  const wrap = (i: number, n: number): number => ((i % n) + n) % n;
  for (let coil = 0; coil < coils; coil++) {
    const target = data.subarray(coil * plane.length, (coil + 1) * plane.length);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const to = 2 * (wrap(r + down, rows) * columns + wrap(c + right, columns));
        plane[to] = target[2 * (r * columns + c)] as number;
        plane[to + 1] = target[2 * (r * columns + c) + 1] as number;
      }
    }
    target.set(plane);
  }
}

/** Beyond this angle the middle of the image's energy lies nearer to the edge than to the centre by far. */
const HALF_SHIFT = 0.75 * Math.PI;
/** Neighbouring samples must resemble each other this much, or their phases say nothing. */
const RESEMBLING = 0.2;

/**
 * Σ y[k+1] y*[k] is the Fourier coefficient of |image|² at frequency 1: its phase is −2π times the middle of the image's
 * energy, in fields of view from the centre. Near ±π the object is cut in two by the edges: the image was not shifted
 * before it was transformed.
 */
function halfShiftOf(slice: NdArray<'complex64'>, { field, suffix, fixes }: Chart): Ailment | null {
  const rows = isHalfShifted(slice, 'row');
  const columns = isHalfShifted(slice, 'column');
  if (!rows && !columns) return null;
  const id = `half-fov-shift${suffix}`;
  const along = rows && columns ? 'both directions' : rows ? 'the rows' : 'the columns';
  return {
    finding: {
      id,
      severity: 'warning',
      field,
      stated: 'The object is expected around the middle of the field of view.',
      found: `The phases of neighbouring samples say that it lies around the edge, along ${along}: the image was not shifted before its transform.`,
      remedy: 'The sign of every other sample is turned, which shifts the image by half the field of view.',
      fix: { title: 'Shift the image by half its field of view', applied: fixes.has(id) },
    },
    mend: (target) => alternateSigns(target, rows, columns),
  };
}

function isHalfShifted({ data, shape }: NdArray<'complex64'>, axis: AxisName): boolean {
  const [, rows, columns] = shape as [number, number, number];
  const step = axis === 'row' ? columns : 1;
  let [re, im, energy] = [0, 0, 0];
  for (let i = 0; i + step < data.length / 2; i++) {
    if (axis === 'row' ? Math.floor(i / columns) % rows === rows - 1 : i % columns === columns - 1) continue;
    const [a, b] = [data[2 * i] as number, data[2 * i + 1] as number];
    const [c, d] = [data[2 * (i + step)] as number, data[2 * (i + step) + 1] as number];
    const pair = c * a + d * b;
    if (!Number.isFinite(pair)) continue;
    re += pair;
    im += d * a - c * b;
    energy += (a * a + b * b + c * c + d * d) / 2;
  }
  return Math.hypot(re, im) > RESEMBLING * energy && Math.abs(Math.atan2(im, re)) > HALF_SHIFT;
}

function alternateSigns({ data, shape }: NdArray<'complex64'>, alongRows: boolean, alongColumns: boolean): void {
  const [, rows, columns] = shape as [number, number, number];
  for (let i = 0; i < data.length / 2; i++) {
    const r = (Math.floor(i / columns) % rows) - Math.floor(rows / 2);
    const c = (i % columns) - Math.floor(columns / 2);
    if (((alongRows ? r : 0) + (alongColumns ? c : 0)) % 2 === 0) continue;
    data[2 * i] = -(data[2 * i] as number);
    data[2 * i + 1] = -(data[2 * i + 1] as number);
  }
}
