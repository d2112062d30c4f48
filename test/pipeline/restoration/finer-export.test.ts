import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { magnitude } from '../../../src/array/nd-array.ts';
import { parseHeader } from '../../../src/formats/nifti/header.ts';
import { completeDocument } from '../../../src/pipeline/complete-document.ts';
import { pipelineSchema } from '../../../src/pipeline/document.ts';
import { exportResult } from '../../../src/pipeline/export-result.ts';
import { finerExport, finerGeometry } from '../../../src/pipeline/restoration/finer-export.ts';
import { makeReceipt, parseReceipt } from '../../../src/pipeline/receipt.ts';
import { zeroPadded } from '../../../src/mri/super-resolution.ts';
import { subArray } from '../../../src/array/nd-array.ts';
import { describePattern } from '../../../src/sampling/describe.ts';
import { asymmetricVolume, complexVolume, exportInput, obliqueGeometry, placeOf } from '../../support/export-input.ts';
import { magnitudeContext, magnitudeModel, repeated } from '../../support/magnitude-infer.ts';

const context = () => magnitudeContext(magnitudeModel('espcn-x2', { task: 'super-resolution' }), repeated(2));

describe('finerExport', () => {
  it('makes every slice finer, as magnitudes, and says so wherever text is kept', async () => {
    const input = exportInput({ geometry: obliqueGeometry() }, complexVolume());
    const { input: finer, model } = await finerExport(input, 2, context());
    expect(finer.volume).toMatchObject({ dtype: 'float32', shape: [5, 24, 18] });
    expect(model).toBe('espcn-x2 1.2.3');
    expect(finer.learned).toBe(true);
    expect(finer.title).toBe('L1-wavelet R=4.0, learned ×2');
    expect(finer.derivation.slice(0, 80)).toMatch(/^Learned super-resolution x2 \(espcn-x2 1\.2\.3\): detail is made up, never measure/);
    expect(finer.derivation).toContain(input.derivation);
    expect(JSON.parse(finer.receipt)).toMatchObject({ pipeline: { method: 'l1-wavelet' }, superResolution: { factor: 2, model: 'espcn-x2 1.2.3' } });
    expect(finer.uidSeed).not.toBe(input.uidSeed);
    // Slice 3 is slice 3: what the network adds to it is small against what tells slices apart.
    const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const s of [0, 3]) {
      const plain = magnitude(zeroPadded(subArray(complexVolume(), s), 2)).data;
      expect(mean(subArray(finer.volume, s).data as Float32Array)).toBeCloseTo(mean(plain), 0);
    }
  });

  it('puts the corner voxel where its coarse voxel is, or one fine voxel before it for odd sides', () => {
    const coarse = obliqueGeometry();
    for (const factor of [2, 3] as const) {
      const fine = finerGeometry(coarse, [12, 9], factor);
      expect(fine.rowSpacing).toBeCloseTo(1.25 / factor, 9);
      expect(fine.columnSpacing).toBeCloseTo(0.75 / factor, 9);
      // 12 rows: fine row r·i is coarse row i. 9 columns: fine column r·j + 1 is coarse column j.
      for (const [d, place] of placeOf(fine, 2, factor * 5, factor * 4 + 1).entries()) expect(place).toBeCloseTo(placeOf(coarse, 2, 5, 4)[d] as number, 6);
    }
  });

  it('refuses a volume that would not fit into memory', async () => {
    const input = { ...exportInput(), volume: { dtype: 'float32' as const, shape: [400, 1000, 1000], data: new Float32Array(0) } };
    await expect(finerExport(input, 3, context())).rejects.toMatchObject({ code: 'usage.unsupported', field: 'upscale' });
  });
});

describe('exports with --upscale', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lacuna-finer-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const pattern = describePattern({ kind: 'lines', rows: 12, columns: 9, mask: new Uint8Array(9).fill(1) });
  const volume = asymmetricVolume();
  const order = async (format: string, params: Record<string, string>, name: string) => {
    const document = pipelineSchema.parse({ lacuna: 1, input: { name: 'a', sha256: 'a'.repeat(64), series: 's' }, slices: [0, 5], pattern: { name: 'full' }, method: { name: 'sense' } });
    const outcome = { volume, reference: null, pattern, ms: 1, provider: 'cpu', notes: [] };
    const receipt = await makeReceipt(completeDocument(document, pattern), outcome, { runtime: 'node', platform: 'linux', threads: 1 });
    const series = { title: 't', domain: 'image', attributes: [], geometry: obliqueGeometry() } as const;
    return { receipt, volume, series, format, params, path: join(folder, name) };
  };

  it('writes smaller voxels and a receipt that names the model', async () => {
    const written = await exportResult({ ...(await order('nifti-plain', { upscale: '2' }, 'x.nii')), learned: context() });
    const header = parseHeader(new Uint8Array(readFileSync(written[0]?.path ?? '')));
    expect(header.size.slice(0, 3)).toEqual([18, 24, 5]);
    expect(header.spacing[0]).toBeCloseTo(0.375, 6);
    expect(header.spacing[1]).toBeCloseTo(0.625, 6);
    const { export: kept } = parseReceipt(readFileSync(written.at(-1)?.path ?? '', 'utf8'), 'r');
    expect(kept).toMatchObject({ params: { upscale: '2' }, superResolution: 'espcn-x2 1.2.3' });
  });

  it('writes what it wrote before where nothing is asked for, and runs no network', async () => {
    const networks = context();
    await exportResult({ ...(await order('png', {}, 'x.png')), learned: networks });
    expect(networks.requests).toEqual([]);
    expect(readdirSync(folder)).toHaveLength(6);
  });

  it.each([
    ['dicom', { upscale: '2', component: 'phase' }, 'usage.unsupported'],
    ['npy', { upscale: '2' }, 'usage.invalid'],
    ['mat', { upscale: '2' }, 'usage.invalid'],
    ['png', { upscale: '4' }, 'usage.invalid'],
  ])('refuses %s with %j and leaves nothing behind', async (format, params, code) => {
    await expect(exportResult({ ...(await order(format, params, 'x')), learned: context() })).rejects.toMatchObject({ code });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses where no network can be run', async () => {
    await expect(exportResult(await order('png', { upscale: '2' }, 'x.png'))).rejects.toMatchObject({ code: 'usage.unsupported', field: 'upscale' });
  });
});
