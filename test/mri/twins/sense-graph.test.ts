import { describe, expect, it } from 'vitest';
import { fromHalves, normalInputs, toHalves } from '../../../src/mri/twins/normal-graph.ts';
import { senseGraph } from '../../../src/mri/twins/sense-graph.ts';
import { sense } from '../../../src/mri/sense.ts';
import { NEVER_CANCELLED } from '../../../src/algorithms/status.ts';
import { senseOperator } from '../../../src/operators/sense.ts';
import { relativeError } from '../../support/random-array.ts';
import { twinCase } from '../../support/twin-case.ts';
import { runGraph, scalar } from '../../support/run-graph.ts';

describe.each(['lines', 'points'] as const)('the graph of SENSE for %s', (kind) => {
  const { maps, pattern, kspace, size } = twinCase(kind);

  it('makes the image and the residuals of the solver in TypeScript', async () => {
    const [lambda, iterations] = [0.01, 12];
    const residuals: number[] = [];
    const steps = sense(kspace, maps, pattern, { lambda, iterations, tolerance: 1e-5, signal: NEVER_CANCELLED });
    let next = await steps.next();
    for (; !next.done; next = await steps.next()) residuals.push(next.value.residual);
    const out = await runGraph(senseGraph(size, kind), {
      ...normalInputs(maps, pattern),
      b: toHalves(senseOperator(maps, pattern).adjoint(kspace)),
      lambda: scalar(lambda),
      tolerance: scalar(1e-5),
      iterations: { dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(iterations)) },
    });
    expect(relativeError(fromHalves(out('image')).data, next.value.data)).toBeLessThan(1e-5);
    expect(out('residuals').data.length).toBe(residuals.length);
    for (const [i, residual] of residuals.entries()) expect(out('residuals').data[i]).toBeCloseTo(residual, 4);
  });

  it('stops when the residual is small enough', async () => {
    const out = await runGraph(senseGraph(size, kind), {
      ...normalInputs(maps, pattern),
      b: toHalves(senseOperator(maps, pattern).adjoint(kspace)),
      lambda: scalar(1),
      tolerance: scalar(0.05),
      iterations: { dtype: 'int64', shape: [], data: BigInt64Array.of(50n) },
    });
    const residuals = [...out('residuals').data];
    expect(residuals.length).toBeLessThan(50);
    expect(residuals.at(-1)).toBeLessThan(0.05);
    expect(residuals.slice(0, -1).every((value) => value >= 0.05)).toBe(true);
  });
});
