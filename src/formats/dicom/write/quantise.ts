/** Floating-point values as 16-bit unsigned with one rescale for the whole series; no value moves by more than half a step. */
import { LacunaError } from '../../../errors.ts';
import { decimalString } from './element.ts';

export interface Quantised {
  readonly stored: Uint16Array;
  /** value ≈ slope · stored + intercept; both exactly as the file's decimal strings say. */
  readonly slope: number;
  readonly intercept: number;
  /** Range of values that shows the image: 0.1 % of the voxels lie below, 0.1 % above. */
  readonly window: { readonly centre: number; readonly width: number };
}

const TOP = 65535;

/** Throws usage.unsupported where a value is not finite: 16 bits have no room for it. */
export function quantise(values: Float32Array): Quantised {
  let low = 0;
  let high = 0;
  for (const v of values) {
    if (!Number.isFinite(v)) {
      throw new LacunaError('usage.unsupported', 'The volume holds values that are no finite numbers, which DICOM pixels cannot.', {
        field: 'volume',
      });
    }
    if (v < low) low = v;
    if (v > high) high = v;
  }
  const intercept = Number(decimalString(low));
  const slope = stepFor(high - Math.min(low, intercept));
  const stored = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const step = Math.round(((values[i] as number) - intercept) / slope);
    stored[i] = Math.min(TOP, Math.max(0, step));
  }
  return { stored, slope, intercept, window: windowOf(stored, slope, intercept) };
}

/** Smallest step that spans `range` and is written exactly: rounded up in the tenth digit, so the top never clips. */
function stepFor(range: number): number {
  if (range === 0) return 1;
  return Number(((range / TOP) * (1 + 2e-9)).toPrecision(9));
}

function windowOf(stored: Uint16Array, slope: number, intercept: number): Quantised['window'] {
  const counts = new Uint32Array(TOP + 1);
  for (const v of stored) counts[v] = (counts[v] as number) + 1;
  const tail = stored.length / 1000;
  const edge = (from: number, by: 1 | -1): number => {
    let seen = 0;
    for (let v = from; v >= 0 && v <= TOP; v += by) {
      seen += counts[v] as number;
      if (seen > tail) return v;
    }
    return TOP - from;
  };
  const low = edge(0, 1) * slope + intercept;
  const high = edge(TOP, -1) * slope + intercept;
  return { centre: (low + high) / 2, width: Math.max(high - low, slope) };
}
