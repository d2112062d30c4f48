import { expect, it } from 'vitest';
import { heatingSchema } from '../../../../../src/array/read-options.ts';
import { heatingOf, statedOf } from '../../../../../renderer/workspaces/mri/thermometry/heating-form.ts';

it('leaves to the file what was left empty', () => {
  expect(heatingOf({ peak: 5, frames: 6 }, { fieldStrength: ' ', echoTimes: '' })).toEqual({ peak: 5, frames: 6 });
});

it('reads a field and echo times as people write them, and the reading takes them', () => {
  const made = heatingOf({ peak: 5, width: 0.1, x: 0.5, y: 0.4, frames: 6, drift: 1 }, { fieldStrength: '1.5 T', echoTimes: '4.9, 9.8;14.7 ms' });
  expect(made).toMatchObject({ fieldStrength: 1.5, echoTimes: [4.9, 9.8, 14.7] });
  expect(heatingSchema.parse(made)).toMatchObject({ peak: 5, frames: 6, interval: 60, fieldStrength: 1.5 });
  expect(statedOf(heatingSchema.parse(made))).toEqual({ fieldStrength: '1.5', echoTimes: '4.9, 9.8, 14.7' });
  expect(statedOf(null)).toEqual({ fieldStrength: '', echoTimes: '' });
});

it.each([
  [{ fieldStrength: 'strong', echoTimes: '' }, /number of tesla/],
  [{ fieldStrength: '-1', echoTimes: '' }, /number of tesla/],
  [{ fieldStrength: '', echoTimes: '4.9, soon' }, /numbers of milliseconds/],
])('says what is wrong with %o', (stated, sentence) => {
  expect(heatingOf({}, stated)).toMatch(sentence);
});
