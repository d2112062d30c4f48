import { describe, expect, it } from 'vitest';
import { type NdArray, ndArray } from '../../src/array/nd-array.ts';
import { LacunaError } from '../../src/errors.ts';
import { patternFromArray } from '../../src/sampling/from-array.ts';

const context = { rows: 2, columns: 4 };
const bits = [0, 1, 1, 0];

function errorOf(run: () => unknown): LacunaError {
  try {
    run();
  } catch (error) {
    if (error instanceof LacunaError) return error;
  }
  throw new Error('expected a LacunaError');
}

describe('patternFromArray', () => {
  it.each<NdArray>([
    ndArray('bool', [4], Uint8Array.from(bits)),
    ndArray('int16', [4], Int16Array.from([0, -1, 300, 0])),
    ndArray('int64', [4], BigInt64Array.from([0n, 1n, 1n, 0n])),
    ndArray('float32', [1, 1, 4, 1], Float32Array.from([0, 1e-30, 0.5, -0])),
    ndArray('float64', [4, 1], Float64Array.from(bits)),
  ])('reads lines from $dtype $shape', (array) => {
    const pattern = patternFromArray(array, context, 'mask.npy');
    expect(pattern).toMatchObject({ kind: 'lines', kept: 2, total: 4, nominal: 2, achieved: 2 });
    expect([...pattern.mask]).toEqual(bits);
  });

  it('reads points from [rows, columns]', () => {
    const pattern = patternFromArray(ndArray('uint8', [2, 4], Uint8Array.of(1, 0, 0, 0, 0, 0, 2, 0)), context, 'mask.npy');
    expect(pattern).toMatchObject({ kind: 'points', kept: 2, total: 8, achieved: 4 });
  });

  it('keeps only what was acquired', () => {
    const array = ndArray('uint8', [4], Uint8Array.of(1, 1, 1, 1));
    expect(patternFromArray(array, { ...context, acquired: Uint8Array.of(0, 1, 1, 0) }, 'mask.npy').kept).toBe(2);
  });

  it('refuses other shapes, naming the file, what it has and what is needed', () => {
    const error = errorOf(() => patternFromArray(ndArray('uint8', [4, 2], new Uint8Array(8)), context, 'mask.npy'));
    expect(error).toMatchObject({ code: 'input.mismatch', file: 'mask.npy', field: 'shape' });
    expect(error.message).toContain('has shape [4, 2]; this recording needs [4] (one value per line) or [2, 4]');
  });

  it('refuses complex values, NaN, and a pattern that keeps nothing', () => {
    const complex = ndArray('complex64', [4], new Float32Array(8));
    expect(errorOf(() => patternFromArray(complex, context, 'm.npy'))).toMatchObject({ code: 'input.unsupported', field: 'dtype' });
    const nan = ndArray('float32', [4], Float32Array.of(1, 0, Number.NaN, 0));
    expect(errorOf(() => patternFromArray(nan, context, 'm.npy')).message).toBe('Value 2 of the pattern is NaN; expected 0 or not 0.');
    const empty = ndArray('bool', [4], new Uint8Array(4));
    expect(errorOf(() => patternFromArray(empty, context, 'm.npy'))).toMatchObject({ code: 'input.malformed', file: 'm.npy' });
  });
});
