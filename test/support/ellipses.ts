/** The phantom, maps and noise of test/fixtures/scripts/classical.py. */
import { zeros, type NdArray } from '../../src/array/nd-array.ts';

export const SIZE = 64;
export const COILS = 8;
const SIGMA = 0.002;

const axis = (i: number): number => (2 * i) / SIZE - 1;
const inside = (x: number, y: number, cx: number, cy: number, rx: number, ry: number): number =>
  ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1 ? 1 : 0;

/** [64, 64]; `phase` = 0.5 for the ramp of the SENSE problem, 0 for a real image. */
export function ellipses(phase: number): NdArray<'complex64'> {
  return fill([SIZE, SIZE], (x, y) => {
    const value =
      inside(x, y, 0, 0, 0.75, 0.9) - 0.6 * inside(x, y, 0, 0, 0.65, 0.8) + 0.4 * inside(x, y, 0.2, -0.3, 0.2, 0.3) +
      0.3 * inside(x, y, -0.25, 0.3, 0.15, 0.25);
    return [value * Math.cos(phase * x), value * Math.sin(phase * x)];
  });
}

/** [8, 64, 64] of unit root-sum-of-squares. */
export function ringOfCoils(): NdArray<'complex64'> {
  const size = (x: number, y: number, a: number): number => Math.exp(-((x - 1.1 * Math.cos(a)) ** 2 + (y - 1.1 * Math.sin(a)) ** 2) / 1.2);
  const angle = (c: number): number => (2 * Math.PI * c) / COILS;
  return fill([COILS, SIZE, SIZE], (x, y, c) => {
    const rss = Math.sqrt(Array.from({ length: COILS }, (_, d) => size(x, y, angle(d)) ** 2).reduce((sum, v) => sum + v, 0));
    const a = angle(c);
    const phase = a + 0.6 * x * Math.cos(a) + 0.6 * y * Math.sin(a);
    return [(size(x, y, a) / rss) * Math.cos(phase), (size(x, y, a) / rss) * Math.sin(phase)];
  });
}

/** Adds the noise of classical.py in place. */
export function addNoise(x: NdArray<'complex64'>): NdArray<'complex64'> {
  const part = (i: number, a: number, b: number): number => ((((i * i) % 7919) * a + i * b) % 7919 / 7919 - 0.5) * Math.sqrt(6) * SIGMA;
  for (let i = 0; i < x.data.length / 2; i++) {
    x.data[2 * i] = (x.data[2 * i] ?? NaN) + part(i, 31, 17);
    x.data[2 * i + 1] = (x.data[2 * i + 1] ?? NaN) + part(i, 57, 101);
  }
  return x;
}

function fill(shape: readonly number[], value: (x: number, y: number, plane: number) => readonly [number, number]): NdArray<'complex64'> {
  const out = zeros('complex64', shape);
  for (let i = 0; i < out.data.length / 2; i++) {
    out.data.set(value(axis(i % SIZE), axis(Math.floor(i / SIZE) % SIZE), Math.floor(i / SIZE / SIZE)), 2 * i);
  }
  return out;
}
