import { describe, expect, it } from 'vitest';
import { mirrorBack, mirroredCopies, mirrorProblem, mirror } from '../../src/mri/mirrored-copies.ts';
import { cartesianProblem } from '../../src/mri/unrolled-problem.ts';
import type { UnrolledProblem } from '../../src/mri/unrolled.ts';
import { coils } from '../../src/operators/coils.ts';
import { fft1c, fft2c } from '../../src/transform/fft.ts';
import { graphNormal, noise } from './unrolled-graph.ts';

const copies = mirroredCopies(8);

describe.each([
  [12, 15],
  [9, 10],
])('copies of a %i×%i problem', (rows, columns) => {
  const problems: Record<string, UnrolledProblem> = Object.fromEntries(
    (['lines', 'points'] as const).map((kind) => {
      const length = kind === 'lines' ? columns : rows * columns;
      // No symmetry about the centre.
      const mask = Uint8Array.from({ length }, (_, i) => ((i * i + i) % 5 < 2 ? 1 : 0));
      const maps = noise([2, rows, columns], 3);
      const kspace = fft2c(coils(maps).apply(noise([rows, columns], 5)));
      for (let i = 0; i < kspace.data.length; i++) if (mask[(i >> 1) % length] === 0) kspace.data[i] = 0;
      return [kind, cartesianProblem(kspace, maps, { kind, mask }, kind, 0)];
    }),
  );
  // A transfer function on a larger grid, as a trajectory has: real, and not symmetric.
  const [j, k] = [2 * rows, 2 * columns + 1];
  problems['trajectory'] = {
    ...(problems['points'] as UnrolledProblem),
    weights: { dtype: 'float32', shape: [j, k], data: Float32Array.from({ length: j * k }, (_, i) => 0.5 + 0.5 * Math.sin(i * i * 0.37)) },
  };
  const { kspace: _none, ...along } = problems['trajectory'];
  problems['trajectory'] = along;

  it.each(['lines', 'points', 'trajectory'])('have the normal operator of the mirror image (%s)', (name) => {
    const problem = problems[name] as UnrolledProblem;
    const x = noise([rows, columns], 8);
    const expected = graphNormal(problem, x);
    for (const copy of copies) {
      const mirrored = mirrorProblem(problem, copy);
      const image = mirrorBack(x, copy, problem);
      const found = mirrorBack({ dtype: 'complex64', shape: x.shape, data: Float32Array.from(graphNormal(mirrored, image)) }, copy, problem).data;
      for (const [i, value] of expected.entries()) expect(Math.abs((found[i] as number) - value)).toBeLessThan(2e-4);
    }
  });

  it.each(['lines', 'points'] as const)('have the k-space and the adjoint of the mirror image (%s)', (kind) => {
    const problem = problems[kind] as UnrolledProblem;
    for (const copy of copies) {
      const mirrored = mirrorProblem(problem, copy);
      // Made anew from its own k-space, which for lines is in hybrid space.
      const samples = (mirrored.kspace as NonNullable<typeof mirrored.kspace>)();
      const again = kind === 'lines' ? hybridAdjoint(mirrored) : cartesianProblem(samples, mirrored.maps, { kind, mask: Uint8Array.from(mirrored.weights.data) }, kind, 0).adjoint;
      for (const [i, value] of mirrored.adjoint.data.entries()) expect(again.data[i]).toBeCloseTo(value, 4);
    }
  });

  it('are their own inverse', () => {
    const x = noise([2, rows, columns]);
    for (const copy of copies) for (const periodic of [true, false]) expect(mirror(mirror(x, copy, periodic), copy, periodic)).toEqual(x);
  });
});

it('are the problem itself first, and all different', () => {
  expect(copies[0]).toEqual({ rows: false, columns: false, conjugated: false });
  expect(new Set(copies.map((copy) => JSON.stringify(copy))).size).toBe(8);
  const problem = { adjoint: noise([4, 4]), maps: noise([1, 4, 4]) } as unknown as UnrolledProblem;
  expect(mirror(problem.adjoint, copies[0] as (typeof copies)[number])).toBe(problem.adjoint);
});

/** Sᴴ F⁻¹ along columns of hybrid k-space, by transforming rows forth first. */
function hybridAdjoint({ kspace, maps, weights }: UnrolledProblem) {
  const hybrid = (kspace as NonNullable<typeof kspace>)();
  return cartesianProblem(fft1c(hybrid, 1), maps, { kind: 'lines', mask: Uint8Array.from(weights.data) }, 'lines', 0).adjoint;
}
