import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COALESCE, record, redo, startHistory, undo } from '../../../renderer/studio/history.ts';

const same = (a: number, b: number): boolean => a === b;

describe('history', () => {
  it('undoes a slider drag as one step', () => {
    let h = startHistory(4);
    for (let i = 1; i <= 10; i++) h = record(h, 4 + i / 10, 'acceleration', i * 16, same);
    expect(h.past).toEqual([4]);
    h = undo(h);
    expect(h.present).toBe(4);
    expect(redo(h).present).toBe(5);
  });
  it('keeps changes of another kind, or after a pause, apart', () => {
    let h = record(startHistory(0), 1, 'a', 0, same);
    h = record(h, 2, 'b', 1, same);
    h = record(h, 3, 'b', 1 + COALESCE, same);
    expect(h.past).toEqual([0, 1, 2]);
  });
  it('makes no step of an equal snapshot, so undo does not record itself', () => {
    const h = undo(record(startHistory(0), 1, 'a', 0, same));
    expect(record(h, 0, 'a', 5, same)).toBe(h);
    expect(h.future).toEqual([1]);
  });
  it('drops the future when something new is done', () => {
    const h = record(undo(record(startHistory(0), 1, 'a', 0, same)), 2, 'a', 5000, same);
    expect(h).toMatchObject({ past: [0], present: 2, future: [] });
  });
  it('undo then redo gives the same state back, any number of times', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 30 }), fc.nat(30), (values, back) => {
        const h = values.reduce((acc, v, i) => record(acc, v, String(i), i, same), startHistory(0));
        const steps = Math.min(back, h.past.length);
        let there = h;
        for (let i = 0; i < steps; i++) there = undo(there);
        for (let i = 0; i < steps; i++) there = redo(there);
        expect(there.present).toBe(h.present);
        expect(there.past).toEqual(h.past);
      }),
    );
  });
});
