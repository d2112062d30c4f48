/** A small asymmetric volume as the exporters get it: no axis, direction or place can be mixed up without a difference. */
import { type NdArray, zeros } from '../../src/array/nd-array.ts';
import type { Geometry, Series } from '../../src/array/recording.ts';
import { mm } from '../../src/array/units.ts';
import type { ExportInput } from '../../src/pipeline/step.ts';

export const SHAPE = [5, 12, 9] as const;

/** Oblique, with unequal spacings and slices set against the right-handed normal. */
export function obliqueGeometry(slices = SHAPE[0] as number): Geometry {
  const [a, b] = [0.3, 0.2];
  const rowDirection = [Math.cos(a), Math.sin(a), 0] as const;
  const columnDirection = [-Math.sin(a) * Math.cos(b), Math.cos(a) * Math.cos(b), Math.sin(b)] as const;
  const normal = [Math.sin(a) * Math.sin(b), -Math.cos(a) * Math.sin(b), Math.cos(b)];
  const at = (s: number, d: number): number => ([-40, 12, 7][d] as number) - 4.5 * s * (normal[d] as number);
  return {
    rowDirection,
    columnDirection,
    rowSpacing: mm(1.25),
    columnSpacing: mm(0.75),
    sliceThickness: mm(4),
    positions: Array.from({ length: slices }, (_, s) => [at(s, 0), at(s, 1), at(s, 2)] as const),
  };
}

export function asymmetricVolume(scale = 1): NdArray<'float32'> {
  const [slices, rows, columns] = SHAPE;
  const out = zeros('float32', [slices, rows, columns]);
  for (let i = 0; i < out.data.length; i++) {
    const [s, r, c] = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns];
    out.data[i] = scale * (1 + 3 * s + 0.31 * r + 0.017 * c + (r < 4 && c > 5 ? 20 : 0));
  }
  return out;
}

export function complexVolume(): NdArray<'complex64'> {
  const real = asymmetricVolume();
  const out = zeros('complex64', real.shape);
  real.data.forEach((v, i) => {
    out.data[2 * i] = v * Math.cos(0.1 * i);
    out.data[2 * i + 1] = v * Math.sin(0.1 * i);
  });
  return out;
}

export function exportInput(
  series: Partial<Series> = { geometry: obliqueGeometry() },
  volume: ExportInput['volume'] = asymmetricVolume(),
): ExportInput {
  return {
    volume,
    title: 'L1-wavelet R=4.0',
    slices: Array.from({ length: volume.shape[0] ?? 0 }, (_, i) => i),
    series: { title: 'test', domain: 'image', attributes: [], ...series },
    derivation: 'Lacuna 0.1.0: L1-wavelet from 80 of 320 lines, random pattern, R 4.00 nominal, 3.98 achieved. Research use only.',
    receipt: '{"lacunaReceipt":1,"pipeline":{"method":"l1-wavelet"}}',
    uidSeed: '5'.repeat(64),
    learned: false,
  };
}

/** Place of a voxel's centre, LPS mm. */
export function placeOf(g: Geometry, s: number, r: number, c: number): number[] {
  const corner = g.positions[s] as readonly number[];
  return corner.map(
    (p, d) => p + c * g.columnSpacing * (g.rowDirection[d] as number) + r * g.rowSpacing * (g.columnDirection[d] as number),
  );
}
