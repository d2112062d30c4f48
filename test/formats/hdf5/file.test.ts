import { copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Series } from '../../../src/array/recording.ts';
import { Hdf5File } from '../../../src/formats/hdf5/file.ts';
import { openPath } from '../../../src/formats/registry.ts';
import { mutant } from '../../support/mutate.ts';
import { fixtureBytes, fixturePath } from '../../support/format-fixtures.ts';

const temporary = mkdtempSync(join(tmpdir(), 'lacuna-hdf5-test-'));
afterAll(() => rmSync(temporary, { recursive: true }));

describe('an HDF5 file', () => {
  it('of a gigabyte opens and reads its first slice without being held in memory', async () => {
    const path = join(temporary, 'large.h5');
    copyFileSync(fixturePath('hdf5/large_head.bin'), path);
    // The rest of the dataset is a hole of zeros.
    truncateSync(path, 1_075_206_160);
    const before = process.memoryUsage().rss;
    const recording = await openPath(path);
    const series = recording.series[0] as Series;
    expect(series).toMatchObject({ slices: 280, coils: 2, rows: 600, columns: 400, output: { rows: 6, columns: 8 } });
    expect([...(await series.read(0)).data.subarray(0, 4)]).toEqual([1, 2, 0, 0]);
    expect((await series.read(279)).data.every((v) => v === 0)).toBe(true);
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
    await recording.close();
  });

  it('stays readable when another file has cost the library its thread', async () => {
    const healthy = await Hdf5File.open(fixturePath('hdf5/reconstruction.h5'), 'healthy.h5', 2144);
    // This mutant sends libhdf5 into an endless loop (found by the fuzz test).
    const endless = join(temporary, 'endless.h5');
    writeFileSync(endless, mutant(['undersampled', 'partial'].map((n) => fixtureBytes(`hdf5/ismrmrd_${n}.h5`)), 137));
    const refused = expect(openPath(endless)).rejects.toMatchObject({ code: 'input.malformed', file: 'endless.h5', message: expect.stringContaining('found no end') });
    const values = await healthy.read('/reconstruction', [1, 0, 0], [1, 3, 4], 4);
    await refused;
    expect([...new Float32Array(values.buffer)]).toEqual(Array.from({ length: 12 }, (_, i) => 12 + i));
    expect(await healthy.keys('/')).toEqual(['reconstruction']);
    await healthy.close();
    await expect(healthy.keys('/')).rejects.toMatchObject({ code: 'io.read' });
  });

  it('may not take more memory than its size allows', async () => {
    const path = fixturePath('hdf5/large_head.bin');
    const grown = join(temporary, 'greedy.h5');
    copyFileSync(path, grown);
    truncateSync(grown, 1_075_206_160);
    // Declared as a small file, the whole dataset is too much.
    const file = await Hdf5File.open(grown, 'greedy.h5', 6168);
    await expect(file.read('/kspace', [0, 0, 0, 0], [280, 2, 600, 400], 8)).rejects.toMatchObject({ code: 'input.too-large', file: 'greedy.h5', field: '/kspace' });
    await file.close();
  });
});
