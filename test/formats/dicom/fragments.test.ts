import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memorySource } from '../../../src/formats/byte-source.ts';
import { findFrames } from '../../../src/formats/dicom/fragments.ts';
import { dicomReader } from '../../../src/formats/dicom/read.ts';

const u32 = (...values: number[]): number[] => values.flatMap((v) => [v & 0xff, (v >>> 8) & 0xff, (v >>> 16) & 0xff, v >>> 24]);
const item = (body: number[]): number[] => [0xfe, 0xff, 0x00, 0xe0, ...u32(body.length), ...body];
const END = [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];
const source = (...parts: number[][]) => memorySource('a', Uint8Array.from(parts.flat()));
const of = (length: number, value: number): number[] => Array.from({ length }, () => value);

test('one fragment a frame, with or without a table', async () => {
  const frames = await findFrames(source(item([]), item(of(4, 1)), item(of(6, 2)), END), 0, 2);
  expect(frames).toEqual([[{ offset: 16, length: 4 }], [{ offset: 28, length: 6 }]]);
});

test('several fragments a frame are told apart by the table; one frame takes them all', async () => {
  const fragments = [item(of(4, 1)), item(of(2, 1)), item(of(6, 2))];
  const two = await findFrames(source(item(u32(0, 22)), ...fragments, END), 0, 2);
  expect(two.map((f) => f.map((p) => p.length))).toEqual([[4, 2], [6]]);
  const one = await findFrames(source(item([]), ...fragments, END), 0, 1);
  expect(one.map((f) => f.map((p) => p.length))).toEqual([[4, 2, 6]]);
});

test.each([
  ['no item', [1, 2, 3, 4, 5, 6, 7, 8], 1, 'input.malformed'],
  ['too few fragments', [...item([]), ...item(of(4, 1)), ...END], 2, 'input.truncated'],
  ['a fragment beyond the end', [...item([]), ...item(of(4, 1)).slice(0, -1)], 1, 'input.truncated'],
  [
    'a table that points nowhere',
    [...item(u32(0, 5)), ...item(of(4, 1)), ...item(of(4, 1)), ...item(of(4, 1)), ...END],
    2,
    'input.malformed',
  ],
  [
    'several fragments without a table',
    [...item([]), ...item(of(4, 1)), ...item(of(4, 1)), ...item(of(4, 1)), ...END],
    2,
    'input.malformed',
  ],
])('%s', async (_, bytes, frames, code) => {
  await expect(findFrames(source(bytes), 0, frames)).rejects.toMatchObject({ code, field: '(7FE0,0010) Pixel Data' });
});

test('an extended offset table before the pixels is stepped over', async () => {
  const bytes = readFileSync(join(import.meta.dirname, '../../fixtures/dicom/jpeg-ls.dcm'));
  const at = bytes.indexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
  const table = (element: number, value: number): number[] => [0xe0, 0x7f, element, 0, 0x4f, 0x56, 0, 0, ...u32(8), ...u32(value, 0)];
  const whole = Buffer.concat([bytes.subarray(0, at), Buffer.from([...table(1, 0), ...table(2, 500)]), bytes.subarray(at)]);
  const open = async (file: Buffer): Promise<Float32Array> => {
    const recording = await dicomReader.open([memorySource('a.dcm', new Uint8Array(file))], {
      id: '',
      name: 'a.dcm',
      bytes: file.length,
    });
    return (await recording.series[0]?.read(0))?.data as Float32Array;
  };
  expect(await open(whole)).toEqual(await open(bytes));
});
