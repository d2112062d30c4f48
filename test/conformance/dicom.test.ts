import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Series } from '../../src/array/recording.ts';
import { memorySource } from '../../src/formats/byte-source.ts';
import { dicomReader } from '../../src/formats/dicom/read.ts';
import type { ReadRecording } from '../../src/formats/reader.ts';
import dicom from '../../src/pipeline/steps/export/dicom.ts';
import type { ExportInput, ExportStep } from '../../src/pipeline/step.ts';
import { expectClose } from '../support/close-to.ts';
import { complexVolume, exportInput, obliqueGeometry } from '../support/export-input.ts';
import { hasData, hasPython, hasTool, present, run, runPython, TEST_DATA } from '../support/tools.ts';

const fixtures = join(import.meta.dirname, '../fixtures/dicom');
const real = join(TEST_DATA, 'mri/dicom');
const temporary = mkdtempSync(join(tmpdir(), 'lacuna-dicom-'));
afterAll(() => rmSync(temporary, { recursive: true }));

const pydicom = { 'python3 with pydicom and nibabel': hasPython('pydicom', 'nibabel', 'numpy') };
const data = { 'real data (LACUNA_TEST_DATA)': hasData('mri/dicom') };

function open(paths: readonly string[], name: string): Promise<ReadRecording> {
  const sources = paths.map((path) => memorySource(basename(path), new Uint8Array(readFileSync(path))));
  return dicomReader.open(sources, { id: 'ab', name, bytes: 1 });
}
const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();

function unpacked(archive: string): string[] {
  const folder = join(temporary, basename(archive, '.tar.gz'));
  mkdirSync(folder, { recursive: true });
  run('tar', ['xzf', join(real, archive), '-C', folder]);
  return filesUnder(folder);
}

interface Frame {
  readonly sha256: string;
  readonly position: number[] | null;
  readonly orientation: number[] | null;
  readonly spacing: number[] | null;
  readonly component: string;
}

/** Ours and pydicom's frames in one order, each with the hash of its pixels. */
async function compare(paths: readonly string[]): Promise<void> {
  const script = join(import.meta.dirname, 'dicom_pixels.py');
  const theirs = runPython(script, ...paths)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Frame);
  const recording = await open(paths, 'compared');
  const ours: Frame[] = [];
  for (const series of recording.series) {
    for (let s = 0; s < series.slices; s++) ours.push(await frameOf(series, s));
  }
  const key = (f: Frame): string =>
    `${f.sha256} ${f.component} ${f.position?.map((p) => (Math.round(p * 1000) / 1000 + 0).toFixed(3)).join() ?? 'nowhere'}`;
  expect(ours.map(key).sort()).toEqual(theirs.map(key).sort());
  const byKey = new Map(theirs.map((f) => [key(f), f]));
  for (const frame of ours) {
    const other = byKey.get(key(frame));
    if (frame.orientation !== null) expectClose(frame.orientation, other?.orientation ?? undefined, 5);
    if (frame.spacing !== null) expectClose(frame.spacing, other?.spacing ?? undefined, 9);
  }
}

async function frameOf(series: Series, s: number): Promise<Frame> {
  const { data: values } = await series.read(s);
  const g = series.geometry;
  return {
    sha256: createHash('sha256')
      .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
      .digest('hex'),
    position: g === undefined ? null : [...(g.positions[s % g.positions.length] as readonly number[])],
    orientation: g === undefined ? null : [...g.rowDirection, ...g.columnDirection],
    spacing: g === undefined ? null : [g.rowSpacing, g.columnSpacing],
    component: series.attributes.find((a) => a.label === 'Image component')?.value.split(',')[0] ?? '',
  };
}

describe.skipIf(!present('reading as pydicom does', pydicom))('pydicom reads the same pixels in the same places', () => {
  // nibabel wants more of the CSA header than the mosaic fixture has; real mosaics are compared below.
  const readable = filesUnder(fixtures).filter((path) => !/colour|rtstruct|bare|jpeg-baseline|mosaic/.test(path));
  // pydicom leaves the stored bits where they are; the studio follows PS3.5 section 8.1.1 and cuts them out.
  it.each(readable.filter((path) => !path.includes('rescaled')).map((path) => [basename(path), path]))('fixture %s', (_, path) =>
    compare([path]),
  );
});

describe.skipIf(!present('real DICOM as pydicom reads it', { ...pydicom, ...data }))('real data: pydicom reads the same', () => {
  const singles = hasData('mri/dicom') ? filesUnder(real).filter((path) => path.endsWith('.dcm') && !path.includes('truncated')) : [];
  it.each(singles.map((path) => [basename(path), path]))('%s', (_, path) => compare([path]));
  const archives = hasData('mri/dicom') ? readdirSync(real).filter((name) => name.endsWith('.tar.gz')) : [];
  it.each(archives)('%s', (archive) => compare(unpacked(archive)));
});

const step = dicom as ExportStep;
async function write(name: string, input: ExportInput, component = 'magnitude'): Promise<string[]> {
  const files = await step.run(input, { component });
  return files.map((file) => {
    const path = join(temporary, `${name}${file.suffix}.dcm`);
    writeFileSync(path, file.bytes);
    return path;
  });
}

/** Exports of every kind of source there is. */
async function exports(): Promise<string[]> {
  const made = [
    ...(await write('oblique', exportInput())),
    ...(await write('nothing-known', exportInput({}))),
    ...(await write('phase', exportInput({ geometry: obliqueGeometry() }, complexVolume()), 'phase')),
  ];
  const sources = filesUnder(fixtures).filter((path) => /explicit|enhanced|mosaic|jpeg-baseline/.test(path));
  const singles = hasData('mri/dicom') ? filesUnder(real).filter((path) => path.endsWith('.dcm') && !path.includes('truncated')) : [];
  const archives = hasData('mri/dicom')
    ? readdirSync(real)
        .filter((name) => name.endsWith('.tar.gz'))
        .map(unpacked)
    : [];
  for (const [n, paths] of [...sources.map((p) => [p]), ...singles.map((p) => [p]), ...archives].entries()) {
    for (const [i, series] of (await open(paths, 'source')).series.entries()) {
      const { data: values } = await series.read(0);
      const volume = { dtype: 'float32', shape: [1, series.rows, series.columns], data: values } as ExportInput['volume'];
      made.push(...(await write(`source-${n}-${i}`, { ...exportInput(series, volume), learned: i % 2 === 1 })));
    }
  }
  return made;
}

describe('what we write', () => {
  it.skipIf(!present('dciodvfy on our exports', { dciodvfy: hasTool('dciodvfy') }))(
    'passes dciodvfy with zero errors',
    async () => {
      const files = await exports();
      expect(files.length).toBeGreaterThan(10);
      for (const path of files) {
        // Its verdict goes to standard error; its exit status only says whether it could read.
        const report = spawnSync('dciodvfy', [path], { encoding: 'utf8' });
        expect(report.stderr, basename(path)).toContain('MRImage');
        expect(
          report.stderr.split('\n').filter((line) => line.startsWith('Error')),
          basename(path),
        ).toEqual([]);
      }
    },
  );

  it.skipIf(!present('dcmdump on our exports', { dcmdump: hasTool('dcmdump') }))('opens in dcmdump without complaint', async () => {
    for (const path of await write('dump', exportInput())) {
      const dump = spawnSync('dcmdump', ['--warn-errors', path], { encoding: 'utf8' });
      const dumped = dump.status === 0 ? dump : spawnSync('dcmdump', [path], { encoding: 'utf8' });
      expect(dumped.status, dumped.stderr).toBe(0);
      expect(dumped.stderr).toBe('');
      expect(dumped.stdout).toContain('(7fe0,0010) OW');
    }
  });

  it.skipIf(!present('our exports as pydicom reads them', pydicom))(
    'opens in pydicom with the same pixels in the same places',
    async () => {
      await compare(await write('compared', exportInput()));
      await compare(await write('compared-phase', exportInput({ geometry: obliqueGeometry() }, complexVolume()), 'phase'));
    },
  );
});
