import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zeros } from '../../../../src/array/nd-array.ts';
import type { JobEvent, JobRequest } from '../../../../src/host/contract.ts';
import {
  GRACE, HOLD, INITIAL, LONGEST_PATIENCE, PATIENCE, isBusy, isOutdated, isStale, reduce, type LiveInput, type LiveState,
} from '../../../../renderer/workspaces/mri/live-state.ts';

const link = { url: '/api/arrays/x', dtype: 'float32', shape: [2, 2] };
const image = zeros('float32', [2, 2]);
const request = (acceleration: number, method = 'sense'): JobRequest => ({
  recording: 'r', series: 's', slices: [0, 1], purpose: 'preview', channel: 'mri',
  pattern: { name: 'random', params: { acceleration } }, method: { name: method, params: {} },
});
const zeroFilled: JobEvent = { type: 'zero-filled', slice: 0, image: link, ms: 5 };
const partial = (iteration: number): JobEvent => ({ type: 'progress', slice: 0, iteration, iterations: 10, fraction: iteration / 10, image: link });
const final = (ms = 80): JobEvent => ({ type: 'slice', slice: 0, image: link, ms, provider: 'cpu', notes: [] });

/** Feeds inputs one after another and returns the last state. */
const play = (inputs: readonly LiveInput[], from: LiveState = INITIAL): LiveState => inputs.reduce((state, input) => reduce(state, input).state, from);
const event = (generation: number, e: JobEvent, now = 0): LiveInput => ({ type: 'event', generation, event: e, array: image, now });

describe('live preview', () => {
  it('starts at once when idle, and shows zero-filled, partial and final images in turn', () => {
    const first = reduce(INITIAL, { type: 'want', request: request(4), now: 0 });
    expect(first.effects).toEqual([{ type: 'start', generation: 1, request: request(4) }]);
    let state = play([event(1, zeroFilled)], first.state);
    expect(state.estimate?.value.stage).toBe(0);
    expect(isStale(state)).toBe(true);
    state = play([event(1, partial(3))], state);
    expect(state.estimate?.value.stage).toBe(4);
    state = play([event(1, final()), { type: 'ended', generation: 1, error: null, now: 9 }], state);
    expect(state.estimate?.value.stage).toBe(Infinity);
    expect(isStale(state)).toBe(false);
    expect(isBusy(state)).toBe(false);
  });

  it('takes the metrics that follow images whose reference was not ready, of the same request alone', () => {
    const report = (psnr: number) => ({ values: [{ name: 'PSNR', value: psnr, unit: 'dB', better: 'higher' }], contract: '', dataRange: 1, shape: [1], reference: 'combined' }) as const;
    const scores: JobEvent = { type: 'scores', slice: 0, zeroFilled: report(20), estimate: report(30) };
    const before = play([{ type: 'want', request: request(4), now: 0 }, event(1, zeroFilled), event(1, final())]);
    expect(before.estimate?.value.metrics).toBeUndefined();
    const after = play([event(1, { type: 'reference', slice: 0, image: link, dataRange: 1, of: 'combined' }), event(1, scores)], before);
    expect(after.estimate?.value).toEqual({ ...before.estimate?.value, metrics: report(30) });
    expect(after.zeroFilled?.value.metrics).toEqual(report(20));
    expect(after.reference?.value).toMatchObject({ kind: 'image', of: 'combined' });
    const next = play([{ type: 'ended', generation: 1, error: null, now: 1 }, { type: 'want', request: request(5), now: 2 }, event(2, scores)], after);
    expect(next.estimate).toBe(after.estimate);
    expect(after.scores).toEqual({ generation: 1, value: { estimate: report(30), zeroFilled: report(20), dataResidual: null } });
  });

  it('does not let a late partial image replace the final one', () => {
    const state = play([{ type: 'want', request: request(4), now: 0 }, event(1, final()), event(1, partial(9)), event(1, zeroFilled)]);
    expect(state.estimate?.value.stage).toBe(Infinity);
  });

  it('lets a running request show its image before a moving slider replaces it', () => {
    const state = play([{ type: 'want', request: request(4), now: 0 }]);
    const early = reduce(state, { type: 'want', request: request(5), now: 20 });
    expect(early.effects).toEqual([{ type: 'wake', at: PATIENCE }]);
    const shown = reduce(early.state, event(1, zeroFilled, 30));
    expect(shown.effects).toEqual([{ type: 'wake', at: GRACE }]);
    const later = reduce(shown.state, { type: 'tick', now: GRACE });
    expect(later.effects.map((e) => e.type)).toEqual(['abort', 'start']);
    expect(later.state.latest).toBe(2);
  });

  it('waits longer on a machine where no request gets as far as an image, and not for ever', () => {
    let now = 0;
    let state = play([{ type: 'want', request: request(4), now }]);
    const waits: number[] = [];
    for (let r = 5; r < 10; r++) {
      state = play([{ type: 'want', request: request(r), now }], state);
      const wake = reduce(state, { type: 'tick', now }).effects.find((effect) => effect.type === 'wake');
      if (wake === undefined) throw new Error('nothing to wait for');
      waits.push(wake.at - now);
      now = wake.at;
      state = play([{ type: 'tick', now }], state);
    }
    expect(waits).toEqual([PATIENCE, 2 * PATIENCE, LONGEST_PATIENCE, LONGEST_PATIENCE, LONGEST_PATIENCE]);
    // The image came after 1000 ms: twice that is patience enough. Then machines that are quick again are asked quickly again.
    state = play([event(state.latest, zeroFilled, now + 1000)], state);
    expect(state.patience).toBe(2000);
    state = play([{ type: 'want', request: request(10), now: now + 1200 }], state);
    expect(play([event(state.latest, zeroFilled, now + 1230)], state).patience).toBe(PATIENCE);
  });

  it('starts the newest wish as soon as the running request ends', () => {
    const state = play([
      { type: 'want', request: request(4), now: 0 },
      { type: 'want', request: request(5), now: 1 },
      { type: 'want', request: request(6), now: 2 },
    ]);
    const ended = reduce(state, { type: 'ended', generation: 1, error: null, now: 60 });
    expect(ended.effects).toEqual([{ type: 'start', generation: 2, request: request(6) }]);
  });

  it('keeps the old image of a quick method until the new one comes, but not longer than the hold', () => {
    const before = play([{ type: 'want', request: request(4), now: 0 }, event(1, final(40)), { type: 'ended', generation: 1, error: null, now: 40 }]);
    const asked = play([{ type: 'want', request: request(5), now: 100 }, event(2, zeroFilled, 110)], before);
    expect(asked.estimate?.generation).toBe(1);
    expect(play([event(2, final(), 150)], asked).estimate).toMatchObject({ generation: 2, value: { stage: Infinity } });
    expect(play([{ type: 'tick', now: 110 + HOLD }], asked).estimate).toMatchObject({ generation: 2, value: { stage: 0 } });
  });

  it('shows the zero-filled image of a slow method at once', () => {
    const before = play([{ type: 'want', request: request(4), now: 0 }, event(1, final(2900)), { type: 'ended', generation: 1, error: null, now: 2900 }]);
    const asked = play([{ type: 'want', request: request(5), now: 3000 }, event(2, zeroFilled, 3010)], before);
    expect(asked.estimate).toMatchObject({ generation: 2, value: { stage: 0 } });
    // Preliminary, but of the present settings.
    expect([isStale(asked), isOutdated(asked)]).toEqual([true, false]);
    expect(isOutdated(play([{ type: 'want', request: request(6), now: 3020 }], asked))).toBe(true);
  });

  it('reports the failure of the latest request and marks the picture stale', () => {
    const error = { code: 'infer.crashed', message: 'gone' } as const;
    const state = play([
      { type: 'want', request: request(4), now: 0 }, event(1, final()), { type: 'ended', generation: 1, error: null, now: 9 },
      { type: 'want', request: request(5), now: 10 }, { type: 'ended', generation: 2, error, now: 20 },
    ]);
    expect(state.error?.value).toEqual(error);
    expect(isStale(state)).toBe(true);
    expect(play([{ type: 'want', request: request(6), now: 30 }, event(3, final())], state).error).toBeNull();
  });

  it('forgets everything when cleared, and ignores answers still under way', () => {
    const cleared = play([{ type: 'want', request: request(4), now: 0 }, event(1, final()), { type: 'clear' }]);
    expect(cleared.estimate).toBeNull();
    expect(play([event(1, final())], cleared).estimate).toBeNull();
  });

  it('never goes back, whatever the order of wishes, answers, ticks and failures', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('want' as const), method: fc.constantFrom('unrolled', 'l1-wavelet') }),
      fc.record({ kind: fc.constant('tick' as const), by: fc.integer({ min: 0, max: 400 }) }),
      // `back` aims at the latest request or one of those before it.
      fc.record({
        kind: fc.constant('event' as const), back: fc.integer({ min: 0, max: 3 }),
        event: fc.oneof(fc.constant(zeroFilled), fc.integer({ min: 1, max: 10 }).map(partial), fc.constantFrom(40, 3000).map(final)),
      }),
      fc.record({ kind: fc.constant('ended' as const), back: fc.integer({ min: 0, max: 3 }), fails: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let state = INITIAL;
        let now = 0;
        const started: number[] = [];
        const aborted = new Set<number>();
        const feed = (input: LiveInput): void => {
          const before = state;
          const { state: after, effects } = reduce(state, input);
          for (const e of effects) {
            if (e.type === 'start') {
              expect(e.generation).toBeGreaterThan(started.at(-1) ?? 0);
              // Whoever runs is ended or aborted before the next one starts.
              if (before.running !== null && before.running.generation !== 0) expect(after.running?.generation).toBe(e.generation);
              started.push(e.generation);
            }
            if (e.type === 'wake') expect(e.at).toBeGreaterThanOrEqual(0);
          }
          const a = before.estimate;
          const b = after.estimate;
          if (a !== null) {
            expect(b).not.toBeNull();
            if (b === null) return;
            expect(b.generation).toBeGreaterThanOrEqual(a.generation);
            if (b.generation === a.generation) expect(b.value.stage).toBeGreaterThanOrEqual(a.value.stage);
          }
          if (b !== null) expect(b.generation).toBeLessThanOrEqual(after.latest);
          // An aborted request shows nothing more.
          if (b !== null && b !== a) expect(aborted.has(b.generation)).toBe(false);
          for (const e of effects) if (e.type === 'abort') aborted.add(e.generation);
          state = after;
        };
        let last = request(2);
        for (const s of steps) {
          if (s.kind === 'want') {
            last = request(now, s.method);
            feed({ type: 'want', request: last, now });
          } else if (s.kind === 'tick') {
            now += s.by;
            feed({ type: 'tick', now });
          } else if (s.kind === 'event') feed(event(state.latest - s.back, s.event, now));
          else {
            const error = s.fails ? ({ code: 'internal', message: 'x' } as const) : null;
            feed({ type: 'ended', generation: state.latest - s.back, error, now });
          }
        }
        // When things come to rest, what is shown is the final image of the last wish.
        last = request(99);
        feed({ type: 'want', request: last, now });
        now += LONGEST_PATIENCE;
        feed({ type: 'tick', now });
        feed(event(state.latest, zeroFilled, now));
        feed(event(state.latest, final(), now));
        feed({ type: 'ended', generation: state.latest, error: null, now });
        expect(state.estimate).toMatchObject({ generation: state.latest, value: { stage: Infinity } });
        expect(state.request?.value).toEqual(last);
        expect(isBusy(state) || isStale(state)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
