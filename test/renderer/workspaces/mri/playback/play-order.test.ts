import { describe, expect, it } from 'vitest';
import { ALL, atPosition, axisPlural, describePosition, nextPlace, playableAxes, playList, type Direction, type PlayMode, positionOn } from '../../../../../renderer/workspaces/mri/playback/play-order.ts';

const axes = [['echo', 3], ['slice', 4], ['average', 1], ['coil', 8], ['row', 2], ['column', 2]].map(([name, length]) => ({ name: name as string, length: length as number }));

describe('axes of a series', () => {
  it('that have more than one position can be played', () => {
    expect(playableAxes(axes).map(({ name }) => name)).toEqual(['echo', 'slice']);
  });

  it('move one at a time', () => {
    expect(atPosition(axes, 6, 'echo', 2)).toBe(10);
    expect(atPosition(axes, 6, 'slice', 0)).toBe(4);
    expect([positionOn(axes, 6, 'echo'), positionOn(axes, 6, 'slice')]).toEqual([1, 2]);
    expect(describePosition(axes, 6)).toBe('Echo 2 of 3 · Slice 3 of 4');
  });

  it('give the images along them, as far as they are there', () => {
    expect(playList(axes, 6, 'echo', [0, 12])).toEqual([2, 6, 10]);
    expect(playList(axes, 6, 'slice', [0, 12])).toEqual([4, 5, 6, 7]);
    expect(playList(axes, 6, 'echo', [4, 12])).toEqual([6, 10]);
    expect(playList(axes, 6, ALL, [5, 8])).toEqual([5, 6, 7]);
  });
});

it('has plurals', () => {
  expect(['frame', 'echo', 'slice', 'batch', 'map'].map(axisPlural)).toEqual(['frames', 'echoes', 'slices', 'items', 'map sets']);
});

describe('the next image', () => {
  const run = (mode: PlayMode, steps: number): number[] => {
    let at: { place: number; direction: Direction } = { place: 0, direction: 1 };
    return Array.from({ length: steps }, () => {
      at = nextPlace(at.place, 3, mode, at.direction);
      return at.place;
    });
  };

  it('goes round, to and fro, or backwards', () => {
    expect(run('loop', 5)).toEqual([1, 2, 0, 1, 2]);
    expect(run('bounce', 6)).toEqual([1, 2, 1, 0, 1, 2]);
    expect(run('back', 4)).toEqual([2, 1, 0, 2]);
  });

  it('of one image is that image', () => {
    expect(nextPlace(0, 1, 'bounce', -1).place).toBe(0);
  });
});
