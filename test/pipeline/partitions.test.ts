/** 3-D k-space made of known volumes, read back as slices. */
import { describe, expect, it } from 'vitest';
import { subArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import type { Axis, Series } from '../../src/array/recording.ts';
import { asKspace } from '../../src/pipeline/kspace-source.ts';
import { SliceCache } from '../../src/pipeline/slice-cache.ts';
import { fftn, ifft2c } from '../../src/transform/fft.ts';
import { memorySeries, type MemorySeries } from '../support/memory-series.ts';
import { randomComplex, relativeError } from '../support/random-array.ts';

const [FRAMES, PARTITIONS, COILS, ROWS, COLUMNS] = [2, 6, 2, 12, 10];

/** [frame, partition, coil, row, column], image space along all three directions. */
const volume = randomComplex([FRAMES, PARTITIONS, COILS, ROWS, COLUMNS], 9);
const encoded = fftn(volume, { axes: [1, 3, 4], centred: true, norm: 'ortho' });

/** `kept` says which lines of which partition the scanner acquired. */
function slab(kept: (line: number, partition: number) => boolean, change: Partial<Series> = {}, frameFirst = true): MemorySeries {
  const plane = 2 * COILS * ROWS * COLUMNS;
  const names = frameFirst ? (['frame', 'partition'] as const) : (['partition', 'frame'] as const);
  const axes: Axis[] = [...names.map((name) => ({ name, length: name === 'frame' ? FRAMES : PARTITIONS })), { name: 'coil', length: COILS }, { name: 'row', length: ROWS }, { name: 'column', length: COLUMNS }];
  const reads: number[] = [];
  return memorySeries([FRAMES * PARTITIONS, COILS, ROWS, COLUMNS], {
    axes,
    reads,
    async read(slice: number): Promise<NdArray<'complex64'>> {
      reads.push(slice);
      const [frame, partition] = frameFirst ? [Math.floor(slice / PARTITIONS), slice % PARTITIONS] : [slice % FRAMES, Math.floor(slice / FRAMES)];
      const out = zeros('complex64', [COILS, ROWS, COLUMNS]);
      const from = (frame * PARTITIONS + partition) * plane;
      for (let i = 0; i < plane; i++) if (kept((i >> 1) % COLUMNS, partition)) out.data[i] = encoded.data[from + i] ?? NaN;
      return out;
    },
    ...change,
  } as Partial<Series>) as MemorySeries;
}

describe('all partitions with the same lines', () => {
  it.each([true, false])('become slices (frames outside: %s)', async (frameFirst) => {
    const series = await asKspace(slab(() => true, {}, frameFirst), undefined);
    expect(series.axes.map(({ name }) => name)).toEqual(frameFirst ? ['frame', 'slice', 'coil', 'row', 'column'] : ['slice', 'frame', 'coil', 'row', 'column']);
    for (const [frame, slice] of [[0, 0], [1, 4], [1, 0]] as const) {
      const index = frameFirst ? frame * PARTITIONS + slice : slice * FRAMES + frame;
      const image = ifft2c((await series.read(index)) as NdArray<'complex64'>);
      expect(relativeError(image.data, subArray(subArray(volume, frame), slice).data)).toBeLessThan(1e-5);
    }
  });

  it('keep the undersampling along lines', async () => {
    const acquired = Uint8Array.from({ length: COLUMNS }, (_, line) => (line % 3 === 1 ? 0 : 1));
    const series = await asKspace(slab((line) => acquired[line] === 1, { acquired }), undefined);
    expect(series.acquired).toEqual(acquired);
    expect(series.acquiredPoints).toBeUndefined();
    const { data } = (await series.read(3)) as NdArray<'complex64'>;
    for (let i = 0; i < data.length; i++) expect(data[i] === 0).toBe(acquired[(i >> 1) % COLUMNS] === 0);
  });

  it('read every partition of a slab once, and hand out copies', async () => {
    const source = slab(() => true);
    const series = await asKspace(source, undefined);
    source.reads.length = 0;
    const first = (await series.read(0)) as NdArray<'complex64'>;
    first.data.fill(0);
    for (let slice = 0; slice < PARTITIONS; slice++) await series.read(slice);
    expect([...source.reads].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(((await series.read(0)) as NdArray<'complex64'>).data.some((value) => value !== 0)).toBe(true);
  });
});

describe('lines that differ from partition to partition', () => {
  const kept = (line: number, partition: number): boolean => (line + partition) % 2 === 0 || (line >= 4 && line < 7 && partition >= 2 && partition < 5);

  it('make each position along the readout a slice of points [line, partition]', async () => {
    const series = await asKspace(slab(kept, { output: { rows: 8, columns: COLUMNS } }), undefined);
    expect(series).toMatchObject({ rows: COLUMNS, columns: PARTITIONS, slices: FRAMES * 8, output: { rows: COLUMNS, columns: PARTITIONS } });
    expect(series.axes.map(({ name, length }) => `${name} ${length}`)).toEqual(['frame 2', 'slice 8', 'coil 2', 'row 10', 'column 6']);
    expect([...(series.acquiredPoints ?? [])]).toEqual(Array.from({ length: COLUMNS * PARTITIONS }, (_, i) => (kept(Math.floor(i / PARTITIONS), i % PARTITIONS) ? 1 : 0)));
    // Along the readout the volume is in image space; along the other two it is still encoded.
    const hybrid = fftn(volume, { axes: [1, 4], centred: true, norm: 'ortho' });
    const [frame, x] = [1, 3];
    const { data, shape } = (await series.read(frame * 8 + x)) as NdArray<'complex64'>;
    expect(shape).toEqual([COILS, COLUMNS, PARTITIONS]);
    const expected = Array.from(data, (_, i) => {
      const [c, line, p] = [Math.floor((i >> 1) / (COLUMNS * PARTITIONS)), Math.floor((i >> 1) / PARTITIONS) % COLUMNS, (i >> 1) % PARTITIONS];
      // Readout oversampling is cut: position 3 of 8 is row 5 of 12.
      return kept(line, p) ? (hybrid.data[2 * ((((frame * PARTITIONS + p) * COILS + c) * ROWS + x + 2) * COLUMNS + line) + (i % 2)] ?? NaN) : 0;
    });
    expect(relativeError(data, expected)).toBeLessThan(1e-5);
  });

  it('have no reference', async () => {
    const series = await asKspace(slab(kept), undefined).catch((error: unknown) => error);
    expect(series).toMatchObject({ rows: COLUMNS });
    await expect(new SliceCache(series as Series).reference(0)).resolves.toBeNull();
  });
});

describe('what cannot be', () => {
  it('slabs beyond 2 GiB and trajectories are refused before anything is read', async () => {
    const large = slab(() => true, { rows: 16384, columns: 16384 });
    await expect(asKspace(large, undefined)).rejects.toMatchObject({ code: 'usage.too-large' });
    expect(large.reads).toEqual([]);
    const radial = slab(() => true, { trajectory: { kind: 'radial' } as NonNullable<Series['trajectory']> });
    await expect(asKspace(radial, undefined)).rejects.toMatchObject({ code: 'usage.unsupported' });
  });

  it('a reading that failed is tried again', async () => {
    let broken = false;
    const whole = slab(() => true);
    const series = await asKspace({ ...whole, read: (slice) => (broken ? Promise.reject(new Error('gone')) : whole.read(slice)) }, undefined);
    broken = true;
    await expect(series.read(0)).rejects.toThrow('gone');
    broken = false;
    await expect(series.read(0)).resolves.toBeDefined();
  });
});
