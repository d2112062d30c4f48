import { describe, expect, it } from 'vitest';
import { formatBytes, formatMetric, formatMs, formatValue, formatWhen, plural, shortHashes } from '../../../renderer/studio/format.ts';
import { isCpu, providerChip, providerSentence, providerTitle } from '../../../renderer/studio/providers.ts';

describe('formats', () => {
  it('hashes to eight digits, and nothing else', () => {
    const hash = '0123456789abcdef'.repeat(4);
    expect(shortHashes(`unrolled-s 1.0.0 (sha256 ${hash}), 2026`)).toBe('unrolled-s 1.0.0 (sha256 01234567…), 2026');
    expect(shortHashes(`${hash}0 deadbeef`)).toBe(`${hash}0 deadbeef`);
  });
  it('bytes', () => expect([0, 999, 1000, 2_400_000, 212_000_000, 999_600_000].map(formatBytes)).toEqual(['0 B', '999 B', '1.0 kB', '2.4 MB', '212 MB', '1.0 GB']));
  it('times', () => expect([0.42, 84.4, 999.6, 2900, 59_960, 192_000].map(formatMs)).toEqual(['0.4 ms', '84 ms', '1.0 s', '2.9 s', '1 min 0 s', '3 min 12 s']));
  it('metrics, with equal images as infinity and none as a dash', () => {
    expect([formatMetric('PSNR', 37.93), formatMetric('SSIM', 0.9567), formatMetric('NMSE', 0.00512), formatMetric('NMSE', 0.0734)]).toEqual(['37.9', '0.957', '0.0051', '0.073']);
    expect([formatMetric('PSNR', Infinity), formatMetric('PSNR', null)]).toEqual(['∞', '–']);
  });
  it('values', () => expect([0, -0.00512, 0.6134, 12345.6, 1e-9].map(formatValue)).toEqual(['0', '−0.00512', '0.613', '12300', '1.00e−9']));
  it('dates', () => {
    const now = new Date(2026, 10, 21, 12, 0);
    expect(formatWhen(new Date(2026, 10, 21, 9, 5).toISOString(), now)).toBe('today 09:05');
    expect(formatWhen(new Date(2026, 9, 3, 19, 30).toISOString(), now)).toBe('2026-10-03 19:30');
    expect(formatWhen('garbage')).toBe('garbage');
  });
  it('plurals', () => expect([plural(0, 'result'), plural(1, 'result'), plural(61, 'result')]).toEqual(['0 results', '1 result', '61 results']));
});

describe('providers', () => {
  it('have titles, also with an addition', () => {
    expect([providerTitle('cpu (TypeScript)'), providerTitle('webgpu'), providerTitle('new')]).toEqual(['CPU (TypeScript)', 'WebGPU', 'new']);
    expect([isCpu('cpu (TypeScript)'), isCpu('cuda')]).toEqual([true, false]);
  });
  it('are named with what was checked about them', () => {
    expect(providerChip({ name: 'cpu', state: 'verified' }, 2)).toBe('CPU · 2 threads');
    expect(providerChip({ name: 'webgpu', state: 'verified' }, 2)).toBe('WebGPU verified');
    expect(providerSentence({ name: 'webgpu', state: 'verified', maxAbs: 1.2e-6, ms: 310 })).toContain('within 1.2e-6 of CPU');
    expect(providerSentence({ name: 'cuda', state: 'failed', reason: 'libcuda is missing' })).toMatch(/^Not used/);
    expect(providerSentence({ name: 'dml', state: 'absent' })).toBe('Not on this machine.');
  });
});
