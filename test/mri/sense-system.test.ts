import { describe, expect, it } from 'vitest';
import { subArray } from '../../src/array/nd-array.ts';
import { predictSamples } from '../../src/mri/data-residual.ts';
import { SenseSystem } from '../../src/mri/sense-system.ts';
import { senseOperator } from '../../src/operators/sense.ts';
import { kernels } from '../../src/transform/kernels.ts';
import { randomComplex, relativeError } from '../support/random-array.ts';
import { randomPattern } from '../support/random-pattern.ts';

const SHAPES = [[1, 4, 4], [2, 8, 8], [3, 10, 7], [2, 17, 22], [2, 46, 33], [4, 64, 60]] as const;

describe.each(['lines', 'points'] as const)('a pattern of %s', (kind) => {
  it.each(SHAPES)('has the AᴴA and Aᴴ of the operators: %i coils, %i×%i', (coils, rows, columns) => {
    const maps = randomComplex([coils, rows, columns], 1);
    const pattern = randomPattern(kind, rows, columns);
    const reference = senseOperator(maps, pattern);
    const system = new SenseSystem(kernels(), maps, pattern);
    const { space } = system;
    const [x, out] = [space.create(), space.create()];
    const image = randomComplex([rows, columns], 2);
    space.set(x, image.data);
    system.normal(x, out);
    expect(relativeError(space.toArray(out).data, reference.adjoint(reference.apply(image)).data)).toBeLessThan(1e-6);
    const y = reference.apply(randomComplex([rows, columns], 3));
    system.adjoint(y, out);
    expect(relativeError(space.toArray(out).data, reference.adjoint(y).data)).toBeLessThan(1e-6);
    // What lies between the image and its padding stays zero, so that sums over whole buffers are sums over the image.
    const values = kernels().heap.floats(out, space.stride / 4).reduce((sum, value) => sum + value * value, 0);
    expect(values / Math.hypot(...space.toArray(out).data) ** 2).toBeCloseTo(1, 4);
    for (const address of [x, out]) space.free(address);
    system.dispose();
  });
});

describe.each(['lines', 'points'] as const)('two sets of maps, a pattern of %s', (kind) => {
  it.each([[2, 8, 8], [3, 17, 22]] as const)('sum in A and share out in Aᴴ: %i coils, %i×%i', (coils, rows, columns) => {
    const maps = randomComplex([2, coils, rows, columns], 1);
    const pattern = randomPattern(kind, rows, columns);
    const one = (s: number) => senseOperator(subArray(maps, s), pattern);
    const system = new SenseSystem(kernels(), maps, pattern);
    const { space } = system;
    const [x, out] = [space.create(), space.create()];
    const images = randomComplex([2, rows, columns], 2);
    for (const s of [0, 1]) space.set(x + s * space.stride, subArray(images, s).data);
    expect(space.toArray(x).data).toEqual(images.data);
    const y = predictSamples(images, maps, pattern);
    const [a, b] = [0, 1].map((s) => one(s).apply(subArray(images, s)).data) as [Float32Array, Float32Array];
    expect(relativeError(y.data, a.map((value, i) => value + (b[i] ?? NaN)))).toBeLessThan(1e-6);
    const expected = [0, 1].flatMap((s) => [...one(s).adjoint(y).data]);
    system.normal(x, out);
    expect(relativeError(space.toArray(out).data, expected)).toBeLessThan(1e-6);
    system.adjoint(y, out);
    expect(relativeError(space.toArray(out).data, expected)).toBeLessThan(1e-6);
    for (const address of [x, out]) space.free(address);
    system.dispose();
  });
});
