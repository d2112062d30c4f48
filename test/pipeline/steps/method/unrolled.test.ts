import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../../src/array/nd-array.ts';
import { zeros } from '../../../../src/array/nd-array.ts';
import { NEVER_CANCELLED } from '../../../../src/algorithms/status.ts';
import type { InferPort, InferRequest, InferResult } from '../../../../src/infer/port.ts';
import type { LoadedModel } from '../../../../src/models/load.ts';
import type { ModelManifest } from '../../../../src/models/manifest.ts';
import type { MriEstimate, MriMeasurement } from '../../../../src/mri/measurement.ts';
import { multiplyMaps } from '../../../../src/mri/unrolled.ts';
import type { MethodContext } from '../../../../src/pipeline/step.ts';
import unrolled from '../../../../src/pipeline/steps/method/unrolled.ts';
import type { SamplingPattern } from '../../../../src/sampling/pattern.ts';
import { fft2c } from '../../../../src/transform/fft.ts';

const [COILS, ROWS, COLUMNS] = [8, 40, 36];

/** Stands in for the network: Aᴴy by the graph's own inputs, so that a wrong layout of any of them shows. */
class AdjointInfer implements InferPort {
  readonly requests: InferRequest[] = [];

  providers(): Promise<never> {
    return Promise.reject(new Error('not asked'));
  }

  async run(request: InferRequest): Promise<InferResult> {
    this.requests.push(request);
    const inputs = request.inputs as Record<'kspace' | 'maps' | 'mask' | 'dft_columns', NdArray<'float32'>> & {
      dft_rows?: NdArray<'float32'>;
    };
    const image = adjoint(inputs.kspace, inputs.maps, inputs.mask, inputs.dft_rows, inputs.dft_columns);
    return { outputs: { image }, provider: 'webgpu', ms: 1, threads: 2, verification: { maxAbs: 1.25e-6, nrmse: 3e-7 } };
  }
}

/** Σ_c conj(S_c)·Fᴴ(M·y_c), F along columns, and along rows where its matrix is given. */
function adjoint(
  kspace: NdArray<'float32'>,
  maps: NdArray<'float32'>,
  mask: NdArray<'float32'>,
  rows: NdArray<'float32'> | undefined,
  columns: NdArray<'float32'>,
): NdArray<'float32'> {
  const [coils, h, w] = kspace.shape as [number, number, number, number];
  const image = zeros('float32', [h, w, 2]);
  for (let c = 0; c < coils; c++) {
    let plane = kspace.data.slice(2 * c * h * w, 2 * (c + 1) * h * w);
    for (let i = 0; i < plane.length; i++) plane[i] = (plane[i] as number) * (mask.data[(i >> 1) % mask.data.length] as number);
    plane = backAlong(plane, h, w, columns, 'columns');
    if (rows !== undefined) plane = backAlong(plane, h, w, rows, 'rows');
    for (let i = 0; i < plane.length; i += 2) {
      const [sr, si] = [maps.data[2 * c * h * w + i] as number, maps.data[2 * c * h * w + i + 1] as number];
      image.data[i] = (image.data[i] as number) + (sr * (plane[i] as number) + si * (plane[i + 1] as number));
      image.data[i + 1] = (image.data[i + 1] as number) + (sr * (plane[i + 1] as number) - si * (plane[i] as number));
    }
  }
  return image;
}

function backAlong(x: Float32Array, h: number, w: number, dft: NdArray<'float32'>, axis: 'rows' | 'columns'): Float32Array<ArrayBuffer> {
  const out = new Float32Array(x.length);
  const n = axis === 'rows' ? h : w;
  for (let r = 0; r < h; r++) {
    for (let c = 0; c < w; c++) {
      let [re, im] = [0, 0];
      for (let k = 0; k < n; k++) {
        const from = 2 * (axis === 'rows' ? k * w + c : r * w + k);
        const at = 2 * (k * n + (axis === 'rows' ? r : c));
        const [wr, wi] = [dft.data[at] as number, -(dft.data[at + 1] as number)];
        re += wr * (x[from] as number) - wi * (x[from + 1] as number);
        im += wr * (x[from + 1] as number) + wi * (x[from] as number);
      }
      out.set([re, im], 2 * (r * w + c));
    }
  }
  return out;
}

const MODEL: LoadedModel = {
  manifest: {
    id: 'unrolled-s',
    version: '1.0.0',
    tolerance: { maxAbs: 1e-3, nrmse: 1e-4 },
    trained: { acceleration: [2, 10], coils: [1, 8], matrix: [32, 400], patterns: ['random'], data: [] },
  } as unknown as ModelManifest,
  folder: '/models/unrolled-s',
  graphs: { lines: { path: '/lines.onnx', sha256: 'a'.repeat(64) }, points: { path: '/points.onnx', sha256: 'b'.repeat(64) } },
  files: {},
  card: '',
};

function context(infer: InferPort): MethodContext {
  return { signal: NEVER_CANCELLED, infer, loadModel: async () => MODEL, cache: new Map() };
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
  return { kspace: fft2c(multiplyMaps(coilMaps(coils), object())), pattern: fullPattern(kind, nominal), output: { rows: 32, columns: 32 } };
}

async function run(about: MriMeasurement, ctx: MethodContext, virtualCoils = 6): Promise<MriEstimate> {
  const iterator = unrolled.run(about, { virtualCoils }, ctx);
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return next.value;
  }
}

describe.each(['lines', 'points'] as const)('the step with a stand-in for the network (%s)', (kind) => {
  it('gives the object back, cropped, on the scale of the data, from fully sampled k-space', async () => {
    const infer = new AdjointInfer();
    const { image, dataResidual, provider } = await run(measurement(kind), context(infer));
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
    expect(dataResidual).toBeLessThan(0.02);
    expect(provider).toBe('webgpu');
  });

  it('asks for the graph of its kind, with six virtual coils and the means to verify a provider', async () => {
    const infer = new AdjointInfer();
    const { notes } = await run(measurement(kind), context(infer));
    const [request] = infer.requests;
    expect(request).toMatchObject({ ...MODEL.graphs[kind], provider: 'auto', verification: { tolerance: MODEL.manifest.tolerance } });
    expect(request?.inputs['kspace']?.shape).toEqual([6, ROWS, COLUMNS, 2]);
    expect(Object.keys(request?.verification?.inputs ?? {}).sort()).toEqual(Object.keys(request?.inputs ?? {}).sort());
    expect(notes).toContain(`Model: unrolled-s 1.0.0 (sha256 ${MODEL.graphs[kind]?.sha256})`);
    expect(notes.find((note) => note.startsWith('Coils: 8 → 6 virtual, 100.0 %'))).toBeDefined();
    expect(notes).toContain('Against CPU on the verification input: max 0.0000013, NRMSE 3.0e-7');
    expect(notes.filter((note) => note.startsWith('Outside'))).toEqual([]);
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
    expect(infer.requests[0]?.inputs['kspace']?.shape[0]).toBe(4);
    expect(notes.some((note) => note.startsWith('Coils:'))).toBe(false);
  });
});

describe('limits', () => {
  it('warns outside the conditions of training', async () => {
    const { notes } = await run(measurement('lines', 12, 14), context(new AdjointInfer()), 12);
    expect(notes).toContain('Outside its training: acceleration 14, trained for 2–10');
    expect(notes).toContain('Outside its training: coils 12, trained for 1–8');
  });

  it('refuses a pattern without a centre, and says what would help', () => {
    const pattern = { ...fullPattern('lines'), centre: { rows: [0, ROWS], columns: [18, 19] } } as const;
    expect(unrolled.refuses?.({ pattern, coils: 8 })).toMatch(/at least 4 lines; this pattern has .*Raise the centre fraction/);
    expect(unrolled.refuses?.({ pattern: fullPattern('lines'), coils: 8 })).toBeNull();
    expect(unrolled.refuses?.({ pattern: { ...fullPattern('lines'), rows: 8 }, coils: 8 })).toMatch(/at least 16×16/);
  });

  it('says when the package lacks the graph', async () => {
    const ctx = { ...context(new AdjointInfer()), loadModel: async () => ({ ...MODEL, graphs: {} }) };
    await expect(run(measurement('points'), ctx)).rejects.toMatchObject({ code: 'usage.unsupported' });
  });
});
