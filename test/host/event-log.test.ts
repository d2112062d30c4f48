import { describe, expect, it } from 'vitest';
import { EventLog } from '../../src/host/event-log.ts';

describe('EventLog', () => {
  it('gives every reader all events, whenever it comes, and nothing after the end', async () => {
    const log = new EventLog<number>();
    log.push(1);
    const early = Array.fromAsync(log.read());
    log.push(2);
    await Promise.resolve();
    log.push(3);
    log.end();
    log.push(4);
    expect(await early).toEqual([1, 2, 3]);
    expect(await Array.fromAsync(log.read())).toEqual([1, 2, 3]);
  });

  it('streams one JSON value a line and says when the reader has gone', async () => {
    const log = new EventLog<{ n: number }>();
    log.push({ n: 1 });
    let gone = 0;
    const stream = log.stream(() => {
      gone++;
    });
    const reader = stream.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('{"n":1}\n');
    await reader.cancel();
    expect(gone).toBe(1);
  });
});
