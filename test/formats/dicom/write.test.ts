import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Series } from '../../../src/array/recording.ts';
import { memorySource } from '../../../src/formats/byte-source.ts';
import { dicomReader } from '../../../src/formats/dicom/read.ts';
import { readHeader } from '../../../src/formats/dicom/header.ts';
import { TAG } from '../../../src/formats/dicom/tags.ts';
import { decimal, decimalString, text } from '../../../src/formats/dicom/write/element.ts';
import { quantise } from '../../../src/formats/dicom/write/quantise.ts';
import { derivedUid } from '../../../src/formats/dicom/write/uid.ts';
import type { ReadRecording } from '../../../src/formats/reader.ts';
import dicom from '../../../src/pipeline/steps/export/dicom.ts';
import type { ExportFile, ExportInput, ExportStep } from '../../../src/pipeline/step.ts';
import { expectClose } from '../../support/close-to.ts';
import { asymmetricVolume, complexVolume, exportInput, obliqueGeometry, placeOf, SHAPE } from '../../support/export-input.ts';

const step = dicom as ExportStep;
const write = (input: ExportInput, component = 'magnitude'): Promise<readonly ExportFile[]> => step.run(input, { component });
const read = (files: readonly ExportFile[]): Promise<ReadRecording> =>
  dicomReader.open(
    files.map((f) => memorySource(`out${f.suffix}.dcm`, f.bytes)),
    { id: 'ab', name: 'out', bytes: 1 },
  );

async function fixtureSeries(name: string): Promise<Series> {
  const bytes = new Uint8Array(readFileSync(join(import.meta.dirname, '../../fixtures/dicom', `${name}.dcm`)));
  const { series } = await dicomReader.open([memorySource(name, bytes)], { id: 'ab', name, bytes: bytes.length });
  return series[0] as Series;
}

test('every voxel reads back in its place, within half a step', async () => {
  const volume = asymmetricVolume();
  const files = await write(exportInput());
  expect(files.map((f) => f.suffix)).toEqual(['-0001', '-0002', '-0003', '-0004', '-0005']);
  const { series, warnings } = await read(files);
  expect(warnings).toEqual([]);
  const [back] = series as [Series];
  const geometry = obliqueGeometry();
  const high = volume.data.reduce((most, v) => Math.max(most, v), 0);
  for (let s = 0; s < SHAPE[0]; s++) {
    // The reader sorts along the normal; this volume runs against it.
    const source = SHAPE[0] - 1 - s;
    const { data } = await back.read(s);
    for (let i = 0; i < data.length; i++) {
      expect(Math.abs((data[i] as number) - (volume.data[source * data.length + i] as number))).toBeLessThanOrEqual(
        (0.5 * high * 1.000001) / 65535 + 2e-6,
      );
    }
    const there = placeOf(back.geometry as NonNullable<Series['geometry']>, s, 3, 7);
    expectClose(there, placeOf(geometry, source, 3, 7), 6);
  }
});

test('the same input gives the same bytes; another seed, other UIDs', async () => {
  const [first, again] = [await write(exportInput()), await write(exportInput())];
  expect(again).toEqual(first);
  const other = await write({ ...exportInput(), uidSeed: '6'.repeat(64) });
  const uid = async (f: ExportFile | undefined): Promise<string | undefined> =>
    (await readHeader(memorySource('x', (f as ExportFile).bytes))).tags.text(TAG.SOPInstanceUID);
  expect(await uid(other[0])).not.toBe(await uid(first[0]));
  const all = await Promise.all(first.map(uid));
  expect(new Set(all).size).toBe(first.length);
  for (const one of all) expect(one).toMatch(/^2\.25\.[1-9]\d{10,38}$/);
});

test('keeps patient, study and frame of reference, names its source and how it was made', async () => {
  const source = await fixtureSeries('explicit');
  const volume = { dtype: 'float32', shape: [1, 36, 32], data: (await source.read(0)).data } as ExportInput['volume'];
  const files = await write({ ...exportInput(source, volume), learned: true });
  expect(files.map((f) => f.suffix)).toEqual(['']);
  const { tags } = await readHeader(memorySource('x', (files[0] as ExportFile).bytes));
  expect(tags.text(TAG.PatientName)).toBe('Phäntom^Test');
  expect(tags.text(TAG.StudyInstanceUID)).toBe('2.25.1234567890.1');
  expect(tags.text(TAG.FrameOfReferenceUID)).toBe('2.25.1234567890.3');
  expect(tags.text(TAG.SeriesInstanceUID)).not.toBe('2.25.1234567890.2');
  expect(tags.text(TAG.SOPInstanceUID)).not.toBe(source.sources?.[0]?.sopInstanceUid);
  expect(tags.texts(TAG.ImageType)).toEqual(['DERIVED', 'SECONDARY', 'OTHER']);
  expect(tags.text(TAG.SeriesDescription)).toContain('NOT FOR DIAGNOSTIC USE');
  expect(tags.number(TAG.EchoTime)).toBe(12.5);
  const sourceSequence = { key: 'x00082112', vr: 'SQ', label: '' };
  const uid = { key: 'x00081155', vr: 'UI', label: '' };
  expect(tags.items(sourceSequence)[0]?.text(uid)).toBe(source.sources?.[0]?.sopInstanceUid);
  const derivation = { key: 'x00082111', vr: 'ST', label: '' };
  expect(tags.text(derivation)).toBe(exportInput().derivation);
  const receipt = { key: 'x00091001', vr: 'UT', label: '' };
  expect(JSON.parse(tags.text(receipt) as string)).toMatchObject({ lacunaReceipt: 1 });
});

test('once lossy, always lossy', async () => {
  const source = await fixtureSeries('jpeg-baseline');
  const volume = { dtype: 'float32', shape: [1, 16, 16], data: (await source.read(0)).data } as ExportInput['volume'];
  const [file] = await write(exportInput(source, volume));
  const { tags } = await readHeader(memorySource('x', (file as ExportFile).bytes));
  expect(tags.text(TAG.LossyImageCompression)).toBe('01');
});

test('a complex volume gives its magnitude, or its phase in radians', async () => {
  const volume = complexVolume();
  const input = exportInput({}, volume);
  for (const component of ['magnitude', 'phase'] as const) {
    const { series } = await read(await write(input, component));
    expect(series[0]?.title).toContain('NOT FOR DIAGNOSTIC USE');
    const { data } = (await (series[0] as Series).read(2)) as { data: Float32Array };
    const tolerance = component === 'phase' ? Math.PI / 65535 : 0.0004;
    data.forEach((v, i) => {
      const [re, im] = [volume.data[2 * (2 * data.length + i)] as number, volume.data[2 * (2 * data.length + i) + 1] as number];
      expect(Math.abs(v - (component === 'phase' ? Math.atan2(im, re) : Math.hypot(re, im)))).toBeLessThanOrEqual(tolerance);
    });
  }
});

test.each([1, 1e-9, 3e-5, 4e6, 1e30])('quantising at scale %s moves no value by more than half a step', (scale) => {
  for (const low of [0, -0.37]) {
    const values = Float32Array.from({ length: 5000 }, (_, i) => scale * (low + ((i * 7919) % 4999) / 4999));
    const { stored, slope, intercept, window } = quantise(values);
    expect(decimalString(slope).length).toBeLessThanOrEqual(16);
    expect(Number(decimalString(slope))).toBe(slope);
    for (const [i, v] of values.entries())
      expect(Math.abs(slope * (stored[i] as number) + intercept - v)).toBeLessThanOrEqual(slope * (0.5 + 1e-9));
    expect(stored.reduce((most, v) => Math.max(most, v), 0)).toBeGreaterThan(65500);
    expect(window.width).toBeGreaterThan(0.9 * scale * 0.99);
  }
});

test('all-zero volumes are written; values that are no numbers are refused', async () => {
  const zeros = { dtype: 'float32', shape: [1, 2, 2], data: new Float32Array(4) } as const;
  expect((await write(exportInput({}, zeros)))[0]?.bytes.length).toBeGreaterThan(500);
  const nan = { dtype: 'float32', shape: [1, 2, 2], data: Float32Array.of(1, Number.NaN, 3, 4) } as const;
  await expect(write(exportInput({}, nan))).rejects.toMatchObject({ code: 'usage.unsupported', field: 'volume' });
});

test('values that do not fit their VR are cut or left empty, never written wrong', () => {
  const ascii = (e: { value: Uint8Array }): string => Buffer.from(e.value).toString('utf8');
  expect(ascii(text(0, 'DA', 'yesterday'))).toBe('');
  expect(ascii(text(0, 'CS', 'lower case'))).toBe('');
  expect(ascii(text(0, 'LO', `a\\b\u0007${'x'.repeat(100)}`))).toHaveLength(64);
  expect(ascii(text(0, 'UI', '1.02.3'))).toBe('');
  expect(text(0, 'UI', '1.2.3').value.at(-1)).toBe(0);
  expect(ascii(decimal(0, Number.NaN))).toBe('');
  for (const v of [1 / 3, -1 / 3, -1.2345678901234e-300, 123456789.12345679, 1e22]) {
    expect(decimalString(v).length).toBeLessThanOrEqual(16);
    expect(Math.abs(Number(decimalString(v)) / v - 1)).toBeLessThan(1e-8);
  }
  expect(derivedUid('a', 'b')).toBe(derivedUid('a', 'b'));
});
