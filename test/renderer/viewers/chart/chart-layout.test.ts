import { describe, expect, it } from 'vitest';
import { axisOf, linePath, nearestX, place, pointAfter } from '../../../../renderer/viewers/chart/chart-layout.ts';
import { linearTicks, logTicks } from '../../../../renderer/viewers/chart/ticks.ts';

describe('ticks', () => {
  it('are round and inside the range', () => {
    expect(linearTicks(27.1, 43.2, 2)).toEqual([30, 40]);
    expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(-0.3, 0.3, 3)).toEqual([-0.2, 0, 0.2]);
    expect(linearTicks(5, 5, 3)).toEqual([5]);
  });

  it('are powers of ten on a log axis, 1-2-5 on a short one', () => {
    expect(logTicks(1e-4, 1)).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1]);
    expect(logTicks(2, 9)).toEqual([2, 5]);
  });
});

describe('axis', () => {
  const points = [{ x: 2, y: 43 }, { x: 4, y: 37 }, { x: 8, y: 31 }];
  const series = [{ id: 'a', label: 'a', points }];
  const x = axisOf([2, 4, 8], undefined, false, 30, 230);
  const y = axisOf([43, 37, 31], undefined, false, 100, 0);

  it('places its ends at its ends, y upwards', () => {
    expect(place(2, x)).toBe(30);
    expect(place(8, x)).toBe(230);
    expect(place(31, y)).toBe(100);
    expect(place(43, y)).toBe(0);
  });

  it('finds the point nearest to the pointer', () => {
    expect(nearestX(series, x, 100)).toBe(4);
    expect(nearestX(series, x, 500)).toBe(8);
    expect(nearestX([], x, 0)).toBeNull();
  });

  it('breaks the line where there is no value', () => {
    expect(linePath([{ x: 2, y: 31 }, { x: 4, y: Number.NaN }, { x: 8, y: 43 }], x, y)).toBe('M30.0 100.0M230.0 0.0');
  });

  it('spreads equal ratios equally on a log axis and leaves out what it cannot show', () => {
    const log = axisOf([0, 0.01, 1], undefined, true, 0, 100);
    expect(log.low).toBe(0.01);
    expect(place(0.1, log)).toBeCloseTo(50);
    expect(linePath([{ x: 2, y: 0 }], x, log)).toBe('');
  });

  it('has a range for nothing and for one value', () => {
    for (const values of [[], [5], [Number.NaN]]) {
      const axis = axisOf(values, undefined, false, 0, 10);
      expect(axis.high).toBeGreaterThan(axis.low);
    }
  });
});

describe('arrow keys', () => {
  const a = { id: 'a', label: 'a', points: [{ x: 2, y: 43 }, { x: 4, y: 37 }, { x: 8, y: 31 }] };
  const b = { id: 'b', label: 'b', points: [{ x: 3, y: 20 }, { x: 7, y: 10 }] };
  const empty = { id: 'c', label: 'c', points: [] };
  const pressed = (x: number, key: string) => {
    const point = a.points.find((each) => each.x === x);
    const found = point === undefined ? null : pointAfter([a, empty, b], { series: a, point }, key);
    return found === null ? null : [found.series.id, found.point.x];
  };
  it('go along a series and stop at its ends', () => {
    expect([pressed(2, 'ArrowRight'), pressed(8, 'ArrowRight'), pressed(2, 'ArrowLeft'), pressed(8, 'ArrowLeft')]).toEqual([['a', 4], ['a', 8], ['a', 2], ['a', 4]]);
    expect([pressed(4, 'Home'), pressed(4, 'End')]).toEqual([['a', 2], ['a', 8]]);
  });
  it('go to the nearest point of the next series that has any, and other keys nowhere', () => {
    expect([pressed(8, 'ArrowDown'), pressed(2, 'ArrowUp')]).toEqual([['b', 7], ['b', 3]]);
    expect(pressed(2, 'Enter')).toBeNull();
  });
});
