/** What the raw-data doctor says about bare k-space, and what its fixes do: on `.npy` bytes, through the registry. */
import { describe, expect, it } from 'vitest';
import { type NdArray, ndArray } from '../../../src/array/nd-array.ts';
import { encodeNpy } from '../../../src/array/npy.ts';
import type { ReadOptions } from '../../../src/array/read-options.ts';
import type { Recording } from '../../../src/array/recording.ts';
import { openBytes } from '../../../src/formats/registry.ts';
import { fft2c } from '../../../src/transform/fft.ts';

const [ROWS, COLUMNS, COILS] = [40, 32, 2];

/** k-space of an ellipse off the middle, [coil, row, column], moved in k-space by `shift`. */
function kspace(shift: readonly [number, number] = [0, 0], centre: readonly [number, number] = [2, -1]): NdArray<'complex64'> {
  const image = ndArray('complex64', [COILS, ROWS, COLUMNS], new Float32Array(2 * COILS * ROWS * COLUMNS));
  for (let i = 0; i < COILS * ROWS * COLUMNS; i++) {
    const [coil, r, c] = [Math.floor(i / (ROWS * COLUMNS)), Math.floor(i / COLUMNS) % ROWS, i % COLUMNS];
    const wrap = (x: number, n: number): number => ((((x % n) + n) % n) + n / 2) % n - n / 2;
    const [v, u] = [wrap(r - ROWS / 2 - centre[0], ROWS) / 12, wrap(c - COLUMNS / 2 - centre[1], COLUMNS) / 9];
    image.data[2 * i] = v * v + u * u < 1 ? 1 + 0.3 * coil * u : 0;
  }
  const centred = fft2c(image);
  const out = ndArray('complex64', centred.shape, centred.data.slice());
  for (let i = 0; i < COILS * ROWS * COLUMNS; i++) {
    const [coil, r, c] = [Math.floor(i / (ROWS * COLUMNS)), Math.floor(i / COLUMNS) % ROWS, i % COLUMNS];
    const to = (coil * ROWS + ((r + shift[0] + ROWS) % ROWS)) * COLUMNS + ((c + shift[1] + COLUMNS) % COLUMNS);
    out.data.set(centred.data.subarray(2 * i, 2 * i + 2), 2 * to);
  }
  return out;
}

const open = (array: NdArray, options?: ReadOptions): Promise<Recording> => openBytes('k.npy', encodeNpy(array), options);
const valuesOf = async (recording: Recording): Promise<Float32Array> => ((await recording.series[0]?.read(0)) as NdArray<'complex64'>).data;

describe('the raw-data doctor', () => {
  it('has nothing to say about sound k-space', async () => {
    expect((await open(kspace())).findings).toBeUndefined();
  });

  it.each([
    ['a few samples off', [3, -2], 'warning', /row 23, column 14, that is 3 rows and -2 columns off/],
    ['without fftshift', [ROWS / 2, COLUMNS / 2], 'error', /at the corners .* an fftshift is missing/],
  ] as const)('finds a centre %s, and puts it right', async (_, shift, severity, found) => {
    const recording = await open(kspace(shift));
    expect(recording.series[0]?.domain).toBe('kspace');
    expect(recording.findings).toMatchObject([{ id: 'k-space-centre', severity, found: expect.stringMatching(found), fix: { applied: false } }]);
    const mended = await open(kspace(shift), { fixes: ['k-space-centre'] });
    expect(mended.findings?.[0]?.fix?.applied).toBe(true);
    expect(await valuesOf(mended)).toEqual(kspace().data);
  });

  it('finds an image that was cut in two by the edges, and joins it', async () => {
    const cut = kspace([0, 0], [2 + ROWS / 2, -1 + COLUMNS / 2]);
    const recording = await open(cut);
    expect(recording.findings).toMatchObject([{ id: 'half-fov-shift', found: expect.stringMatching(/along both directions/) }]);
    const mended = await valuesOf(await open(cut, { fixes: ['half-fov-shift'] }));
    const expected = kspace().data;
    // The centre of 40 × 32 is an even sample, so its sign stays.
    expect(Math.max(...mended.map((value, i) => Math.abs(value - (expected[i] as number))))).toBeLessThan(1e-4);
  });

  it('finds values that are no numbers, says where, and sets them to zero', async () => {
    const broken = kspace();
    broken.data[2 * ((1 * ROWS + 7) * COLUMNS + 5)] = Number.NaN;
    broken.data[2 * ((1 * ROWS + 9) * COLUMNS + 5) + 1] = Infinity;
    const recording = await open(broken);
    expect(recording.series[0]?.domain).toBe('kspace');
    expect(recording.findings).toMatchObject([{ id: 'not-a-number', severity: 'error', found: expect.stringMatching(/2 values .* coil 1, row 7, column 5/) }]);
    const mended = await valuesOf(await open(broken, { fixes: ['not-a-number'] }));
    expect(mended.every(Number.isFinite)).toBe(true);
    expect(mended[2 * ((1 * ROWS + 9) * COLUMNS + 5)]).toBe(0);
  });

  it('finds them in real images too', async () => {
    const image = ndArray('float32', [2, 8, 9], Float32Array.from({ length: 144 }, (_, i) => (i === 72 + 2 * 9 + 4 ? Number.NaN : i)));
    expect((await open(image)).findings).toMatchObject([{ id: 'not-a-number', found: expect.stringMatching(/Slice 1 holds 1 values .* row 2, column 4/) }]);
    const mended = await (await open(image, { fixes: ['not-a-number'] })).series[0]?.read(1);
    expect([mended?.data[22], mended?.data[23]]).toEqual([0, 95]);
  });

  it('tells of a scale that single precision cannot square', async () => {
    const sound = kspace();
    const recording = await open(ndArray('complex64', sound.shape, sound.data.map((value) => value * 1e18)));
    expect(recording.findings).toMatchObject([{ id: 'absurd-scale', severity: 'warning' }]);
  });

  it('tells where only the order tells two axes apart, unless a person named them', async () => {
    const square = ndArray('complex64', [4, 16, 16], Float32Array.from({ length: 2048 }, (_, i) => Math.sin(i)));
    expect((await open(square)).findings).toMatchObject([{ id: 'axes-of-one-length', severity: 'info', found: expect.stringMatching(/row and column are both 16 long/) }]);
    expect((await open(square, { axes: { array: ['coil', 'column', 'row'] } })).findings).toBeUndefined();
  });
});

describe('axes and domains as told', () => {
  const ramp = ndArray('complex64', [4, 16, 12], Float32Array.from({ length: 2 * 768 }, (_, i) => i));

  it.each([
    [['coil', 'row', 'column'], 1, [4, 16, 12], (k: number, r: number, c: number) => (k * 16 + r) * 12 + c],
    [['coil', 'column', 'row'], 1, [4, 12, 16], (k: number, r: number, c: number) => (k * 16 + c) * 12 + r],
    [['row', 'coil', 'column'], 1, [16, 4, 12], (k: number, r: number, c: number) => (r * 16 + k) * 12 + c],
    [['column', 'row', 'coil'], 1, [12, 16, 4], (k: number, r: number, c: number) => (c * 16 + r) * 12 + k],
    [['row', 'column', 'frame'], 12, [1, 4, 16], (_: number, r: number, c: number) => (r * 16 + c) * 12 + 5],
  ] as const)('%j', async (axes, slices, shape, at) => {
    const recording = await open(ramp, { axes: { array: [...axes] }, domains: { array: 'kspace' } });
    const series = recording.series[0];
    expect(series).toMatchObject({ domain: 'kspace', slices, axisChoice: { shape: [4, 16, 12], axes, domain: 'kspace' } });
    const slice = (await series?.read(slices === 1 ? 0 : 5)) as NdArray<'complex64'>;
    expect(slice.shape).toEqual(shape);
    const [coils, rows, columns] = slice.shape as [number, number, number];
    for (const [k, r, c] of [[0, 0, 0], [coils - 1, rows - 1, columns - 1], [coils >> 1, 3, 2]] as const) {
      expect(slice.data[2 * ((k * rows + r) * columns + c)]).toBe(2 * at(k, r, c));
    }
  });

  it('makes the coils of real arrays complex images', async () => {
    const real = ndArray('float32', [3, 8, 8], Float32Array.from({ length: 192 }, (_, i) => i));
    const series = (await open(real, { axes: { array: ['coil', 'row', 'column'] } })).series[0];
    expect(series).toMatchObject({ domain: 'image', dtype: 'complex64', coils: 3 });
    expect((await series?.read(0))?.data[2 * 100]).toBe(100);
  });

  it.each([
    [{ axes: { array: ['row', 'column'] } }, /it has 3 axes, of lengths 4, 16, 12/],
    [{ axes: { array: ['row', 'column', 'column'] } }, /only one axis can be the column/],
    [{ axes: { array: ['coil', 'slice', 'row'] } }, /has to be the column/],
  ] as const)('refuses %j', async (options, message) => {
    await expect(open(ramp, options as unknown as ReadOptions)).rejects.toMatchObject({ code: 'usage.invalid', file: 'k.npy', field: 'array', message: expect.stringMatching(message) });
  });

  it('refuses real k-space', async () => {
    const real = ndArray('float32', [8, 8], new Float32Array(64));
    await expect(open(real, { domains: { array: 'kspace' } })).rejects.toMatchObject({ code: 'usage.invalid', message: expect.stringMatching(/no k-space/) });
  });
});
