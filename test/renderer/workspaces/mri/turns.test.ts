import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Turns } from '../../../../renderer/workspaces/mri/turns.ts';

describe('turns', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const never = new AbortController().signal;

  it('go one at a time, the least cost first among those that came together', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const take = async (name: string, cost: number): Promise<() => void> => {
      const turn = await turns.take(cost, never);
      order.push(name);
      return () => turn.done();
    };
    const slow = take('slow', 20);
    const quick = take('quick', 1);
    await vi.advanceTimersByTimeAsync(50);
    expect(order).toEqual(['quick']);
    const late = take('late', 2);
    await vi.advanceTimersByTimeAsync(50);
    expect(order).toEqual(['quick']);
    (await quick)();
    await vi.advanceTimersByTimeAsync(1);
    expect(order).toEqual(['quick', 'late']);
    (await late)();
    await vi.advanceTimersByTimeAsync(1);
    expect(order).toEqual(['quick', 'late', 'slow']);
    (await slow)();
  });

  it('leave the queue when aborted, and done twice frees one turn only', async () => {
    const turns = new Turns();
    const first = turns.take(1, never);
    await vi.advanceTimersByTimeAsync(50);
    const abort = new AbortController();
    const second = turns.take(1, abort.signal);
    const gone = expect(second).rejects.toThrow();
    const third = turns.take(5, never);
    abort.abort(new Error('gone'));
    await gone;
    const turn = await first;
    turn.done();
    const holder = await third;
    let fourth = false;
    void turns.take(1, never).then(() => {
      fourth = true;
    });
    turn.done();
    await vi.advanceTimersByTimeAsync(50);
    expect(fourth).toBe(false);
    holder.done();
    await vi.advanceTimersByTimeAsync(50);
    expect(fourth).toBe(true);
  });
});
