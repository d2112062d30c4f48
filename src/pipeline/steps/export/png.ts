import { z } from 'zod';
import { magnitude } from '../../../array/nd-array.ts';
import { encodePng } from '../../../formats/png/encode.ts';
import { defineExport } from '../../step.ts';
import { finerParams } from '../finer-params.ts';

export default defineExport({
  name: 'png',
  title: 'PNG',
  help: 'Greyscale pictures, one file a slice, all slices under one window. For slides and papers: the scale of the data is lost.',
  reference: 'W3C Portable Network Graphics (PNG) Specification, third edition',
  params: z.object({
    depth: z.enum(['8', '16']).default('8').describe('Bits a pixel.').meta({ title: 'Depth', unit: 'bit' }),
    window: z
      .enum(['auto', 'full'])
      .default('auto')
      .describe('Which values span black to white: 0 to the 99.5th percentile (auto), or minimum to maximum (full).')
      .meta({ title: 'Window' }),
    ...finerParams,
  }),
  extensions: ['.png'],
  async run({ volume, title, slices, derivation }, { depth, window }) {
    const [count, rows, columns] = volume.shape as [number, number, number];
    const { data } = magnitude(volume);
    const [low, high] = window === 'full' ? extent(data) : [0, percentile(data, 0.995)];
    const bits = depth === '16' ? 16 : 8;
    return Array.from({ length: count }, (_, i) => {
      const levels = quantise(data.subarray(i * rows * columns, (i + 1) * rows * columns), low, high, bits);
      const text = {
        Title: `${title}, slice ${slices[i]}`,
        Description: derivation,
        Warning: 'Not for diagnostic use',
        Comment: `black ${low}, white ${high}`,
        Software: 'Lacuna Studio',
      };
      return { suffix: count === 1 ? '' : `-${String(i + 1).padStart(4, '0')}`, bytes: encodePng({ rows, columns, depth: bits, levels }, text) };
    });
  },
});

function quantise(values: Float32Array, low: number, high: number, bits: 8 | 16): Uint8Array | Uint16Array {
  const top = 2 ** bits - 1;
  const scale = high > low ? top / (high - low) : 0;
  const out = bits === 16 ? new Uint16Array(values.length) : new Uint8Array(values.length);
  // NaN falls to black: Math.max passes it on, and storing it in an integer array gives 0.
  for (let i = 0; i < values.length; i++) out[i] = Math.round(Math.min(top, Math.max(0, ((values[i] as number) - low) * scale)));
  return out;
}

function extent(values: Float32Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high && value < Infinity) high = value;
  }
  return high >= low ? [low, high] : [0, 0];
}

/** The smallest value that at least the part `q` of the finite values does not exceed. */
function percentile(values: Float32Array, q: number): number {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}
