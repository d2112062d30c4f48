import { Random } from '../../src/random/xoshiro.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';

/** Each line or point kept with probability `share`, the centre one always. */
export function randomPattern(kind: 'lines' | 'points', rows: number, columns: number, share = 0.4): SamplingPattern {
  const random = new Random(5, rows, columns);
  const mask = new Uint8Array(kind === 'lines' ? columns : rows * columns).map(() => (random.uniform() < share ? 1 : 0));
  mask[kind === 'lines' ? Math.floor(columns / 2) : Math.floor(rows / 2) * columns + Math.floor(columns / 2)] = 1;
  return describePattern({ kind, rows, columns, mask });
}
