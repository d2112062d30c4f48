/** Trajectories and samples in BART's layout: points [3, sample, readout] in cycles, samples [1, sample, readout, coil], first axis fastest. */
import { readFileSync, writeFileSync } from 'node:fs';
import { ndArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import type { Trajectory } from '../../src/array/trajectory.ts';

interface Cfl {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

function readRaw(path: string): Cfl {
  const dims = (readFileSync(`${path}.hdr`, 'utf8').split('\n')[1] ?? '').trim().split(/\s+/).map(Number);
  const bytes = readFileSync(`${path}.cfl`);
  return { dims, data: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)) };
}

function writeRaw(path: string, dims: readonly number[], data: Float32Array): void {
  writeFileSync(`${path}.hdr`, `# Dimensions\n${dims.join(' ')}\n`);
  writeFileSync(`${path}.cfl`, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** BART's x runs along image columns, y along rows. */
export function readTrajectory(path: string, matrix: Trajectory['matrix'], kind: Trajectory['kind'] = 'radial'): Trajectory {
  const { dims, data } = readRaw(path);
  const [, samples = 1, readouts = 1] = dims;
  const points = zeros('float32', [samples, readouts, 2]);
  for (let s = 0; s < samples; s++) {
    for (let j = 0; j < readouts; j++) {
      const from = 2 * 3 * (j * samples + s);
      points.data[2 * (s * readouts + j)] = data[from + 2] ?? NaN;
      points.data[2 * (s * readouts + j) + 1] = data[from] ?? NaN;
    }
  }
  return { kind, points, matrix };
}

export function writeTrajectory(path: string, { points }: Trajectory): void {
  const [samples, readouts] = points.shape as [number, number, number];
  const data = new Float32Array(6 * samples * readouts);
  for (let s = 0; s < samples; s++) {
    for (let j = 0; j < readouts; j++) {
      const to = 6 * (j * samples + s);
      data[to] = points.data[2 * (s * readouts + j) + 1] ?? NaN;
      data[to + 2] = points.data[2 * (s * readouts + j)] ?? NaN;
    }
  }
  writeRaw(path, [3, samples, readouts], data);
}

/** → [coil, sample, readout]; a file whose readout axis comes first ([sample, readout, 1, coil]) is read as well. */
export function readSamples(path: string): NdArray<'complex64'> {
  const { dims, data } = readRaw(path);
  const [first = 1, second = 1, third = 1, coils = 1] = dims;
  const [samples, readouts] = first === 1 ? [second, third] : [first, second];
  return swapped(data, coils, readouts, samples);
}

export function writeSamples(path: string, y: NdArray<'complex64'>): void {
  const [coils, samples, readouts] = y.shape as [number, number, number];
  writeRaw(path, [1, samples, readouts, coils], swapped(y.data, coils, samples, readouts).data);
}

/** [coil, a, b] → [coil, b, a] */
function swapped(data: Float32Array, coils: number, a: number, b: number): NdArray<'complex64'> {
  const out = ndArray('complex64', [coils, b, a], new Float32Array(data.length));
  for (let c = 0; c < coils; c++) {
    for (let i = 0; i < a; i++) {
      for (let j = 0; j < b; j++) {
        const from = 2 * ((c * a + i) * b + j);
        out.data.set(data.subarray(from, from + 2), 2 * ((c * b + j) * a + i));
      }
    }
  }
  return out;
}
