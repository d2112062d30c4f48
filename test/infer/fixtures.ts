/** The tiny graphs of test/fixtures (made by scripts/onnx_graphs.py) as requests. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NdArray } from '../../src/array/nd-array.ts';
import type { InferRequest } from '../../src/infer/port.ts';

export function graphFixture(name: 'affine' | 'power' | 'external'): { path: string; sha256: string } {
  const path = fileURLToPath(new URL(`../fixtures/${name}.onnx`, import.meta.url));
  return { path, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') };
}

export function float32(shape: readonly number[], values: readonly number[] | Float32Array): NdArray<'float32'> {
  return { dtype: 'float32', shape, data: Float32Array.from(values) };
}

/** y = 2x + 1 over [2, 3]. */
export function affineRequest(overrides: Partial<InferRequest> = {}): InferRequest {
  return {
    ...graphFixture('affine'),
    provider: 'cpu',
    inputs: { x: float32([2, 3], [1, 2, 3, 4, 5, 6]), a: float32([1], [2]), b: float32([1], [1]) },
    ...overrides,
  };
}

/** y = Aᵗx with A = I: takes as long as `times` says, about 0.1 ms a turn. */
export function slowRequest(times: bigint, overrides: Partial<InferRequest> = {}): InferRequest {
  const n = 128;
  const identity = new Float32Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = 1;
  return {
    ...graphFixture('power'),
    provider: 'cpu',
    inputs: {
      times: { dtype: 'int64', shape: [], data: BigInt64Array.of(times) },
      a: float32([n, n], identity),
      x: float32([n, n], identity),
    },
    ...overrides,
  };
}

export const FOREVER = 100_000_000n;
