import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '../../../../renderer/api/client.ts';
import { ViewPaneState, dependence } from '../../../../renderer/workspaces/mri/view-pane.svelte.ts';
import { ndArray } from '../../../../src/array/nd-array.ts';
import type { ViewEvent, ViewRequest } from '../../../../src/host/contract.ts';

const request = (seed: number, method = 'sense', show = 'magnitude'): Omit<ViewRequest, 'channel'> => ({
  recording: 'r', series: 's', slices: [3, 4], pattern: { name: 'random', params: { seed } }, method: { name: method, params: {} },
  provider: 'cpu', view: { name: 'coils', params: { show } },
});
const made = (label: string): ViewEvent => ({
  type: 'view', images: { url: label, dtype: 'float32', shape: [2, 1, 2] }, labels: [`${label} 1`, `${label} 2`], space: 'image', colormap: 'grey',
  unit: '', numbers: [], notes: [], ms: 1,
});

/** A host that answers when it is told to. */
function fakeHost() {
  const asked: { request: ViewRequest; signal: AbortSignal; answer: (event: ViewEvent) => void }[] = [];
  const client = {
    async *view(wanted: ViewRequest, signal: AbortSignal): AsyncGenerator<ViewEvent> {
      yield await new Promise<ViewEvent>((resolve, reject) => {
        asked.push({ request: wanted, signal, answer: resolve });
        signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
      });
    },
    array: async () => ndArray('float32', [2, 1, 2], Float32Array.of(1, 2, 3, 4)),
  };
  return { asked, client: client as unknown as Client };
}

describe('dependence', () => {
  const same = (of: 'recording' | 'pattern' | 'measurement' | 'estimate', a: ReturnType<typeof request>, b: ReturnType<typeof request>) => dependence({ of }, a) === dependence({ of }, b);
  it('holds what the view looks at and nothing else', () => {
    expect(same('recording', request(1), request(2, 'tv'))).toBe(true);
    expect(same('pattern', request(1), request(1, 'tv'))).toBe(true);
    expect(same('measurement', request(1), request(2))).toBe(false);
    expect(same('measurement', request(1), request(1, 'tv'))).toBe(true);
    expect(same('estimate', request(1), request(1, 'tv'))).toBe(false);
    expect(same('recording', request(1), request(1, 'sense', 'phase'))).toBe(false);
    expect(same('recording', request(1), { ...request(1), slices: [4, 5] })).toBe(false);
  });
});

describe('a view pane', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const step = { of: 'measurement' } as const;

  it('shows what it asked for, image by image', async () => {
    const { asked, client } = fakeHost();
    const pane = new ViewPaneState(client, 'c');
    pane.want(step, request(1));
    await vi.advanceTimersByTimeAsync(20);
    expect(asked.map(({ request: wanted }) => wanted.channel)).toEqual(['c']);
    asked[0]?.answer(made('a'));
    await vi.advanceTimersByTimeAsync(1);
    expect([pane.busy, pane.count, pane.stale, [...(pane.image?.data ?? [])]]).toEqual([false, 2, false, [1, 2]]);
    pane.step(5);
    expect([pane.index, [...(pane.image?.data ?? [])]]).toEqual([1, [3, 4]]);
  });

  it('asks once for equal wishes, and not at all for what it has', async () => {
    const { asked, client } = fakeHost();
    const pane = new ViewPaneState(client, 'c');
    pane.want(step, request(1));
    pane.want(step, request(1, 'tv'));
    await vi.advanceTimersByTimeAsync(20);
    asked[0]?.answer(made('a'));
    await vi.advanceTimersByTimeAsync(1);
    pane.want(step, request(1, 'zero-filled'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked.length).toBe(1);
  });

  it('goes on to the latest wish when the running one is done, and drops those between', async () => {
    const { asked, client } = fakeHost();
    const pane = new ViewPaneState(client, 'c');
    pane.want(step, request(1));
    await vi.advanceTimersByTimeAsync(20);
    pane.want(step, request(2));
    pane.want(step, request(3));
    expect(pane.stale).toBe(false);
    asked[0]?.answer(made('a'));
    await vi.advanceTimersByTimeAsync(5);
    expect([pane.stale, pane.busy]).toEqual([true, true]);
    await vi.advanceTimersByTimeAsync(20);
    expect(asked.map(({ request: wanted }) => wanted.pattern.params['seed'])).toEqual([1, 3]);
  });

  it('ends a running one that takes long when there is a newer wish', async () => {
    const { asked, client } = fakeHost();
    const pane = new ViewPaneState(client, 'c');
    pane.want(step, request(1));
    await vi.advanceTimersByTimeAsync(20);
    pane.want(step, request(2));
    await vi.advanceTimersByTimeAsync(500);
    expect([asked.length, asked[0]?.signal.aborted]).toEqual([2, true]);
    asked[1]?.answer(made('b'));
    await vi.advanceTimersByTimeAsync(1);
    expect(pane.made?.view.labels[0]).toBe('b 1');
  });

  it('says why there is nothing, and can be stopped and asked again', async () => {
    const { asked, client } = fakeHost();
    const pane = new ViewPaneState(client, 'c');
    pane.want(step, request(1));
    await vi.advanceTimersByTimeAsync(20);
    asked[0]?.answer({ type: 'failed', error: { code: 'usage.unsupported', message: 'Needs two coils.' } } as ViewEvent);
    await vi.advanceTimersByTimeAsync(1);
    expect([pane.error?.message, pane.image, pane.busy]).toEqual(['Needs two coils.', null, false]);
    pane.again(step, request(1));
    await vi.advanceTimersByTimeAsync(20);
    pane.cancel();
    await vi.advanceTimersByTimeAsync(1);
    expect([pane.cancelled, pane.busy, asked[1]?.signal.aborted]).toEqual([true, false, true]);
  });
});
