/**
 * A small made-up acquisition on which an execution provider must agree with CPU before it may run the network: two coils,
 * a smooth object of height 1, every third line or a checkerboard of points, 24×20 (neither a power of two nor square).
 */
import type { NdArray } from '../array/nd-array.ts';
import { zeros } from '../array/nd-array.ts';
import { coils } from '../operators/coils.ts';
import { fft2c } from '../transform/fft.ts';
import { estimateMaps } from './coil-maps.ts';
import { cartesianProblem } from './unrolled-problem.ts';
import type { UnrolledProblem } from './unrolled.ts';

const [COILS, ROWS, COLUMNS] = [2, 24, 20];
const CENTRE = { rows: [6, 18], columns: [6, 15] } as const;
const NOISE = 0.01;

/** Deterministic. */
export function unrolledVerification(kind: UnrolledProblem['kind']): UnrolledProblem {
  const pattern = { kind, mask: kind === 'lines' ? lineMask() : pointMask() };
  const kspace = fft2c(coils(coilSensitivities()).apply(object()));
  const maps = estimateMaps(kspace, kind === 'lines' ? { ...CENTRE, rows: [0, ROWS] } : CENTRE);
  for (let i = 0; i < kspace.data.length; i++) {
    if (pattern.mask[(i >> 1) % pattern.mask.length] === 0) kspace.data[i] = 0;
  }
  return cartesianProblem(kspace, maps, pattern, kind, NOISE);
}

/** An ellipse with a dark disc, a bright dot and a phase ramp. */
function object(): NdArray<'complex64'> {
  const image = zeros('complex64', [ROWS, COLUMNS]);
  for (let r = 0; r < ROWS; r++) {
    for (let c = 0; c < COLUMNS; c++) {
      const [y, x] = [(r - ROWS / 2) / ROWS, (c - COLUMNS / 2) / COLUMNS];
      if (x * x + y * y * 0.8 > 0.16) continue;
      const height = (x - 0.1) ** 2 + y * y < 0.01 ? 0.3 : r === 8 && c === 7 ? 1 : 0.7;
      image.data.set([height * Math.cos(2 * x + y), height * Math.sin(2 * x + y)], 2 * (r * COLUMNS + c));
    }
  }
  return image;
}

function coilSensitivities(): NdArray<'complex64'> {
  const maps = zeros('complex64', [COILS, ROWS, COLUMNS]);
  for (let r = 0; r < ROWS; r++) {
    for (let c = 0; c < COLUMNS; c++) {
      const turn = (Math.PI / 2) * (c / COLUMNS);
      maps.data.set([Math.cos(turn), 0], 2 * (r * COLUMNS + c));
      maps.data.set([0, Math.sin(turn)], 2 * ((ROWS + r) * COLUMNS + c));
    }
  }
  return maps;
}

function lineMask(): Uint8Array {
  return Uint8Array.from({ length: COLUMNS }, (_, c) => (inside(c, CENTRE.columns) || c % 3 === 0 ? 1 : 0));
}

function pointMask(): Uint8Array {
  return Uint8Array.from({ length: ROWS * COLUMNS }, (_, i) => {
    const [r, c] = [Math.floor(i / COLUMNS), i % COLUMNS];
    return (inside(r, CENTRE.rows) && inside(c, CENTRE.columns)) || (r + c) % 2 === 0 ? 1 : 0;
  });
}

const inside = (i: number, [start, end]: readonly [number, number]) => i >= start && i < end;
