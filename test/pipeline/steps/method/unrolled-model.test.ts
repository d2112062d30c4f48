/** The shipped network in the real inference process: reproducible, better than zero-filling, the same on another provider. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NdArray } from '../../../../src/array/nd-array.ts';
import { magnitude, zeros } from '../../../../src/array/nd-array.ts';
import { NEVER_CANCELLED } from '../../../../src/algorithms/status.ts';
import type { InferRequest } from '../../../../src/infer/port.ts';
import type { NodeInfer } from '../../../../src/infer/node-infer.ts';
import { startNodeInfer } from '../../../../src/infer/node-infer.ts';
import { findModel } from '../../../../src/models/find.ts';
import { type MriEstimate, type MriMeasurement, residualOf } from '../../../../src/mri/measurement.ts';
import { coils as coilOperator } from '../../../../src/operators/coils.ts';
import { networkOf } from '../../../../src/pipeline/learned/network.ts';
import { checkParams } from '../../../../src/pipeline/registry.ts';
import { drain } from '../../../../src/pipeline/runner.ts';
import { unrolledVerification } from '../../../../src/mri/unrolled-verification.ts';
import { zeroFilled } from '../../../../src/mri/zero-filled.ts';
import unrolled from '../../../../src/pipeline/steps/method/unrolled.ts';
import type { SamplingPattern } from '../../../../src/sampling/pattern.ts';
import { fft2c } from '../../../../src/transform/fft.ts';

const [COILS, ROWS, COLUMNS] = [8, 128, 121];

/** A head of sorts: skull, brain, a few discs, phase ramp; values about 3e-5 as in raw scanner data. */
function head(): NdArray<'complex64'> {
  const image = zeros('complex64', [ROWS, COLUMNS]);
  for (let r = 0; r < ROWS; r++) {
    for (let c = 0; c < COLUMNS; c++) {
      const [y, x] = [(2 * r) / ROWS - 1, (2 * c) / COLUMNS - 1];
      const d = (x / 0.7) ** 2 + (y / 0.85) ** 2;
      const disc = (cx: number, cy: number, radius: number) => (x - cx) ** 2 + (y - cy) ** 2 < radius * radius;
      const value = d > 1 ? 0 : d > 0.88 ? 1 : disc(0.2, 0.1, 0.15) ? 0.2 : disc(-0.25, -0.2, 0.1) ? 0.9 : disc(0, 0.45, 0.04) ? 1 : 0.5;
      image.data.set([3e-5 * value * Math.cos(x + y), 3e-5 * value * Math.sin(x + y)], 2 * (r * COLUMNS + c));
    }
  }
  return image;
}

/** Smooth coils around the head, scaled to unit root-sum-of-squares. */
function coils(): NdArray<'complex64'> {
  const maps = zeros('complex64', [COILS, ROWS, COLUMNS]);
  for (let r = 0; r < ROWS; r++) {
    for (let c = 0; c < COLUMNS; c++) {
      const [y, x] = [(2 * r) / ROWS - 1, (2 * c) / COLUMNS - 1];
      const weights = Array.from({ length: COILS }, (_, k) => {
        const angle = (2 * Math.PI * k) / COILS;
        return Math.exp(-((x - 1.2 * Math.cos(angle)) ** 2 + (y - 1.2 * Math.sin(angle)) ** 2) / 1.5);
      });
      const rss = Math.hypot(...weights);
      weights.forEach((weight, k) => {
        const phase = (2 * Math.PI * k) / COILS;
        maps.data.set([(weight / rss) * Math.cos(phase), (weight / rss) * Math.sin(phase)], 2 * ((k * ROWS + r) * COLUMNS + c));
      });
    }
  }
  return maps;
}

function measurement(kind: 'lines' | 'points'): MriMeasurement {
  const kspace = fft2c(coilOperator(coils()).apply(head()));
  const near = (i: number, n: number) => Math.abs(i - Math.floor(n / 2)) <= 6;
  const keep = (r: number, c: number) =>
    kind === 'lines' ? near(c, COLUMNS) || c % 4 === 1 : (near(r, ROWS) && near(c, COLUMNS)) || (r % 2 === 1 && c % 2 === 1);
  const mask =
    kind === 'lines'
      ? Uint8Array.from({ length: COLUMNS }, (_, c) => Number(keep(0, c)))
      : Uint8Array.from({ length: ROWS * COLUMNS }, (_, i) => Number(keep(Math.floor(i / COLUMNS), i % COLUMNS)));
  for (let i = 0; i < kspace.data.length; i++) if (mask[(i >> 1) % mask.length] === 0) kspace.data[i] = 0;
  const kept = mask.reduce((sum, value) => sum + value, 0);
  const middle = (n: number) => [Math.floor(n / 2) - 6, Math.floor(n / 2) + 7] as const;
  const pattern: SamplingPattern = {
    kind,
    rows: ROWS,
    columns: COLUMNS,
    mask,
    nominal: 4,
    achieved: mask.length / kept,
    kept,
    total: mask.length,
    centre: { rows: kind === 'lines' ? [0, ROWS] : middle(ROWS), columns: middle(COLUMNS) },
  };
  return { kspace, pattern, output: { rows: ROWS, columns: COLUMNS } };
}

async function run(infer: NodeInfer, about: MriMeasurement): Promise<MriEstimate> {
  const onCpu = {
    providers: () => infer.providers(),
    run: (request: Parameters<NodeInfer['run']>[0]) => infer.run({ ...request, provider: 'cpu' }),
  };
  return drain(unrolled.run(about, checkParams(unrolled, {}), { signal: NEVER_CANCELLED, infer: onCpu, loadModel: findModel, cache: new Map() }));
}

function nrmse(estimate: NdArray<'float32'>, truth: NdArray<'float32'>): number {
  let [error, energy] = [0, 0];
  truth.data.forEach((value, i) => {
    error += ((estimate.data[i] as number) - value) ** 2;
    energy += value * value;
  });
  return Math.sqrt(error / energy);
}

let infer: NodeInfer;
beforeAll(() => {
  infer = startNodeInfer({ threads: 2 });
});
afterAll(() => infer.close());

describe.each(['lines', 'points'] as const)('the shipped network (%s)', (kind) => {
  it('is closer to the truth than zero-filling by far, on the scale of the data', async () => {
    const about = measurement(kind);
    const truth = magnitude(head());
    const estimate = await run(infer, about);
    const learned = nrmse(magnitude(estimate.image), truth);
    expect(learned).toBeLessThan(0.5 * nrmse(zeroFilled(about.kspace), truth));
    expect(residualOf(estimate)).toBeLessThan(0.1);
  });

  it('gives the same bits from another process', async () => {
    const about = measurement(kind);
    const first = await run(infer, about);
    const other = startNodeInfer({ threads: 2 });
    try {
      const again = await run(other, about);
      expect(Buffer.from(again.image.data.buffer).equals(Buffer.from(first.image.data.buffer))).toBe(true);
      expect(again.residual?.()).toEqual(first.residual?.());
      const plain = (estimate: MriEstimate) => ({ ...estimate, residual: null, dataResidual: residualOf(estimate) });
      expect(plain(again)).toEqual(plain(first));
    } finally {
      await other.close();
    }
  });
});

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const canRunWebGpu =
  process.platform === 'linux' &&
  process.arch === 'x64' &&
  existsSync(SWIFTSHADER) &&
  existsSync('/usr/lib/x86_64-linux-gnu/libvulkan.so.1');
if (!canRunWebGpu)
  process.stderr.write(`WebGPU check of the shipped network skipped: it needs ${SWIFTSHADER} and libvulkan.so.1 on Linux x64\n`);

describe.each(['unrolled-s', 'unrolled-m'])('%s', (id) => {
  it.skipIf(!canRunWebGpu).each(['lines', 'points'] as const)('agrees between WebGPU and CPU: NRMSE at most 1e-4 (%s)', { timeout: 600_000 }, async (kind) => {
    const env = { ...process.env, VK_ICD_FILENAMES: SWIFTSHADER, XDG_RUNTIME_DIR: '/tmp' };
    const gpu = startNodeInfer({ threads: 2, env });
    try {
      const onWebGpu = { providers: () => gpu.providers(), run: (request: InferRequest) => gpu.run({ ...request, provider: 'webgpu' }) };
      const network = networkOf(await findModel(id), kind, { infer: onWebGpu, signal: NEVER_CANCELLED, cache: new Map() });
      const { result } = await network.reconstruct(unrolledVerification(kind));
      process.stderr.write(`${id} ${kind}: WebGPU against CPU, NRMSE ${result.verification?.nrmse.toExponential(1)}, max ${result.verification?.maxAbs.toExponential(1)}\n`);
      expect(result.provider).toBe('webgpu');
      expect(result.verification?.nrmse).toBeLessThan(1e-4);
      expect(result.verification?.maxAbs).toBeLessThan(1e-4);
    } finally {
      await gpu.close();
    }
  });
});
