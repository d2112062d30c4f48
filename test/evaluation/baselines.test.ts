import { describe, expect, it } from 'vitest';
import type { StepCall } from '../../src/pipeline/document.ts';
import { baseline, L1_WAVELET, TOTAL_VARIATION } from './baselines.ts';
import type { Place, Score } from './scorer.ts';
import { settings } from './settings.ts';

const place = { slice: 0 } as Place;
const [setting] = settings(['random-4']);
if (setting === undefined) throw new Error('no setting');

/** Scores whose PSNR has its maximum at `top` of each kind of maps, `height` dB. */
function scorer(of: Readonly<Record<string, { readonly top: number; readonly height: number }>>) {
  const calls: StepCall[] = [];
  return {
    calls,
    classical: (_place: Place, _pattern: StepCall, call: StepCall): Promise<Score> => {
      calls.push(call);
      const { maps, mapCrop, lambda } = call.params;
      const about = of[maps === 'espirit' ? `espirit ${mapCrop}` : 'low-resolution'] ?? { top: 0.004, height: 0 };
      const psnr = about.height - 0.4 * Math.log2(Number(lambda) / about.top) ** 2;
      return Promise.resolve({ psnr, ssim: 0.9, nmse: 0.01, ms: 1, rss: { psnr: psnr + (maps === 'espirit' ? 1 : 0), ssim: 0.8, nmse: 0.02 } });
    },
  };
}

describe('baseline', () => {
  it('takes low-resolution maps where ESPIRiT is far behind, without searching on', async () => {
    const about = scorer({ 'low-resolution': { top: 0.003, height: 33 }, 'espirit 0': { top: 0.003, height: 31 }, 'espirit 0.8': { top: 0.003, height: 31 } });
    const found = await baseline(about, L1_WAVELET, place, setting);
    expect(found.maps).toBe('low-resolution');
    expect(found.score.psnr).toBeGreaterThan(32.95);
    expect(about.calls.filter(({ params }) => params['maps'] === 'espirit')).toHaveLength(2);
  });

  it('gives the better maps a λ of their own', async () => {
    const about = scorer({ 'low-resolution': { top: 0.003, height: 30 }, 'espirit 0': { top: 0.003, height: 29 }, 'espirit 0.8': { top: 0.0015, height: 31 } });
    const found = await baseline(about, L1_WAVELET, place, setting);
    expect(found.maps).toBe('ESPIRiT, cropped');
    expect(found.lambda / 0.0015).toBeCloseTo(1, 1);
    expect(found.score.psnr).toBeGreaterThan(30.95);
  });

  it('runs the best of TV on for more steps, and L1-wavelet not', async () => {
    const heights = { 'low-resolution': { top: 0.002, height: 33 }, 'espirit 0': { top: 0.002, height: 31 }, 'espirit 0.8': { top: 0.002, height: 31 } };
    const [tv, l1] = [scorer(heights), scorer(heights)];
    const found = await baseline(tv, TOTAL_VARIATION, place, setting);
    await baseline(l1, L1_WAVELET, place, setting);
    expect(tv.calls.at(-1)?.params).toMatchObject({ maps: 'low-resolution', lambda: found.lambda, iterations: 120 });
    expect(l1.calls.some(({ params }) => 'iterations' in params)).toBe(false);
  });

  it('has the best candidate against the root-sum-of-squares, which may be another', async () => {
    const about = scorer({ 'low-resolution': { top: 0.004, height: 33 }, 'espirit 0': { top: 0.004, height: 32.5 }, 'espirit 0.8': { top: 0.004, height: 30 } });
    const found = await baseline(about, L1_WAVELET, place, setting);
    expect(found.maps).toBe('low-resolution');
    expect(found.bestRss.psnr).toBeCloseTo(33.5, 6);
  });
});
