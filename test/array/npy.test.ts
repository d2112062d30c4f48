import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DType, type NdArray, ndArray, zeros } from '../../src/array/nd-array.ts';
import { decodeNpy, encodeNpy } from '../../src/array/npy.ts';

const folder = join(import.meta.dirname, '../fixtures/npy');
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));

/** What test/fixtures/scripts/npy_fixtures.py puts into element i. */
function expected(dtype: DType, count: number): number[] {
  const i = Array.from({ length: count }, (_, k) => k);
  if (dtype === 'bool') return i.map((k) => (k % 3 === 0 ? 1 : 0));
  if (dtype.startsWith('complex')) return i.flatMap((k) => [k, 0 - 0.5 * k]);
  return i.map((k) => k - (dtype.startsWith('uint') ? 0 : 4));
}

/** A header with the given dict and `bytes` bytes of zeros behind it. */
function fileWith(dict: string, bytes: number): Uint8Array {
  const out = new Uint8Array(128 + bytes);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  out.set(new TextEncoder().encode(`${dict.padEnd(117)}\n`), 10);
  return out;
}

describe('decodeNpy', () => {
  it.each(readdirSync(folder).filter((name) => /^((le|be)_)?[biufc]\d+\.npy$/.test(name)))('reads %s as NumPy wrote it', (name) => {
    const array = decodeNpy(fixture(name), name);
    expect(array.shape).toEqual([2, 3]);
    expect(Array.from(array.data as Float64Array, Number)).toEqual(expected(array.dtype, 6));
  });

  it('widens float16, also its subnormals, infinities and NaN', () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x8000, 0x7bff, 0x7c00, 0xfc00, 0x7e00);
    const bytes = fileWith("{'descr': '<f2', 'fortran_order': False, 'shape': (8,), }", 16);
    bytes.set(new Uint8Array(bits.buffer), 128);
    const { dtype, data } = decodeNpy(bytes);
    expect(dtype).toBe('float32');
    expect([...(data as Float32Array)]).toEqual([1, -2, 2 ** -24, -0, 65504, Infinity, -Infinity, Number.NaN]);
  });

  it('turns Fortran order into C order', () => {
    const { data, shape } = decodeNpy(fixture('fortran.npy'));
    expect(shape).toEqual([2, 3, 4]);
    expect([...(data as Float32Array)]).toEqual(expected('complex64', 24));
  });

  it.each([1, 2, 3])('reads version %i', (version) => {
    expect([...(decodeNpy(fixture(`version_${version}.npy`)).data as Float32Array)]).toEqual([-4, -3, -2, -1, 0, 1]);
  });

  it('reads a scalar and an array at an odd offset', () => {
    expect(decodeNpy(fixture('scalar.npy'))).toMatchObject({ shape: [], data: Float32Array.of(2.5) });
    const bytes = fixture('le_f8.npy');
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect([...(decodeNpy(shifted.subarray(3)).data as Float64Array)]).toEqual([-4, -3, -2, -1, 0, 1]);
  });

  const good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  it.each([
    ['records', fixture('records.npy'), 'input.unsupported', 'descr'],
    ['objects', fixture('objects.npy'), 'input.unsupported', 'descr'],
    ['no magic', new Uint8Array(200), 'input.malformed', 'magic'],
    ['ten bytes short of everything', new Uint8Array(3), 'input.truncated', undefined],
    ['values cut off', fileWith(good, 23), 'input.truncated', 'shape'],
    ['values too many', fileWith(good, 25), 'input.malformed', 'shape'],
    ['cut inside the header', fileWith(good, 24).subarray(0, 40), 'input.truncated', 'header'],
    ['version 9', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 9, 0, 0, 0), 'input.unsupported', 'version'],
    ['negative side', fileWith("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3), }", 24), 'input.malformed', 'shape'],
    ['shape beyond any file', fileWith("{'descr': '<f4', 'fortran_order': False, 'shape': (999999999, 999999999), }", 24), 'input.malformed', 'shape'],
    ['number instead of tuple', fileWith("{'descr': '<f4', 'fortran_order': False, 'shape': (6), }", 24), 'input.malformed', 'shape'],
    ['code instead of literals', fileWith("{'descr': __import__('os'), 'fortran_order': False, 'shape': (6,), }", 24), 'input.malformed', 'header'],
    ['no order', fileWith("{'descr': '<f4', 'shape': (2, 3), }", 24), 'input.malformed', 'fortran_order'],
  ])('refuses: %s', (_, bytes, code, field) => {
    expect(() => decodeNpy(bytes, 'x.npy')).toThrow(expect.objectContaining({ code, field, file: 'x.npy' }));
  });
});

describe('encodeNpy', () => {
  it.each(['bool', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64', 'complex64', 'complex128'] as const)('brings %s back', (dtype) => {
    const array: NdArray = zeros(dtype, [3, 2]);
    (array.data as Float32Array)[3] = (dtype.endsWith('64') && dtype.includes('int') ? 1n : 1) as number;
    expect(decodeNpy(encodeNpy(array))).toEqual(array);
  });

  it('writes the bytes that NumPy writes', () => {
    const values = Float32Array.of(-4, -3, -2, -1, 0, 1);
    expect(Buffer.compare(Buffer.from(encodeNpy(ndArray('float32', [2, 3], values))), Buffer.from(fixture('le_f4.npy')))).toBe(0);
  });

  it('writes one axis as a tuple', () => {
    expect(decodeNpy(encodeNpy(ndArray('uint8', [2], Uint8Array.of(1, 2))))).toEqual(ndArray('uint8', [2], Uint8Array.of(1, 2)));
  });
});
