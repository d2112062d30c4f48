import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Series } from '../../src/array/recording.ts';
import { memorySource } from '../../src/formats/byte-source.ts';
import { dicomReader } from '../../src/formats/dicom/read.ts';
import { niftiReader } from '../../src/formats/nifti/read.ts';
import dicom from '../../src/pipeline/steps/export/dicom.ts';
import nifti from '../../src/pipeline/steps/export/nifti.ts';
import niftiPlain from '../../src/pipeline/steps/export/nifti-plain.ts';
import type { ExportInput, ExportStep } from '../../src/pipeline/step.ts';
import { expectClose } from '../support/close-to.ts';
import { asymmetricVolume, complexVolume, exportInput, obliqueGeometry, placeOf, SHAPE } from '../support/export-input.ts';
import { hasData, hasPython, present, runPython, TEST_DATA } from '../support/tools.ts';

const fixtures = join(import.meta.dirname, '../fixtures/nifti');
const real = join(TEST_DATA, 'mri/nii');
const temporary = mkdtempSync(join(tmpdir(), 'lacuna-nifti-'));
afterAll(() => rmSync(temporary, { recursive: true }));

const nibabel = { 'python3 with nibabel': hasPython('nibabel', 'numpy') };

interface Image {
  readonly dtype: string;
  readonly shape: number[];
  readonly affine: number[][];
  readonly qform: number[][];
  readonly codes: number[];
  readonly descrip: string;
  readonly comments: string[];
  readonly sha256: string;
}
/** One start of Python for many files: starting takes longer than reading. */
function readAll(paths: readonly string[]): Image[] {
  const lines = runPython(join(import.meta.dirname, 'nifti_read.py'), ...paths)
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Image);
}
const read = (path: string): Image => readAll([path])[0] as Image;
const sha256 = (values: Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');

async function open(path: string): Promise<Series> {
  const bytes = new Uint8Array(readFileSync(path));
  const { series } = await niftiReader.open([memorySource(path, bytes)], { id: 'ab', name: path, bytes: bytes.length });
  return series[0] as Series;
}

/** Puts every voxel of ours back where nibabel's affine says it is stored, and compares all of them at once. */
async function compare(path: string, theirs: Image): Promise<void> {
  const ours = await open(path);
  const per = ours.dtype === 'complex64' ? 2 : 1;
  const [ni = 1, nj = 1, nk = 1] = theirs.shape;
  const stored = new Float32Array(theirs.shape.reduce((product, n) => product * n, 1) * per);
  const g = ours.geometry as NonNullable<Series['geometry']>;
  const inverse = inverted(theirs.affine);
  for (let s = 0; s < ours.slices; s++) {
    const { data } = await ours.read(s);
    const volume = Math.floor(s / nk);
    // The map from shown to stored is linear in row and column, so three corners give it.
    const at = (r: number, c: number): number[] => voxelOf(inverse, placeOf(g, s % nk, r, c));
    const steps = [1, ni, ni * nj];
    const index = (voxel: readonly number[]): number => voxel.reduce((sum, v, d) => sum + Math.round(v) * (steps[d] as number), 0);
    const origin = index(at(0, 0));
    const [down, right] = [index(at(1, 0)) - origin, index(at(0, 1)) - origin];
    for (let r = 0; r < ours.rows; r++) {
      for (let c = 0; c < ours.columns; c++) {
        const to = (volume * nk * nj * ni + origin + r * down + c * right) * per;
        const from = (r * ours.columns + c) * per;
        for (let p = 0; p < per; p++) stored[to + p] = data[from + p] as number;
      }
    }
  }
  expect(sha256(stored)).toBe(theirs.sha256);
}

function voxelOf(inverse: readonly number[][], [x, y, z]: readonly number[]): number[] {
  const ras = [-(x as number), -(y as number), z as number, 1];
  return inverse.map((row) => row.reduce((sum, v, n) => sum + v * (ras[n] as number), 0));
}

/** Inverse of [R t; 0 1] by cofactors. */
function inverted(affine: readonly number[][]): number[][] {
  const m = (r: number, c: number): number => affine[r]?.[c] ?? Number.NaN;
  const minor = (r: number, c: number): number => {
    const [r1, r2] = [0, 1, 2].filter((n) => n !== r) as [number, number];
    const [c1, c2] = [0, 1, 2].filter((n) => n !== c) as [number, number];
    return ((r + c) % 2 === 0 ? 1 : -1) * (m(r1, c1) * m(r2, c2) - m(r1, c2) * m(r2, c1));
  };
  const determinant = [0, 1, 2].reduce((sum, c) => sum + m(0, c) * minor(0, c), 0);
  return [0, 1, 2].map((r) => {
    const row = [0, 1, 2].map((c) => minor(c, r) / determinant);
    return [...row, -row.reduce((sum, v, c) => sum + v * m(c, 3), 0)];
  });
}

describe.skipIf(!present('reading as nibabel does', nibabel))('nibabel reads the same voxels in the same places', () => {
  const files = readdirSync(fixtures).filter((name) => !/pair|no-orientation/.test(name));
  it('fixtures', async () => {
    const paths = files.map((name) => join(fixtures, name));
    for (const [i, image] of readAll(paths).entries()) await compare(paths[i] as string, image);
    expect(paths.length).toBeGreaterThan(15);
  });
});

describe.skipIf(!present('real NIfTI as nibabel reads it', { ...nibabel, 'real data (LACUNA_TEST_DATA)': hasData('mri/nii') }))(
  'real data: nibabel reads the same',
  () => {
    const files = hasData('mri/nii') ? readdirSync(real).filter((name) => /\.nii(\.gz)?$/.test(name)) : [];
    it('all files', async () => {
      const paths = files.map((name) => join(real, name));
      for (const [i, image] of readAll(paths).entries()) await compare(paths[i] as string, image);
      expect(paths.length).toBeGreaterThan(5);
    });
  },
);

async function write(name: string, input: ExportInput, step = nifti): Promise<string> {
  const [file] = await (step as ExportStep).run(input, {});
  const path = join(temporary, name);
  writeFileSync(path, file?.bytes as Uint8Array);
  return path;
}

describe.skipIf(!present('our NIfTI exports as nibabel reads them', nibabel))('nibabel reads what we write', () => {
  it.each([
    ['packed.nii.gz', nifti],
    ['plain.nii', niftiPlain],
  ] as const)('%s: voxels, affine, description and receipt', async (name, step) => {
    const input = exportInput();
    const image = read(await write(name, input, step));
    const [slices, rows, columns] = SHAPE;
    expect([image.dtype, image.shape, image.codes]).toEqual(['float32', [columns, rows, slices], [1, 1]]);
    expect(image.sha256).toBe(sha256(asymmetricVolume().data));
    expect(image.descrip).toBe(input.derivation.slice(0, 79));
    expect(image.comments).toEqual([input.receipt]);
    for (const [s, r, c] of [
      [0, 0, 0],
      [4, 0, 0],
      [0, 11, 0],
      [0, 0, 8],
      [3, 7, 5],
    ] as const) {
      const [x, y, z] = placeOf(obliqueGeometry(), s, r, c) as [number, number, number];
      for (const affine of [image.affine, image.qform]) {
        affine.slice(0, 3).forEach((row, d) => {
          const place = (row[0] as number) * c + (row[1] as number) * r + (row[2] as number) * s + (row[3] as number);
          expect(place).toBeCloseTo([-x, -y, z][d] as number, 4);
        });
      }
    }
  });

  it('complex64', async () => {
    const image = read(await write('complex.nii.gz', exportInput({ geometry: obliqueGeometry() }, complexVolume())));
    expect([image.dtype, image.sha256]).toEqual(['complex64', sha256(complexVolume().data)]);
  });
});

it('an asymmetric volume through DICOM and through NIfTI: every value in the same place', async () => {
  const files = await (dicom as ExportStep).run(exportInput(), { component: 'magnitude' });
  const viaDicom = (
    await dicomReader.open(
      files.map((f) => memorySource(`a${f.suffix}.dcm`, f.bytes)),
      { id: 'ab', name: 'a', bytes: 1 },
    )
  ).series[0] as Series;
  const viaNifti = await open(await write('both.nii.gz', exportInput()));
  const places = async (series: Series): Promise<{ value: number; place: number[] }[]> => {
    const found: { value: number; place: number[] }[] = [];
    for (let s = 0; s < series.slices; s++) {
      const { data } = await series.read(s);
      data.forEach((value, i) => {
        found.push({
          value,
          place: placeOf(series.geometry as NonNullable<Series['geometry']>, s, Math.floor(i / series.columns), i % series.columns),
        });
      });
    }
    return found.sort((a, b) => a.value - b.value);
  };
  const [one, two] = [await places(viaDicom), await places(viaNifti)];
  expect(one).toHaveLength(SHAPE[0] * SHAPE[1] * SHAPE[2]);
  one.forEach(({ value, place }, i) => {
    expect(Math.abs(value - (two[i]?.value ?? Number.NaN))).toBeLessThan(0.0005);
    expectClose(place, two[i]?.place, 4);
  });
});
