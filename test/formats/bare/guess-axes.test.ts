import { describe, expect, it } from 'vitest';
import { guessAxes, guessColumnMajorAxes } from '../../../src/formats/bare/guess-axes.ts';

describe('guessAxes', () => {
  it.each([
    [[8, 230, 180], 'coil,row,column'],
    [[256, 216, 7], 'row,column,coil'],
    [[4, 8, 32, 30], 'slice,coil,row,column'],
    [[4, 32, 30, 8], 'slice,row,column,coil'],
    [[300, 64, 64], 'slice,row,column'],
    [[3, 4, 32, 30], 'slice,coil,row,column'],
  ])('takes complex (%j) for %s', (shape, names) => {
    expect(guessAxes(shape, true, 'f', 'a').join()).toBe(names);
  });

  it('takes real arrays for stacks of images', () => {
    expect(guessAxes([2, 3, 4, 5, 6, 7], false, 'f', 'a')).toEqual(['volume', 'echo', 'frame', 'slice', 'row', 'column']);
  });

  it.each([
    [[5], /at least rows and columns/],
    [[5, 0], /is empty/],
    [[2, 2, 2, 2, 2, 8, 8], /more axes than are understood/],
  ])('refuses (%j)', (shape, message) => {
    expect(() => guessAxes(shape, false, 'f', 'a')).toThrow(message);
  });
});

describe('guessColumnMajorAxes', () => {
  it.each([
    [[256, 216], true, 'row,column'],
    [[256, 216, 8], true, 'row,column,coil'],
    [[8, 256, 216], true, 'coil,row,column'],
    [[256, 216, 30, 8], true, 'row,column,slice,coil'],
    [[256, 216, 8, 30], true, 'row,column,coil,slice'],
    [[64, 64, 200], true, 'row,column,slice'],
    [[64, 64, 30, 5], false, 'row,column,slice,frame'],
  ])('takes %j (complex: %s) for %s', (sizes, complex, names) => {
    expect(guessColumnMajorAxes(sizes, complex, 'f', 'a').join()).toBe(names);
  });
});
