import { describe, expect, it } from 'vitest';
import { bestLambda } from './best-lambda.ts';

const RANGE = { start: 0.004, low: 0.0005, high: 0.02 };

/** Quality in dB with its maximum at `top`, falling off as measured images do: a few tenths at twice the λ, steeper above. */
const around = (top: number) => {
  const tried: number[] = [];
  const attempt = (lambda: number): Promise<number> => {
    tried.push(lambda);
    const x = Math.log2(lambda / top);
    return Promise.resolve(34 - 0.5 * x * x - 0.08 * x ** 3 * Math.sign(x));
  };
  return { tried, attempt };
};
const itself = (value: number): number => value;

describe('bestLambda', () => {
  it.each([0.0007, 0.0021, 0.004, 0.0053, 0.011, 0.018])('comes within 0.05 dB of the maximum at %d', async (top) => {
    const { tried, attempt } = around(top);
    const [best] = await bestLambda(attempt, itself, RANGE);
    expect(best?.result).toBeGreaterThan(34 - 0.05);
    expect(new Set(tried).size).toBe(tried.length);
    expect(tried.length).toBeLessThanOrEqual(8);
  });

  it('does as well as the grid that it replaces', async () => {
    const grid = [0.0005, 0.001, 0.002, 0.003, 0.005, 0.008, 0.012, 0.02];
    for (const top of [0.0006, 0.0014, 0.0036, 0.009, 0.016]) {
      const { attempt } = around(top);
      const [best] = await bestLambda(attempt, itself, RANGE);
      const onGrid = Math.max(...(await Promise.all(grid.map((lambda) => around(top).attempt(lambda)))));
      expect(best?.result).toBeGreaterThan(onGrid - 0.05);
    }
  });

  it('stays within the range where quality grows beyond it', async () => {
    for (const [top, edge] of [[0.0001, 0.0005], [0.2, 0.02]] as const) {
      const { tried, attempt } = around(top);
      const [best] = await bestLambda(attempt, itself, RANGE);
      expect(best?.lambda).toBe(edge);
      expect(Math.min(...tried)).toBeGreaterThanOrEqual(RANGE.low);
      expect(Math.max(...tried)).toBeLessThanOrEqual(RANGE.high);
    }
  });

  it('ends where nothing differs', async () => {
    const all = await bestLambda(() => Promise.resolve(1), itself, RANGE);
    expect(all.map(({ lambda }) => lambda).sort()).toEqual([0.002, 0.004, 0.008]);
  });

  it('gives everything that was tried, best first', async () => {
    const all = await bestLambda(around(0.003).attempt, itself, RANGE);
    expect(all.map(({ result }) => result)).toEqual(all.map(({ result }) => result).sort((a, b) => b - a));
  });
});
