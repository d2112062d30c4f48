import { describe, expect, it } from 'vitest';
import { safeName } from '../../src/host/safe-name.ts';

describe('safeName', () => {
  it.each([
    ['brain.nii.gz', 'brain.nii.gz'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\scans\\a.dcm', 'a.dcm'],
    ['a\u0000b?.h5', 'a_b_.h5'],
    ['..', 'recording'],
    ['', 'recording'],
  ])('%j becomes %j', (given, expected) => {
    expect(safeName(given)).toBe(expected);
  });

  it('shortens a long name by bytes, whole characters, and keeps the extension', () => {
    const name = safeName(`${'頭'.repeat(200)}.nii.gz`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(180);
    expect(name).toMatch(/^頭+\.nii\.gz$/);
    expect(Buffer.byteLength(safeName('x'.repeat(400)))).toBe(180);
  });
});
