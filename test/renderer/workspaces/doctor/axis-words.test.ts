import { expect, it } from 'vitest';
import { AXIS_NAMES } from '../../../../src/array/read-options.ts';
import { assignAxes } from '../../../../src/formats/bare/assign-axes.ts';
import { AXIS_OPTIONS, judgeAxes } from '../../../../renderer/workspaces/doctor/axis-words.ts';

it('offers every role there is', () => {
  expect(AXIS_OPTIONS.map(({ value }) => value).toSorted()).toEqual(AXIS_NAMES.toSorted());
});

it('says what is missing or named twice', () => {
  expect(judgeAxes([8, 32, 32], ['coil', 'slice', 'column'])).toEqual({ fits: false, problem: 'One axis has to be the row (readout).' });
  expect(judgeAxes([8, 32, 32], ['coil', 'row', 'slice'])).toEqual({ fits: false, problem: 'One axis has to be the column (phase encoding).' });
  expect(judgeAxes([2, 8, 32, 32], ['coil', 'coil', 'row', 'column'])).toEqual({ fits: false, problem: 'Only one axis can be the coil.' });
  expect(judgeAxes([8, 32, 32], ['coil', 'row', 'column'])).toEqual({ fits: true, note: null });
});

it('wonders at unusual choices without forbidding them', () => {
  expect(judgeAxes([640, 32, 32], ['coil', 'row', 'column'])).toMatchObject({ fits: true, note: expect.stringContaining('640 coils') });
  expect(judgeAxes([32, 32, 4], ['coil', 'row', 'column'])).toMatchObject({ fits: true, note: expect.stringContaining('32 × 4') });
});

it('judges as the reader does', () => {
  const shape = [4, 16, 16];
  for (const a of AXIS_NAMES) for (const b of AXIS_NAMES) for (const c of AXIS_NAMES) {
    const accepted = ((): boolean => {
      try {
        assignAxes(shape, [a, b, c], 'a.npy', 'a');
        return true;
      } catch {
        return false;
      }
    })();
    expect(judgeAxes(shape, [a, b, c]).fits, `${a}, ${b}, ${c}`).toBe(accepted);
  }
});
