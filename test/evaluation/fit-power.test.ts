import { describe, expect, it } from 'vitest';
import { Random } from '../../src/random/xoshiro.ts';
import { exponentsOf, levelOf, type TrustSample } from './fit-power.ts';

const TRUE = { spread: 0.3, made: 0.5, mirrored: 0.2 };

/** Components of independent sizes, and the error that they make up at `level`, off by ±10 %. */
function slice(level: number, seed: number, pixels = 400): TrustSample {
  const random = new Random(seed);
  const draw = (): Float32Array => Float32Array.from({ length: pixels }, () => 0.01 * Math.exp(2 * random.uniform()));
  const [spread, made, mirrored] = [draw(), draw(), draw()];
  const around = spread.map((s, i) => level * s ** TRUE.spread * (made[i] as number) ** TRUE.made * (mirrored[i] as number) ** TRUE.mirrored * (0.9 + 0.2 * random.uniform()));
  return { spread, made, mirrored, around };
}

describe('a product of powers', () => {
  const groups = [[slice(2, 1), slice(2, 2)], [slice(0.5, 3), slice(0.5, 4, 100)]];

  it('is found again, whatever level each network has', () => {
    const found = exponentsOf(groups);
    for (const name of ['spread', 'made', 'mirrored'] as const) expect(found[name], name).toBeCloseTo(TRUE[name], 1);
    expect(levelOf(groups[0] ?? [], TRUE)).toBeCloseTo(2, 1);
    expect(levelOf(groups[1] ?? [], TRUE)).toBeCloseTo(0.5, 1);
  });

  it('is refused where one component is another', () => {
    const { spread, made, around } = slice(1, 5);
    expect(() => exponentsOf([[{ spread, made, mirrored: spread, around }]])).toThrow(/independently/);
  });
});
