/** All frames of a dynamic series as one k-space: where calibration looks. */
import { zeros, type NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import { describePattern } from '../sampling/describe.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import type { MriMeasurement } from './measurement.ts';

/** Each sample the mean over the frames that have it, zero where none has; the pattern keeps what any frame kept. */
export function timeAverage(frames: readonly Pick<MriMeasurement, 'kspace' | 'pattern'>[]): { readonly kspace: NdArray<'complex64'>; readonly pattern: SamplingPattern } {
  const first = frames[0];
  if (first === undefined) throw new LacunaError('internal', 'no frames to average');
  const { rows, columns, kind } = first.pattern;
  const pixels = rows * columns;
  const sum = zeros('complex64', first.kspace.shape);
  const counts = new Float32Array(pixels);
  for (const { kspace, pattern } of frames) {
    for (let i = 0; i < sum.data.length; i++) sum.data[i] = (sum.data[i] as number) + (kspace.data[i] as number);
    for (let i = 0; i < pixels; i++) counts[i] = (counts[i] as number) + (pattern.mask[pattern.kind === 'lines' ? i % columns : i] as number);
  }
  for (let i = 0; i < sum.data.length; i++) sum.data[i] = (sum.data[i] as number) / Math.max(1, counts[(i >> 1) % pixels] as number);
  const mask = Uint8Array.from({ length: kind === 'lines' ? columns : pixels }, (_, i) => ((counts[i] as number) > 0 ? 1 : 0));
  return { kspace: sum, pattern: describePattern({ kind, rows, columns, mask }) };
}
