/** A small measurement with sides that are neither equal nor powers of two. */
import type { NdArray } from '../../src/array/nd-array.ts';
import { mask } from '../../src/operators/mask.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { randomComplex } from './random-array.ts';

const [COILS, ROWS, COLUMNS] = [3, 20, 27];

export function twinCase(kind: 'lines' | 'points'): {
  maps: NdArray<'complex64'>;
  kspace: NdArray<'complex64'>;
  pattern: SamplingPattern;
  size: { coils: number; rows: number; columns: number };
} {
  const count = kind === 'lines' ? COLUMNS : ROWS * COLUMNS;
  const pattern = describePattern({ kind, rows: ROWS, columns: COLUMNS, mask: Uint8Array.from({ length: count }, (_, i) => ((i * 7919) % 5 < 2 || i === count >> 1 ? 1 : 0)) });
  return {
    maps: unitMaps(randomComplex([COILS, ROWS, COLUMNS])),
    kspace: mask(pattern, COILS).apply(randomComplex([COILS, ROWS, COLUMNS])),
    pattern,
    size: { coils: COILS, rows: ROWS, columns: COLUMNS },
  };
}

function unitMaps(maps: NdArray<'complex64'>): NdArray<'complex64'> {
  const pixels = maps.data.length / 2 / COILS;
  for (let i = 0; i < pixels; i++) {
    let power = 0;
    for (let c = 0; c < COILS; c++) power += (maps.data[2 * (c * pixels + i)] as number) ** 2 + (maps.data[2 * (c * pixels + i) + 1] as number) ** 2;
    for (let c = 0; c < COILS; c++) {
      for (const part of [0, 1]) maps.data[2 * (c * pixels + i) + part] = (maps.data[2 * (c * pixels + i) + part] as number) / Math.sqrt(power);
    }
  }
  return maps;
}
