import { describe, expect, it } from 'vitest';
import radial from '../../src/pipeline/steps/pattern/radial.ts';
import { radialAngles, radialTrajectory } from '../../src/sampling/radial.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';

const degrees = (radians: number): number => (radians * 180) / Math.PI;
const base = { spokes: 5, ordering: 'uniform', tinyNumber: 7, offset: 0, frame: 0 } as const;
const create = async (params: Record<string, unknown>, context: Record<string, unknown> = {}): Promise<SamplingPattern> =>
  radial.create({ rows: 128, columns: 96, output: { rows: 64, columns: 80 }, ...context }, radial.params.parse(params));

describe('angles', () => {
  it('uniform: over half a turn, from the offset', () => {
    expect(radialAngles({ ...base, offset: 10 }).map(degrees)).toEqual([10, 46, 82, 118, 154].map((angle) => expect.closeTo(angle, 10)));
  });

  it.each([
    ['golden', 1, 111.246],
    ['tiny-golden', 1, 111.246],
    ['tiny-golden', 2, 68.754],
    ['tiny-golden', 7, 23.628],
  ] as const)('%s, N = %i: %d° from one spoke to the next (Wundrak et al., table I)', (ordering, tinyNumber, step) => {
    const angles = radialAngles({ ...base, ordering, tinyNumber }).map(degrees);
    for (const [j, angle] of angles.entries()) expect(angle).toBeCloseTo(j * step, 2);
  });

  it('golden: go on over the frames of a series', () => {
    const all = radialAngles({ ...base, ordering: 'golden', spokes: 15 });
    for (const frame of [0, 1, 2]) expect(radialAngles({ ...base, ordering: 'golden', frame })).toEqual(all.slice(5 * frame, 5 * frame + 5).map((angle) => expect.closeTo(angle, 10)));
  });

  it('uniform: later frames lie between the spokes of the first', () => {
    const first = radialAngles(base).map(degrees);
    for (const frame of [1, 2, 3]) {
      const [angle = NaN] = radialAngles({ ...base, frame }).map(degrees);
      const gap = Math.min(...first.map((other) => Math.abs(((angle - other + 270) % 180) - 90)));
      expect(gap).toBeGreaterThan(36 / 8);
    }
  });
});

it('every spoke passes the centre and reaches the edge of the grid, whatever the shape of the matrix', () => {
  const { points } = radialTrajectory({ rows: 64, columns: 80 }, { ...base, spokes: 4, oversampling: 2 });
  expect(points.shape).toEqual([160, 4, 2]);
  const at = (s: number, j: number): number[] => [...points.data.slice(2 * (s * 4 + j), 2 * (s * 4 + j) + 2)];
  expect(at(80, 0)).toEqual([0, 0]);
  expect(at(80, 3).map(Math.abs)).toEqual([0, 0]);
  expect(at(0, 0)).toEqual([-0, -40]);
  expect(at(0, 2)).toEqual([-32, expect.closeTo(0, 5)]);
  expect(at(81, 0)).toEqual([0, 0.5]);
});

describe('the pattern', () => {
  it('counts spokes against the lines of the full scan', async () => {
    const pattern = await create({ acceleration: 5 });
    expect(pattern).toMatchObject({ kind: 'trajectory', rows: 160, columns: 19, kept: 19, total: 96, nominal: 5 });
    expect(pattern.achieved).toBeCloseTo(96 / 19, 12);
    expect(pattern.mask).toEqual(new Uint8Array(19).fill(1));
    expect(pattern.trajectory?.matrix).toEqual({ rows: 64, columns: 80 });
    expect(pattern.trajectory?.points.shape).toEqual([160, 19, 2]);
  });

  it('takes a number of spokes instead', async () => {
    expect(await create({ acceleration: 5, spokes: 48 })).toMatchObject({ columns: 48, nominal: 2, achieved: 2 });
  });

  it('says which samples of every spoke lie where no cell of the grid is missed', async () => {
    const { centre, rows } = await create({ acceleration: 2, ordering: 'uniform' });
    const [start, end] = centre.rows;
    expect(centre.columns).toEqual([0, 48]);
    expect(start + end).toBe(rows + 1);
    // 48 spokes are a cell apart at k = 48/π = 15; a sample is half a cell along columns.
    expect(end - start).toBeGreaterThan(40);
    expect(end - start).toBeLessThan(2 * 2 * 20);
  });

  it('needs fully sampled k-space, and has a limit', async () => {
    const acquired = new Uint8Array(96).fill(1);
    await expect(create({}, { acquired })).resolves.toMatchObject({ kind: 'trajectory' });
    acquired[3] = 0;
    await expect(create({}, { acquired })).rejects.toMatchObject({ code: 'usage.unsupported', field: 'pattern' });
    await expect(create({ spokes: 2048 }, { output: { rows: 2000, columns: 2000 } })).rejects.toMatchObject({ code: 'usage.invalid' });
  });
});
