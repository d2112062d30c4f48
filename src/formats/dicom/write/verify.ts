/** Reads back what was written, through the studio's own reader, before any of it reaches the disk. */
import { LacunaError } from '../../../errors.ts';
import { memorySource } from '../../byte-source.ts';
import { openInstance } from '../instance.ts';
import { TAG } from '../tags.ts';
import type { DerivedImage } from './derived-mr.ts';

/** Throws `internal` where a file does not open, or a value differs by more than half a step (and float32 rounding). */
export async function verifyDerivedMr(files: readonly Uint8Array[], image: DerivedImage): Promise<void> {
  const [, rows, columns] = image.shape;
  for (const [s, file] of files.entries()) {
    const instance = await openInstance(memorySource(`slice ${s + 1}`, file));
    const { data } = await instance.readFrame(0);
    const slope = instance.tags.number(TAG.RescaleSlope) ?? Number.NaN;
    const intercept = instance.tags.number(TAG.RescaleIntercept) ?? Number.NaN;
    const expected = image.values.subarray(s * rows * columns, (s + 1) * rows * columns);
    for (let i = 0; i < expected.length; i++) {
      const value = expected[i] as number;
      const error = Math.abs(slope * (data[i] as number) + intercept - value);
      if (!(error <= slope * 0.5000001 + Math.abs(value) * 1e-6)) {
        throw new LacunaError(
          'internal',
          `Slice ${s + 1} reads back as ${slope * (data[i] as number) + intercept} where ${value} was written.`,
          {
            field: TAG.PixelData.label,
          },
        );
      }
    }
  }
}
