import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../../src/array/nd-array.ts';
import { zeros } from '../../../../src/array/nd-array.ts';
import type { Series } from '../../../../src/array/recording.ts';
import { NEVER_CANCELLED } from '../../../../src/algorithms/status.ts';
import type { InferPort, InferRequest, InferResult } from '../../../../src/infer/port.ts';
import type { LoadedModel } from '../../../../src/models/load.ts';
import type { ModelManifest } from '../../../../src/models/manifest.ts';
import { type MriEstimate, type MriMeasurement, residualOf } from '../../../../src/mri/measurement.ts';
import { coils as coilOperator } from '../../../../src/operators/coils.ts';
import { modelOf } from '../../../../src/pipeline/learned/model-of.ts';
import { makePattern } from '../../../../src/pipeline/make-pattern.ts';
import { measure } from '../../../../src/pipeline/measure.ts';
import { checkParams, findStep } from '../../../../src/pipeline/registry.ts';
import { drain } from '../../../../src/pipeline/runner.ts';
import type { MethodContext } from '../../../../src/pipeline/step.ts';
import unrolled from '../../../../src/pipeline/steps/method/unrolled.ts';
import type { SamplingPattern } from '../../../../src/sampling/pattern.ts';
import { fft2c } from '../../../../src/transform/fft.ts';

const [COILS, ROWS, COLUMNS] = [8, 40, 36];

/** Names say nothing on purpose: inputs are laid out by role. */
const ROLES = {
  lines: { p: 'adjoint', q: 'maps', r: 'dft-lines', s: 'condition' },
  points: { p: 'adjoint', q: 'maps', r: 'weights', s: 'dft-rows', t: 'dft-columns', u: 'condition' },
} as const;

/** Stands in for the network: gives Aᴴy back, so that a wrong layout, copy or scale shows. */
class AdjointInfer implements InferPort {
  readonly requests: InferRequest[] = [];

  providers(): Promise<never> {
    return Promise.reject(new Error('not asked'));
  }

  async run(request: InferRequest): Promise<InferResult> {
    this.requests.push(request);
    const image = request.inputs['p'] as NdArray<'float32'>;
    return { outputs: { x: image }, provider: 'webgpu', ms: 1, threads: 2, verification: { maxAbs: 1.25e-6, nrmse: 3e-7 } };
  }
}

function graph(roles: Readonly<Record<string, string>>) {
  const tensor = ([name, role]: readonly [string, string]) => ({ name, role, dtype: 'float32', shape: ['any'], help: '' });
  return { inputs: Object.entries(roles).map(tensor), outputs: [tensor(['x', 'image'])] };
}

const MODEL: LoadedModel = {
  manifest: {
    id: 'unrolled-s',
    version: '1.0.0',
    task: 'mri-reconstruction',
    graphs: { lines: graph(ROLES.lines), points: graph(ROLES.points) },
    inference: { virtualCoils: 6, mapPasses: 1, averages: 1 },
    tolerance: { maxAbs: 1e-3, nrmse: 1e-4 },
    trained: { acceleration: [2, 10], coils: [1, 8], matrix: [32, 400], patterns: ['random'], data: [] },
  } as unknown as ModelManifest,
  folder: '/models/unrolled-s',
  graphs: { lines: { path: '/lines.onnx', sha256: 'a'.repeat(64) }, points: { path: '/points.onnx', sha256: 'b'.repeat(64) } },
  files: {},
  card: '',
};

function context(infer: InferPort, model: LoadedModel = MODEL): MethodContext {
  return { signal: NEVER_CANCELLED, infer, loadModel: async () => model, cache: new Map() };
}

function advised(inference: Partial<NonNullable<ModelManifest['inference']>>): LoadedModel {
  return { ...MODEL, manifest: { ...MODEL.manifest, inference: { virtualCoils: 6, mapPasses: 1, averages: 1, ...inference } } };
}

/** A smooth object seen by smooth coils; `true` maps differ from the estimated ones only where it is dark. */
function object(): NdArray<'complex64'> {
  const image = zeros('complex64', [ROWS, COLUMNS]);
  for (let r = 0; r < ROWS; r++) {
    for (let c = 0; c < COLUMNS; c++) {
      const d = ((r - ROWS / 2) / 9) ** 2 + ((c - COLUMNS / 2) / 8) ** 2;
      image.data.set([3e-5 * Math.exp(-d), 1e-5 * Math.exp(-d)], 2 * (r * COLUMNS + c));
    }
  }
  return image;
}

function coilMaps(coils: number): NdArray<'complex64'> {
  const maps = zeros('complex64', [coils, ROWS, COLUMNS]);
  for (let c = 0; c < coils; c++) {
    for (let r = 0; r < ROWS; r++) {
      for (let k = 0; k < COLUMNS; k++) {
        const angle = (2 * Math.PI * c) / coils;
        const weight = (1 + 0.4 * Math.cos(angle) * (r / ROWS - 0.5) + 0.4 * Math.sin(angle) * (k / COLUMNS - 0.5)) / Math.sqrt(coils);
        maps.data.set([weight * Math.cos(angle), weight * Math.sin(angle)], 2 * ((c * ROWS + r) * COLUMNS + k));
      }
    }
  }
  return maps;
}

function fullPattern(kind: 'lines' | 'points', nominal = 1): SamplingPattern {
  const total = kind === 'lines' ? COLUMNS : ROWS * COLUMNS;
  const centre = { rows: kind === 'lines' ? ([0, ROWS] as const) : ([8, 32] as const), columns: [8, 28] as const };
  return {
    kind,
    rows: ROWS,
    columns: COLUMNS,
    mask: new Uint8Array(total).fill(1),
    nominal,
    achieved: nominal,
    kept: total,
    total,
    centre,
  };
}

function measurement(kind: 'lines' | 'points', coils = COILS, nominal = 4): MriMeasurement {
  return { kspace: fft2c(coilOperator(coilMaps(coils)).apply(object())), pattern: fullPattern(kind, nominal), output: { rows: 32, columns: 32 } };
}

async function run(about: MriMeasurement, ctx: MethodContext, params: Record<string, number | string> = {}): Promise<MriEstimate> {
  return drain(unrolled.run(about, checkParams(unrolled, params), ctx));
}

describe.each(['lines', 'points'] as const)('the step with a stand-in for the network (%s)', (kind) => {
  it.each([
    { mapPasses: '1', averages: '1' },
    { mapPasses: '2', averages: '8' },
  ])('gives the object back, cropped, on the scale of the data, from fully sampled k-space: %o', async (params) => {
    const infer = new AdjointInfer();
    const { image, dataResidual, provider } = await run(measurement(kind), context(infer), params);
    expect(image.shape).toEqual([32, 32]);
    expect(image.dtype).toBe('complex64');
    const [x, truth] = [image.data, object().data];
    for (let r = 0; r < 32; r++) {
      for (let c = 0; c < 32; c++) {
        const [i, t] = [2 * (r * 32 + c), 2 * ((r + 4) * COLUMNS + c + 2)];
        // The coils' combined weight is 1 to within a few per cent.
        expect(
          Math.abs(Math.hypot(x[i] as number, x[i + 1] as number) - Math.hypot(truth[t] as number, truth[t + 1] as number)),
        ).toBeLessThan(2e-6);
      }
    }
    expect(residualOf(dataResidual === undefined ? {} : { dataResidual })).toBeLessThan(0.02);
    expect(provider).toBe('webgpu');
    expect(infer.requests).toHaveLength(params.mapPasses === '2' ? 9 : 1);
  });

  it('asks for the graph of its kind, inputs by role, with the means to verify a provider', async () => {
    const infer = new AdjointInfer();
    const { notes } = await run(measurement(kind), context(infer));
    const [request] = infer.requests;
    expect(request).toMatchObject({ ...MODEL.graphs[kind], provider: 'auto', outputs: ['x'], verification: { tolerance: MODEL.manifest.tolerance } });
    expect(request?.inputs['q']?.shape).toEqual([6, ROWS, COLUMNS, 2]);
    expect(Object.keys(request?.inputs ?? {})).toEqual(Object.keys(ROLES[kind]));
    expect(Object.keys(request?.verification?.inputs ?? {})).toEqual(Object.keys(ROLES[kind]));
    expect(notes).toContain(`Model: unrolled-s 1.0.0 (sha256 ${MODEL.graphs[kind]?.sha256})`);
    expect(notes.find((note) => note.startsWith('Coils: 8 → 6 virtual, 100.0 %'))).toBeDefined();
    expect(notes).toContain('Against CPU on the verification input: max 0.0000013, NRMSE 3.0e-7');
    expect(notes.filter((note) => note.startsWith('Outside'))).toEqual([]);
  });
});

describe('how it is run', () => {
  it('follows the package, unless a person chose otherwise', async () => {
    const infer = new AdjointInfer();
    const ctx = context(infer, advised({ virtualCoils: 3, mapPasses: 2, averages: 4 }));
    const { notes } = await run(measurement('lines'), ctx);
    expect(infer.requests).toHaveLength(5);
    expect(infer.requests[0]?.inputs['q']?.shape[0]).toBe(3);
    expect(notes).toContain('Maps made again after a first pass');
    expect(notes).toContain('Mean magnitude of 4 mirrored and conjugated copies');
    await run(measurement('lines'), ctx, { virtualCoils: 2, mapPasses: '1', averages: '2' });
    expect(infer.requests).toHaveLength(7);
    expect(infer.requests[5]?.inputs['q']?.shape[0]).toBe(2);
  });

  it('loads the package that is named', async () => {
    const asked: string[] = [];
    const loadModel = async (id: string): Promise<LoadedModel> => {
      asked.push(id);
      return MODEL;
    };
    const ctx: MethodContext = { ...context(new AdjointInfer()), loadModel };
    await run(measurement('lines'), ctx, { model: 'my-network' });
    expect(asked).toEqual(['my-network']);
    expect(modelOf(unrolled, { model: 'my-network' })).toBe('my-network');
    expect(modelOf(unrolled, {})).toBe('unrolled-s');
  });

  it('shows an image after the first copy, counts the copies, and stops between them', async () => {
    const infer = new AdjointInfer();
    const signal = { cancelled: false };
    const seen: [number, number, boolean][] = [];
    const steps = unrolled.run(measurement('lines'), checkParams(unrolled, { averages: '4' }), { ...context(infer), signal });
    await expect(
      (async () => {
        for await (const { iteration, iterations, preview } of steps) {
          seen.push([iteration, iterations, preview?.().shape.join('×') === '32×32']);
          signal.cancelled = iteration === 2;
        }
      })(),
    ).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(seen).toEqual([
      [0, 4, false],
      [1, 4, true],
      [2, 4, true],
    ]);
    expect(infer.requests).toHaveLength(2);
  });

  it('gives lines to a package that has a graph for points alone', async () => {
    const infer = new AdjointInfer();
    const { lines: _none, ...graphs } = MODEL.graphs;
    const manifest = { ...MODEL.manifest, graphs: { points: MODEL.manifest.graphs['points'] } } as ModelManifest;
    await run(measurement('lines'), context(infer, { ...MODEL, manifest, graphs }));
    expect(infer.requests[0]?.path).toBe('/points.onnx');
    expect(infer.requests[0]?.inputs['r']?.shape).toEqual([ROWS, COLUMNS]);
  });

  it('takes a trajectory with the graph for points on a larger grid', async () => {
    const step = findStep('sample', 'brain');
    const series = (await step.run(checkParams(step, { matrix: 64, coils: 4, slices: 1 }))).series[0] as Series;
    const pattern = await makePattern({ pattern: { name: 'radial', params: {} } }, series);
    const about = measure((await series.read(0)) as NdArray<'complex64'>, pattern, series);
    const infer = new AdjointInfer();
    const { image, notes, residual } = await run(about, context(infer));
    expect(infer.requests[0]?.path).toBe('/points.onnx');
    expect(infer.requests[0]?.inputs['r']?.shape).toEqual([128, 128]);
    expect(infer.requests[0]?.inputs['s']?.shape).toEqual([128, 64, 2]);
    expect(image.shape).toEqual([64, 64]);
    expect(residual?.().shape).toEqual(about.kspace.shape.slice(1));
    expect(notes).toContain('Outside its training: sampling along a trajectory');
  });
});

describe('calibration', () => {
  it('is computed once while the pattern changes outside the centre', async () => {
    const ctx = context(new AdjointInfer());
    const about = measurement('lines');
    await run(about, ctx);
    const kept = [...ctx.cache.entries()].filter(([key]) => key.startsWith('unrolled-maps/'));
    expect(kept).toHaveLength(1);
    const data = about.kspace.data.slice();
    data[0] = 0;
    await run({ ...about, kspace: { ...about.kspace, data } }, ctx);
    expect([...ctx.cache.entries()].filter(([key]) => key.startsWith('unrolled-maps/'))).toEqual(kept);
  });

  it('keeps a few slices at most', async () => {
    const ctx = context(new AdjointInfer());
    const about = measurement('lines', 2);
    for (let slice = 1; slice <= 9; slice++) {
      const data = about.kspace.data.map((value) => value * slice);
      await run({ ...about, kspace: { ...about.kspace, data } }, ctx);
    }
    expect([...ctx.cache.keys()].filter((key) => key.startsWith('unrolled-maps/'))).toHaveLength(6);
  });

  it('leaves few channels uncompressed', async () => {
    const infer = new AdjointInfer();
    const { notes } = await run(measurement('lines', 4), context(infer));
    expect(infer.requests[0]?.inputs['q']?.shape[0]).toBe(4);
    expect(notes.some((note) => note.startsWith('Coils:'))).toBe(false);
  });
});

describe('limits', () => {
  it('warns outside the conditions of training', async () => {
    const { notes } = await run(measurement('lines', 12, 14), context(new AdjointInfer()), { virtualCoils: 12 });
    expect(notes).toContain('Outside its training: acceleration 14, trained for 2–10');
    expect(notes).toContain('Outside its training: coils 12, trained for 1–8');
  });

  it('says what the network was given: R as achieved, coils after compression, the noise where it can be measured', async () => {
    const scan = measurement('lines', 12, 4);
    const { seen, notes } = await run({ ...scan, pattern: { ...scan.pattern, nominal: 12 } }, context(new AdjointInfer()), { virtualCoils: 5 });
    expect(seen).toMatchObject({ acceleration: 4, coils: 5, rows: ROWS, columns: COLUMNS });
    expect(seen?.snr === null || (seen?.snr ?? 0) > 0).toBe(true);
    expect((seen?.snr === null) === notes.includes('Noise: unknown')).toBe(true);
    // R 12 was asked for; the samples are those of R 4.
    expect(notes.filter((note) => note.startsWith('Outside'))).toEqual([]);
  });

  it('refuses a pattern without a centre, and says what would help', () => {
    const pattern = { ...fullPattern('lines'), centre: { rows: [0, ROWS], columns: [18, 19] } } as const;
    expect(unrolled.refuses?.({ pattern, coils: 8 })).toMatch(/at least 4×4 samples; this pattern has .*Raise the centre fraction/);
    expect(unrolled.refuses?.({ pattern: fullPattern('lines'), coils: 8 })).toBeNull();
    expect(unrolled.refuses?.({ pattern: { ...fullPattern('lines'), rows: 8 }, coils: 8 })).toMatch(/at least 16×16/);
  });

  it.each([
    ['no graph for patterns of points', { graphs: { lines: MODEL.manifest.graphs['lines'] } }, { lines: MODEL.graphs['lines'] }],
    ['made for super-resolution', { task: 'super-resolution' }, MODEL.graphs],
    ['wants mask-lines', { graphs: { points: graph({ m: 'mask-lines' }) } }, MODEL.graphs],
  ])('refuses a package, and says why: %s', async (reason, manifest, graphs) => {
    const model = { ...MODEL, manifest: { ...MODEL.manifest, ...manifest }, graphs } as LoadedModel;
    const failure = { code: 'usage.unsupported', message: expect.stringContaining(reason) };
    await expect(run(measurement('points'), context(new AdjointInfer(), model))).rejects.toMatchObject(failure);
  });
});
