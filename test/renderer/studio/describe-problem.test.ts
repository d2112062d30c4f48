import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../../renderer/api/problem.ts';
import { describeError, describeProblem } from '../../../renderer/studio/describe-problem.ts';
import { LacunaError } from '../../../src/errors.ts';

describe('a problem in words', () => {
  it('names the file once, and keeps field, code and cause for the details', () => {
    const error = new LacunaError('input.truncated', 'The file ends early.', { file: 'a.dcm', field: 'PixelData', cause: new Error('12 bytes') });
    expect(describeProblem(error)).toEqual({
      text: 'a.dcm: The file ends early.',
      detail: 'File: a.dcm\nField: PixelData\nCode: input.truncated\nError: 12 bytes',
    });
    expect(describeProblem(new LacunaError('input.malformed', 'a.dcm is no scan.', { file: 'a.dcm' })).text).toBe('a.dcm is no scan.');
  });
  it('takes errors off the wire as they are', () => {
    expect(describeError({ code: 'input.mismatch', message: 'The pattern is for 99 lines.', field: 'pattern' })).toEqual({
      text: 'The pattern is for 99 lines.', detail: 'Field: pattern\nCode: input.mismatch',
    });
  });
  it('says in plain words that the host is gone', () => {
    expect(describeProblem(new ConnectionError('no answer')).text).toBe('The studio cannot reach its host; it keeps trying.');
  });
});
