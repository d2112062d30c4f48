/** Complex values as pictures: what views of k-space and of coil images share. */
import { type NdArray, zeros } from '../array/nd-array.ts';

type Picture = NdArray<'float32'>;

/** Angle of every value, radians in (−π, π]; 0 where the value is 0. */
export function phaseOf(values: NdArray<'complex64'>): Picture {
  const out = zeros('float32', values.shape);
  for (let i = 0; i < out.data.length; i++) out.data[i] = Math.atan2(values.data[2 * i + 1] as number, values.data[2 * i] as number);
  return out;
}

/** log10 of the magnitude of every value; what is zero takes the smallest magnitude there is. */
export function logMagnitudeOf(values: NdArray<'complex64'>): Picture {
  const out = zeros('float32', values.shape);
  let floor = Infinity;
  for (let i = 0; i < out.data.length; i++) {
    const power = (values.data[2 * i] as number) ** 2 + (values.data[2 * i + 1] as number) ** 2;
    out.data[i] = power;
    if (power > 0 && power < floor) floor = power;
  }
  const least = Number.isFinite(floor) ? floor : 1;
  for (let i = 0; i < out.data.length; i++) out.data[i] = 0.5 * Math.log10(Math.max(out.data[i] as number, least));
  return out;
}

export const PHASE_RANGE = [-Math.PI, Math.PI] as const;

/** `Coil 1`, `Coil 2`, … */
export function coilLabels(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `Coil ${i + 1}`);
}
