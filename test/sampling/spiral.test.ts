import { describe, expect, it } from 'vitest';
import spiral from '../../src/pipeline/steps/pattern/spiral.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { spiralTrajectory } from '../../src/sampling/spiral.ts';

const base = { interleaves: 6, turns: 3, density: 1, ordering: 'uniform', offset: 0, frame: 0 } as const;
const matrix = { rows: 64, columns: 64 };

function polar({ points }: ReturnType<typeof spiralTrajectory>, s: number, j: number): { k: number; angle: number } {
  const [, readouts] = points.shape as [number, number, number];
  const [down = NaN, across = NaN] = points.data.slice(2 * (s * readouts + j));
  return { k: Math.hypot(down, across), angle: Math.atan2(down, across) };
}

it('an arm winds from the centre to the edge at an even pace', () => {
  const trajectory = spiralTrajectory(matrix, base);
  const [samples] = trajectory.points.shape as [number, number, number];
  expect(polar(trajectory, 0, 0).k).toBe(0);
  expect(polar(trajectory, samples - 1, 0).k).toBeCloseTo(32, 4);
  let turned = 0;
  for (let s = 1; s < samples; s++) {
    const [a, b] = [polar(trajectory, s - 1, 2), polar(trajectory, s, 2)];
    const delta = ((b.angle - a.angle + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
    if (s > 1) turned += delta;
    const chord = Math.sqrt(a.k ** 2 + b.k ** 2 - 2 * a.k * b.k * Math.cos(delta));
    expect(chord).toBeGreaterThan(0.42);
    expect(chord).toBeLessThan(0.51);
  }
  expect(turned / (2 * Math.PI)).toBeGreaterThan(2.9);
  expect(turned / (2 * Math.PI)).toBeLessThan(3.001);
});

it('is Archimedean with exponent 1: windings of all arms are kmax/(turns·arms) apart; more makes the centre denser', () => {
  const crossings = (density: number): number[] => {
    const trajectory = spiralTrajectory(matrix, { ...base, density });
    const [samples, arms] = trajectory.points.shape as [number, number, number];
    const radii: number[] = [];
    for (let j = 0; j < arms; j++) {
      for (let s = 2; s < samples; s++) {
        const [a, b] = [polar(trajectory, s - 1, j), polar(trajectory, s, j)];
        if (a.angle < 0 && b.angle >= 0 && b.angle < 1) radii.push(a.k + ((b.k - a.k) * -a.angle) / (b.angle - a.angle));
      }
    }
    return radii.sort((x, y) => x - y);
  };
  const even = crossings(1);
  for (let i = 1; i < even.length; i++) expect((even[i] ?? NaN) - (even[i - 1] ?? NaN)).toBeCloseTo(32 / 18, 1);
  const dense = crossings(2);
  expect((dense[2] ?? NaN) - (dense[1] ?? NaN)).toBeLessThan(1);
  expect((dense.at(-1) ?? NaN) - (dense.at(-2) ?? NaN)).toBeGreaterThan(2.5);
});

it('arms are turned evenly or by 137.51°, and on over frames', () => {
  const angleOf = (params: Partial<Parameters<typeof spiralTrajectory>[1]>, j: number): number => {
    const trajectory = spiralTrajectory(matrix, { ...base, ...params });
    return (polar(trajectory, (trajectory.points.shape[0] as number) - 1, j).angle * 180) / Math.PI;
  };
  const between = (a: number, b: number): number => (b - a + 720) % 360;
  expect(between(angleOf({}, 0), angleOf({}, 1))).toBeCloseTo(60, 3);
  expect(between(angleOf({ ordering: 'golden' }, 0), angleOf({ ordering: 'golden' }, 1))).toBeCloseTo(137.508, 2);
  expect(between(angleOf({ ordering: 'golden' }, 5), angleOf({ ordering: 'golden', frame: 1 }, 0))).toBeCloseTo(137.508, 2);
  expect(between(angleOf({}, 0), angleOf({ offset: 25 }, 0))).toBeCloseTo(25, 3);
});

describe('the pattern', () => {
  const create = async (params: Record<string, unknown>, context: Record<string, unknown> = {}): Promise<SamplingPattern> =>
    spiral.create({ rows: 128, columns: 96, ...context }, spiral.params.parse(params));

  it('counts arms against lines, and its readouts start at the centre', async () => {
    const pattern = await create({ acceleration: 4, density: 2 });
    expect(pattern).toMatchObject({ kind: 'trajectory', columns: 24, kept: 24, total: 96, nominal: 4, achieved: 4 });
    expect(pattern.trajectory).toMatchObject({ kind: 'spiral', matrix: { rows: 128, columns: 96 } });
    expect(pattern.rows).toBe(pattern.trajectory?.points.shape[0]);
    expect(pattern.centre.rows[0]).toBe(0);
    expect(pattern.centre.rows[1]).toBeGreaterThan(10);
    expect(pattern.centre.columns).toEqual([0, 24]);
  });

  it('needs fully sampled k-space, and has a limit', async () => {
    await expect(create({}, { acquiredPoints: new Uint8Array(128 * 96) })).rejects.toMatchObject({ code: 'usage.unsupported' });
    await expect(create({ turns: 32, acceleration: 1 }, { columns: 400, output: { rows: 512, columns: 400 } })).rejects.toMatchObject({ code: 'usage.invalid' });
  });
});
