import { describe, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { subArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import { consistentAlong, consistentWithCoils, replaceSamples, uniformMaps } from '../../src/mri/kspace-replacement.ts';
import { magnitudeInput, magnitudeOutput } from '../../src/mri/magnitude-tensor.ts';
import { predictSamples, relativeResidual } from '../../src/mri/data-residual.ts';
import { predictAlong } from '../../src/mri/noncartesian-solvers.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { pipeMenon } from '../../src/transform/nufft/density.ts';
import { scriptSpokes } from '../support/nufft-inputs.ts';
import { randomComplex, relativeError } from '../support/random-array.ts';
import { randomPattern } from '../support/random-pattern.ts';

const steps = (iterations: number) => ({ iterations, signal: NEVER_CANCELLED });

/** k-space of an image with zeros where the pattern keeps nothing, [row, column]. */
function measuredBy(image: NdArray<'complex64'>, pattern: ReturnType<typeof randomPattern>): NdArray<'complex64'> {
  const [rows, columns] = image.shape as [number, number];
  return subArray(predictSamples(image, uniformMaps(rows, columns), pattern), 0);
}

function unitMaps(coils: number, rows: number, columns: number): NdArray<'complex64'> {
  const maps = randomComplex([coils, rows, columns], 8);
  const size = rows * columns;
  for (let i = 0; i < size; i++) {
    let power = 0;
    for (let c = 0; c < coils; c++) power += (maps.data[2 * (c * size + i)] as number) ** 2 + (maps.data[2 * (c * size + i) + 1] as number) ** 2;
    for (let c = 0; c < coils; c++) for (const k of [0, 1]) maps.data[2 * (c * size + i) + k] = (maps.data[2 * (c * size + i) + k] as number) / Math.sqrt(power);
  }
  return maps;
}

describe.each(['lines', 'points'] as const)('k-space replacement, %s', (kind) => {
  const [rows, columns] = [21, 24];
  const pattern = randomPattern(kind, rows, columns);
  const truth = randomComplex([rows, columns], 1);
  const kspace = measuredBy(truth, pattern);

  it('reproduces the measured samples to 10⁻⁵ and leaves the others as the network made them', () => {
    const made = randomComplex([rows, columns], 2);
    const spectrum = fft2c(replaceSamples(made, kspace, pattern));
    const network = fft2c(made);
    const top = kspace.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (let i = 0; i < rows * columns; i++) {
      const kept = pattern.mask[kind === 'lines' ? i % columns : i] === 1;
      for (const k of [0, 1]) {
        const expected = (kept ? kspace : network).data[2 * i + k] as number;
        expect(Math.abs((spectrum.data[2 * i + k] as number) - expected)).toBeLessThan(1e-5 * top);
      }
    }
  });

  it('never increases the error, on 100 made-up networks', () => {
    for (let seed = 10; seed < 110; seed++) {
      const made = randomComplex([rows, columns], seed);
      const before = relativeError(made.data, truth.data);
      expect(relativeError(replaceSamples(made, kspace, pattern).data, truth.data)).toBeLessThanOrEqual(before);
    }
  });

  it('restores the image from a full pattern whatever the network makes', () => {
    const all = { ...pattern, mask: pattern.mask.map(() => 1) };
    expect(relativeError(replaceSamples(randomComplex([rows, columns], 3), fft2c(truth), all).data, truth.data)).toBeLessThan(1e-6);
  });

  it('of one coil is where the conjugate gradients end after a step', async () => {
    const made = randomComplex([rows, columns], 4);
    const stack: NdArray<'complex64'> = { ...kspace, shape: [1, rows, columns] };
    const drawn = await consistentWithCoils(made, stack, uniformMaps(rows, columns), pattern, steps(1));
    expect(relativeError(drawn.data, replaceSamples(made, kspace, pattern).data)).toBeLessThan(1e-5);
  });

  it('of several coils draws the image towards the samples, closer with every step, and stays where it agrees', async () => {
    const maps = unitMaps(4, rows, columns);
    const samples = predictSamples(truth, maps, pattern);
    const made = randomComplex([rows, columns], 5);
    const residual = async (n: number): Promise<number> => relativeResidual(predictSamples(await consistentWithCoils(made, samples, maps, pattern, steps(n)), maps, pattern), samples);
    const found = [await residual(1), await residual(3), await residual(8)] as const;
    expect(found[0]).toBeLessThan(relativeResidual(predictSamples(made, maps, pattern), samples));
    expect(found[1]).toBeLessThan(found[0]);
    expect(found[2]).toBeLessThan(found[1]);
    const kept = await consistentWithCoils(truth, samples, maps, pattern, steps(5));
    expect(relativeError(kept.data, truth.data)).toBeLessThan(1e-5);
  });
});

describe('data consistency along spokes', () => {
  const trajectory = scriptSpokes(32, 32, 64, 24);
  const weights = pipeMenon(trajectory);
  const maps = uniformMaps(32, 32);
  const truth = disc(32);
  const kspace = predictAlong(truth, maps, trajectory);

  it('brings a wrong image close to the samples in a few steps', async () => {
    const made = disc(32, 0.7);
    const before = relativeResidual(predictAlong(made, maps, trajectory), kspace);
    const drawn = await consistentAlong(made, { kspace, trajectory, weights }, maps, steps(5));
    const after = relativeResidual(predictAlong(drawn, maps, trajectory), kspace);
    expect(before).toBeGreaterThan(0.2);
    expect(after).toBeLessThan(0.02);
    expect(relativeError(drawn.data, truth.data)).toBeLessThan(relativeError(made.data, truth.data) / 4);
  });

  it('keeps an image that agrees', async () => {
    const kept = await consistentAlong(truth, { kspace, trajectory, weights }, maps, steps(5));
    expect(relativeError(kept.data, truth.data)).toBeLessThan(1e-3);
  });
});

describe('magnitudes for networks', () => {
  it('are scaled to 1, padded by repetition, and come back in place and on scale', () => {
    const image = randomComplex([5, 6], 9);
    const { tensor, scale } = magnitudeInput(image, 4);
    expect(tensor.shape).toEqual([1, 1, 8, 8]);
    expect(tensor.data.reduce((top, value) => Math.max(top, value), 0)).toBe(1);
    expect(tensor.data[7 * 8 + 7]).toBe(tensor.data[4 * 8 + 5]);
    const back = magnitudeOutput(tensor, [5, 6], scale);
    for (let i = 0; i < 30; i++) expect(back.data[i]).toBeCloseTo(Math.hypot(image.data[2 * i] as number, image.data[2 * i + 1] as number), 6);
  });

  it('are not negative after the network, and silence stays silent', () => {
    expect([...magnitudeOutput({ dtype: 'float32', shape: [1, 1, 1, 2], data: Float32Array.of(-1, 2) }, [1, 2], 3).data]).toEqual([0, 6]);
    const { tensor, scale } = magnitudeInput(zeros('complex64', [4, 4]), 4);
    expect(scale).toBe(1);
    expect(tensor.data.every((value) => value === 0)).toBe(true);
  });
});

/** A disc with a softened edge and a phase ramp. */
function disc(side: number, height = 1): NdArray<'complex64'> {
  const out = zeros('complex64', [side, side]);
  for (let i = 0; i < side * side; i++) {
    const [y, x] = [Math.floor(i / side) - side / 2, (i % side) - side / 2];
    const value = height / (1 + Math.exp(2 * (Math.hypot(x, y + 2) - side / 4)));
    out.data.set([value * Math.cos(0.05 * x), value * Math.sin(0.05 * x)], 2 * i);
  }
  return out;
}
