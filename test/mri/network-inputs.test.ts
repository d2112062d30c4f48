import { describe, expect, it } from 'vitest';
import { networkRefusal, type NetworkShape } from '../../src/mri/network-fit.ts';
import { networkFeed, type NetworkSpec, scaleOf } from '../../src/mri/network-inputs.ts';
import { poseNetwork, towardSamples } from '../../src/mri/network-reconstruction.ts';
import { sampleMeasurement, sampleSize } from '../../src/mri/network-sample.ts';
import { predictSamples, relativeResidual } from '../../src/mri/data-residual.ts';

const image = (shape: readonly (number | string)[] = [1, 2, 'rows', 'columns'], more: Partial<NetworkSpec> = {}): NetworkSpec => ({
  id: 'test', scale: 'maximum', inputs: [{ name: 'x', role: 'adjoint', shape }], outputs: [{ name: 'y', role: 'image', shape }], ...more,
});
const magnitude: NetworkSpec = { ...image(), inputs: [{ name: 'x', role: 'magnitude', shape: [1, 1, 'rows', 'columns'] }], outputs: [{ name: 'y', role: 'image-magnitude', shape: ['rows', 'columns', 1] }] };
const posed = (spec: NetworkSpec, size = { rows: 21, columns: 26, coils: 3 }, kind: 'lines' | 'points' = 'lines') => poseNetwork(spec, sampleMeasurement(size, kind), Infinity, new Map());

describe('what a network is fed', () => {
  it('comes back as the same image from a network that changes nothing, whatever the layout', async () => {
    for (const shape of [[1, 2, 'rows', 'columns'], ['rows', 'columns', 2], [1, 1, 'rows', 'columns', 2]]) {
      const { feed, problem } = await posed(image(shape));
      const back = feed.image({ y: feed.inputs['x'] as never });
      expect(back.shape).toEqual([21, 26]);
      for (const [i, value] of problem.adjoint.data.entries()) expect(back.data[i]).toBeCloseTo(value, 6);
    }
  });

  it('is padded by mirroring to the multiple that the network wants, and cropped after', async () => {
    const { feed, problem } = await posed(image(['rows', 'columns', 2], { multiple: 16 }));
    const x = feed.inputs['x'];
    expect(x?.shape).toEqual([32, 32, 2]);
    // 11 more rows, 5 of them before the first: row 4 is the mirror of row 5, the first of the image.
    const at = (r: number, c: number): number => x?.data[2 * (r * 32 + c)] as number;
    for (let c = 0; c < 32; c++) expect(at(4, c)).toBe(at(5, c));
    const back = feed.image({ y: x as never });
    for (const [i, value] of problem.adjoint.data.entries()) expect(back.data[i]).toBeCloseTo(value, 6);
  });

  it('has the phase of the samples again where the network gives magnitudes', async () => {
    const { feed, problem } = await posed(magnitude);
    const x = feed.inputs['x'];
    expect(Math.max(...(x?.data ?? []))).toBeCloseTo(1, 6);
    const back = feed.image({ y: { dtype: 'float32', shape: [21, 26, 1], data: x?.data as Float32Array } });
    for (const [i, value] of problem.adjoint.data.entries()) expect(back.data[i]).toBeCloseTo(value, 5);
  });

  it('scales with the samples: k-space ×10⁻⁶ feeds the same numbers', async () => {
    const big = sampleMeasurement({ rows: 21, columns: 26, coils: 3 }, 'lines');
    const small = { ...big, kspace: { ...big.kspace, data: big.kspace.data.map((value) => value * 1e-6) } };
    const spec: NetworkSpec = { ...image(), inputs: [{ name: 'x', role: 'adjoint', shape: ['rows', 'columns', 2] }, { name: 'k', role: 'kspace', shape: ['coils', 'rows', 'columns', 2] }] };
    const [a, b] = [await poseNetwork(spec, big, Infinity, new Map()), await poseNetwork(spec, small, Infinity, new Map())];
    for (const name of ['x', 'k']) {
      const other = b.feed.inputs[name]?.data;
      for (const [i, value] of (a.feed.inputs[name]?.data ?? []).entries()) expect(other?.[i]).toBeCloseTo(value as number, 4);
    }
    expect(b.feed.scale / a.feed.scale).toBeCloseTo(1e-6, 10);
  });

  it('has as many coils as the network fixes: more are compressed', async () => {
    const spec: NetworkSpec = { ...image(), inputs: [...image().inputs, { name: 'm', role: 'maps', shape: [1, 2, 'rows', 'columns', 2] }] };
    const { feed, notes } = await poseNetwork(spec, sampleMeasurement({ rows: 21, columns: 26, coils: 4 }, 'lines'), 2, new Map());
    expect(feed.inputs['m']?.shape).toEqual([1, 2, 21, 26, 2]);
    expect(notes.join()).toContain('4 → 2 virtual');
  });

  it('that gives another size fails with both sizes named', async () => {
    const { feed } = await posed(image());
    expect(() => feed.image({ y: { dtype: 'float32', shape: [1, 2, 20, 26], data: new Float32Array(2 * 20 * 26) } })).toThrow(/\[1, 2, 20, 26\].*21 × 26/);
    expect(() => feed.image({})).toThrow(/nothing/);
  });

  it('of silence is divided by 1', () => {
    const silent = { dtype: 'complex64' as const, shape: [2, 2], data: new Float32Array(8) };
    for (const scale of ['maximum', 'deviation', 'none'] as const) expect(scaleOf(silent, scale)).toBe(1);
    // Magnitudes 0, 0, 0, 4: mean 1, variance 3.
    expect(scaleOf({ ...silent, data: Float32Array.of(0, 0, 0, 0, 0, 0, 0, 4) }, 'deviation')).toBeCloseTo(Math.sqrt(3), 6);
  });

  it('throws for roles that the samples cannot serve', async () => {
    const { problem, kspace } = await posed(image(), undefined, 'points');
    const lines: NetworkSpec = { ...image(), inputs: [{ name: 'mask', role: 'mask-lines', shape: ['columns'] }] };
    expect(() => networkFeed(lines, problem, kspace)).toThrow(/wants mask-lines/);
  });
});

describe('towardSamples', () => {
  it('puts every sample of one coil back exactly in one step', async () => {
    const measurement = sampleMeasurement({ rows: 20, columns: 24, coils: 1 }, 'points');
    const { maps, kspace } = await poseNetwork(image(), measurement, Infinity, new Map());
    const x = { dtype: 'complex64' as const, shape: [20, 24], data: Float32Array.from({ length: 960 }, (_, i) => Math.sin(i)) };
    const better = towardSamples(x, kspace, maps, measurement.pattern, 1);
    expect(relativeResidual(predictSamples(better, maps, measurement.pattern), kspace)).toBeLessThan(1e-5);
  });

  it('brings several coils closer with every step', async () => {
    const measurement = sampleMeasurement({ rows: 20, columns: 24, coils: 4 }, 'lines');
    const { maps, kspace } = await poseNetwork(image(), measurement, Infinity, new Map());
    const residual = (steps: number): number => {
      const x = towardSamples({ dtype: 'complex64', shape: [20, 24], data: new Float32Array(960) }, kspace, maps, measurement.pattern, steps);
      return relativeResidual(predictSamples(x, maps, measurement.pattern), kspace);
    };
    expect(residual(0)).toBe(1);
    expect(residual(1)).toBeLessThan(residual(0));
    expect(residual(8)).toBeLessThan(residual(1));
  });
});

describe('networkRefusal', () => {
  const scan = { rows: 320, columns: 256, coils: 8, kind: 'lines' } as const;
  const fixed: NetworkShape = image([1, 2, 320, 320]);
  const physics: NetworkShape = { ...image(), inputs: [...image().inputs, { name: 'm', role: 'maps', shape: [15, 'rows', 'columns', 2] }], multiple: 32 };
  it.each([
    [image(), scan, null],
    [fixed, scan, /takes 320 × 320 samples .* has 320 × 256/],
    [physics, scan, /takes 15 coils; this recording has 8/],
    [physics, { ...scan, coils: 16, rows: 330 }, /multiples of 32; this slice has 330 × 256/],
    [{ ...image(), multiple: 32 }, { ...scan, rows: 330 }, null],
    [{ ...image(), inputs: [{ name: 'mask', role: 'mask-lines', shape: ['columns'] }] }, { ...scan, kind: 'points' }, /whole lines .*mask.*single points/],
    [image(), { ...scan, kind: 'trajectory' }, /along a trajectory/],
    [image(), { ...scan, nonCartesian: true }, /along a trajectory/],
  ] as const)('case %#', (network, about, reason) => {
    const refusal = networkRefusal(network as NetworkShape, about);
    if (reason === null) expect(refusal).toBeNull();
    else expect(refusal).toMatch(reason);
  });
});

describe('sampleSize', () => {
  it('is an odd number of multiples where the network leaves it open', () => {
    for (const multiple of [1, 2, 4, 8, 16, 32]) {
      const { rows, columns } = sampleSize({ ...image(), multiple });
      expect([(rows / multiple) % 2, (columns / multiple) % 2]).toEqual([1, 1]);
      expect(rows).not.toBe(columns);
    }
  });
  it('is what the network fixes', () => {
    expect(sampleSize(image([1, 2, 320, 320]))).toMatchObject({ rows: 320, columns: 320 });
  });
});
