/** The inputs of test/fixtures/scripts/nufft.py, and trajectories for tests. */
import { ndArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import type { Trajectory } from '../../src/array/trajectory.ts';
import { Random } from '../../src/random/xoshiro.ts';

/** `values` of the script. */
export function scriptValues(shape: readonly number[], salt: number): NdArray<'complex64'> {
  const out = zeros('complex64', shape);
  for (let n = 0; n < out.data.length; n++) {
    const i = n + salt;
    out.data[n] = ((i * i * 7919 + i * 104729) % 1009) / 1009 - 0.5;
  }
  return out;
}

/** `trajectory` of the script. */
export function scriptTrajectory(rows: number, columns: number, samples: number, readouts: number, salt: number): Trajectory {
  const values = scriptValues([samples, readouts], salt);
  return trajectoryOf([samples, readouts], rows, columns, (m) => [(values.data[2 * m] ?? NaN) * rows, (values.data[2 * m + 1] ?? NaN) * columns]);
}

/** `spokes` of the script. */
export function scriptSpokes(rows: number, columns: number, samples: number, count: number): Trajectory {
  return trajectoryOf([samples, count], rows, columns, (m) => {
    const t = (Math.floor(m / count) - Math.floor(samples / 2)) / samples;
    const angle = (Math.PI * (m % count)) / count;
    return [t * rows * Math.sin(angle), t * columns * Math.cos(angle)];
  });
}

/** Uniform over k-space, with the corners, an edge and the centre among them. */
export function randomTrajectory(rows: number, columns: number, samples: number, readouts: number, seed = 1): Trajectory {
  const random = new Random(seed, rows, columns);
  const special = [[rows / 2, columns / 2], [-rows / 2, columns / 2], [rows / 2, 0.3], [0, 0]] as const;
  return trajectoryOf([samples, readouts], rows, columns, (m) => special[m] ?? [(random.uniform() - 0.5) * rows, (random.uniform() - 0.5) * columns]);
}

export function trajectoryOf(
  [samples, readouts]: readonly [number, number],
  rows: number,
  columns: number,
  place: (m: number) => readonly [number, number],
): Trajectory {
  const data = new Float32Array(2 * samples * readouts);
  for (let m = 0; m < samples * readouts; m++) data.set(place(m), 2 * m);
  return { kind: 'other', points: ndArray('float32', [samples, readouts, 2], data), matrix: { rows, columns } };
}
