import { describe, expect, it } from 'vitest';
import { magnitude, type NdArray, zeros } from '../../../src/array/nd-array.ts';
import { superResolve } from '../../../src/pipeline/restoration/super-resolve.ts';
import { fft2c } from '../../../src/transform/fft.ts';
import { magnitudeContext, magnitudeModel, repeated } from '../../support/magnitude-infer.ts';
import { randomComplex, relativeError } from '../../support/random-array.ts';

const model = (factor: number, trained = {}) => magnitudeModel(`espcn-x${factor}`, { task: 'super-resolution', trained });

/** The middle of the spectrum of a fine image with even sides. */
function band(fine: NdArray<'complex64'>, rows: number, columns: number): Float32Array {
  const { data, shape } = fft2c(fine);
  const [height, width] = shape as [number, number];
  const out = new Float32Array(2 * rows * columns);
  for (let r = 0; r < rows; r++) {
    const from = 2 * ((height / 2 - rows / 2 + r) * width + width / 2 - columns / 2);
    out.set(data.subarray(from, from + 2 * columns), 2 * r * columns);
  }
  return out;
}

describe('superResolve', () => {
  it.each([2, 3] as const)('×%i keeps the measured band to 10⁻⁵, whatever the network makes, in the unit of the data', async (factor) => {
    const image = randomComplex([20, 24], 3);
    for (let i = 0; i < image.data.length; i++) image.data[i] = 3e-5 * (image.data[i] as number);
    const context = magnitudeContext(model(factor), repeated(factor));
    const { image: fine, model: name, provider } = await superResolve(image, factor, context);
    expect(fine.shape).toEqual([20 * factor, 24 * factor]);
    expect(relativeError(band(fine, 20, 24), fft2c(image).data.map((value) => factor * value))).toBeLessThan(1e-5);
    expect({ name, provider }).toEqual({ name: `espcn-x${factor} 1.2.3`, provider: 'cpu' });
    const fed = context.requests[0]?.inputs['in'] as NdArray<'float32'>;
    expect(fed.shape).toEqual([1, 1, 36, 40]);
    expect(fed.data.reduce((top, value) => Math.max(top, value), 0)).toBeCloseTo(1, 5);
  });

  it('joins tiles without a seam', async () => {
    const image = magnitude(randomComplex([300, 280], 4));
    const context = magnitudeContext(model(2), repeated(2));
    const { image: fine } = await superResolve(image, 2, context);
    expect(context.requests.length).toBe(4);
    // Repetition as one piece, then the same replacement.
    const one = repeated(2)({ dtype: 'float32', shape: [1, 1, 300, 280], data: image.data });
    const spectrum = fft2c({ dtype: 'complex64', shape: [600, 560], data: Float32Array.from({ length: 2 * one.data.length }, (_, i) => (i % 2 === 0 ? (one.data[i / 2] as number) : 0)) });
    const found = fft2c(fine);
    // Far outside of the band nothing was replaced.
    for (const row of [3, 77, 560]) expect(relativeError(found.data.subarray(2 * row * 560, 2 * row * 560 + 200), spectrum.data.subarray(2 * row * 560, 2 * row * 560 + 200))).toBeLessThan(1e-3);
  });

  it('says that it is learned, by which model, and what lies outside of its training', async () => {
    const { notes } = await superResolve(magnitude(randomComplex([20, 24], 5)), 2, magnitudeContext(model(2, { matrix: [30, 90] }), repeated(2)));
    expect(notes[0]).toMatch(/^Learned super-resolution ×2: .*never measure/);
    expect(notes.join('\n')).toMatch(/Model: espcn-x2 1\.2\.3 \(sha256 b{64}\)/);
    expect(notes.filter((note) => note.startsWith('Outside its training'))).toHaveLength(2);
  });

  it('leaves silence silent', async () => {
    const { image } = await superResolve(zeros('float32', [12, 12]), 2, magnitudeContext(model(2), repeated(2)));
    expect(image.data.every((value) => value === 0)).toBe(true);
  });

  it('refuses what is too large before anything is loaded, packages for another task, and outputs of another size', async () => {
    const image = magnitude(randomComplex([8, 8], 6));
    const context = magnitudeContext(model(2), repeated(3));
    await expect(superResolve({ dtype: 'float32', shape: [3000, 10], data: new Float32Array(0) }, 2, context)).rejects.toMatchObject({ code: 'usage.unsupported', field: 'factor' });
    await expect(superResolve(image, 2, context)).rejects.toMatchObject({ code: 'infer.failed' });
    const other = magnitudeContext(magnitudeModel('espcn-x2', { task: 'mri-artefact-removal' }), repeated(2));
    await expect(superResolve(image, 2, other)).rejects.toMatchObject({ code: 'usage.unsupported', message: expect.stringContaining('mri-artefact-removal') });
    expect(context.requests.length).toBe(1);
  });
});
