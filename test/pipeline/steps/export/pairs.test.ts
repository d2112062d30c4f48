import { describe, expect, it } from 'vitest';
import { type NdArray, ndArray } from '../../../../src/array/nd-array.ts';
import { openBytes, openSources } from '../../../../src/formats/registry.ts';
import { memorySource } from '../../../../src/formats/byte-source.ts';
import type { ExportFile, ExportInput, ExportStep } from '../../../../src/pipeline/step.ts';
import bart from '../../../../src/pipeline/steps/export/bart.ts';
import mat from '../../../../src/pipeline/steps/export/mat.ts';

/** Value at (slice, row, column): 100 slice + 10 row + column, and its negative as imaginary part. */
const shape = [2, 9, 10];
const value = (i: number): number => 100 * Math.floor(i / 90) + 10 * (Math.floor(i / 10) % 9) + (i % 10) + 1;
const complex = ndArray('complex64', shape, Float32Array.from({ length: 360 }, (_, i) => (i % 2 === 0 ? 1 : -1) * value(i >> 1)));
const real = ndArray('float32', shape, Float32Array.from({ length: 180 }, (_, i) => value(i)));

function run(step: ExportStep, volume: NdArray<'complex64'> | NdArray<'float32'>, params = {}): Promise<readonly ExportFile[]> {
  const series: ExportInput['series'] = { title: 't', domain: 'kspace', attributes: [] };
  const input: ExportInput = { volume, title: 't', slices: [0, 1], series, derivation: '# Lacuna:\nsense', receipt: '{"a":"é"}', uidSeed: 's', learned: false };
  return step.run(input, step.params.parse(params));
}

describe('export to BART', () => {
  it('writes both files, which open again with the same slices', async () => {
    const [cfl, hdr] = await run(bart, complex);
    expect(hdr?.extension).toBe('.hdr');
    expect(new TextDecoder().decode(hdr?.bytes)).toBe('# Dimensions\n9 10 1 1 1 1 1 1 1 1 1 1 1 2 1 1 \n# Command\nLacuna: sense\n# Creator\nLacuna Studio\n');
    const sources = [memorySource('x.cfl', cfl?.bytes as Uint8Array), memorySource('x.hdr', hdr?.bytes as Uint8Array)];
    const recording = await openSources(sources, 'x.cfl', { domains: { array: 'image' } });
    const slice = await recording.series[0]?.read(1);
    expect(slice?.shape).toEqual([9, 10]);
    expect(slice?.data).toEqual(complex.data.subarray(180));
  });

  it('writes magnitudes where asked, and of methods without phase', async () => {
    const [cfl] = await run(bart, real);
    // Row 1 of column 0 comes second.
    expect([...new Float32Array((cfl as ExportFile).bytes.buffer).subarray(0, 4)]).toEqual([1, 0, 11, 0]);
    const [modulus] = await run(bart, complex, { complex: false });
    expect(new Float32Array((modulus as ExportFile).bytes.buffer)[2]).toBeCloseTo(11 * Math.SQRT2, 4);
  });
});

describe('export to MATLAB', () => {
  it.each([['complex', complex], ['real', real]] as const)('writes a %s image that opens again with the same slices', async (_, volume) => {
    const [file] = await run(mat, volume);
    const recording = await openBytes('x.mat', (file as ExportFile).bytes, volume === complex ? { axes: { image: ['slice', 'column', 'row'] }, domains: { image: 'image' } } : {});
    const series = recording.series[0];
    expect(series).toMatchObject({ id: 'image', slices: 2, rows: 9, columns: 10 });
    expect((await series?.read(1))?.data).toEqual(volume.data.subarray(volume.data.length / 2));
    expect(recording.warnings.join()).toMatch(/derivation \(char\), receipt \(char\)/);
  });
});
