import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel, type LoadedModel } from '../../src/models/load.ts';

const folder = fileURLToPath(new URL('../../models/unrolled-s', import.meta.url));

/** Odd on purpose: the graphs pad inside. */
const COILS = 2;
const ROWS = 21;
const COLUMNS = 27;

let model: LoadedModel;
beforeAll(async () => {
  model = await loadModel(folder);
});

describe('the shipped package', () => {
  it('has both graphs with the inputs that its manifest lists, within the size limit', async () => {
    expect(Object.keys(model.graphs)).toEqual(['lines', 'points']);
    for (const [key, graph] of Object.entries(model.manifest.graphs)) {
      const session = await InferenceSession.create(model.graphs[key]?.path ?? '');
      expect(session.inputNames).toEqual(graph.inputs.map((input) => input.name));
      expect(session.outputNames).toEqual(graph.outputs.map((output) => output.name));
      expect(graph.bytes).toBeLessThan(4 * 2 ** 20 + 2 ** 17);
    }
  });

  it('has a card that names every training file and the hashes of the graphs', () => {
    expect(model.card).toContain('Not for diagnostic use');
    for (const entry of model.manifest.trained.data) expect(model.card).toContain(entry.split(' ')[0]);
    for (const graph of Object.values(model.manifest.graphs)) expect(model.card).toContain(graph.sha256);
  });

  it('is not trained on any file that the split holds out', async () => {
    const split = await readFile(fileURLToPath(new URL('../../models/training/lacuna_training/split.py', import.meta.url)), 'utf8');
    const heldOut = split.slice(split.indexOf('\nDEV = ')).match(/[\w-]+\.(?:nii\.gz|npz)/g) ?? [];
    expect(heldOut.length).toBeGreaterThan(3);
    for (const file of heldOut) expect(model.manifest.trained.data.join('\n')).not.toContain(file);
  });
});

describe.each(['lines', 'points'] as const)('graph %s', (kind) => {
  it('is homogeneous: k-space ×10⁻⁶ gives the image ×10⁻⁶', async () => {
    const one = await run(kind, 1);
    const small = await run(kind, 1e-6);
    const largest = one.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeGreaterThan(0.1);
    for (const [i, value] of one.entries()) expect(Math.abs((small[i] as number) * 1e6 - value)).toBeLessThan(1e-4 * largest);
  });

  it('keeps a fully sampled smooth object', async () => {
    const image = await run(kind, 1);
    let error = 0;
    let energy = 0;
    for (let i = 0; i < ROWS * COLUMNS; i++) {
      const truth = object(Math.floor(i / COLUMNS), i % COLUMNS);
      error += (Math.hypot(image[2 * i] as number, image[2 * i + 1] as number) - truth) ** 2;
      energy += truth ** 2;
    }
    expect(Math.sqrt(error / energy)).toBeLessThan(0.1);
  });

  it('gives nothing for no signal', async () => {
    expect((await run(kind, 0)).every((value) => Math.abs(value) < 1e-20)).toBe(true);
  });
});

/** A Gaussian blob; the two coils see it with equal weight, the second with its sign turned. */
function object(row: number, column: number): number {
  return Math.exp(-(((row - 10) / 5) ** 2) - ((column - 13) / 6) ** 2);
}

async function run(kind: 'lines' | 'points', scale: number): Promise<Float32Array> {
  const dftRows = dft(ROWS);
  const dftColumns = dft(COLUMNS);
  const kspace = new Float32Array(COILS * ROWS * COLUMNS * 2);
  const maps = new Float32Array(kspace.length);
  for (let r = 0; r < ROWS; r++) {
    for (let k = 0; k < COLUMNS; k++) {
      const [re, im] = spectrum(kind, r, k, dftRows, dftColumns);
      for (let c = 0; c < COILS; c++) {
        const at = 2 * ((c * ROWS + r) * COLUMNS + k);
        const weight = (c === 0 ? 1 : -1) / Math.sqrt(COILS);
        kspace.set([scale * weight * re, scale * weight * im], at);
        maps[at] = weight;
      }
    }
  }
  const full = kind === 'lines' ? [COLUMNS] : [ROWS, COLUMNS];
  const feeds: Record<string, Tensor> = {
    kspace: new Tensor('float32', kspace, [COILS, ROWS, COLUMNS, 2]),
    maps: new Tensor('float32', maps, [COILS, ROWS, COLUMNS, 2]),
    mask: new Tensor('float32', new Float32Array(full.reduce((a, b) => a * b)).fill(1), full),
    dft_columns: new Tensor('float32', dftColumns, [COLUMNS, COLUMNS, 2]),
  };
  if (kind === 'points') feeds['dft_rows'] = new Tensor('float32', dftRows, [ROWS, ROWS, 2]);
  const session = await InferenceSession.create(model.graphs[kind]?.path ?? '');
  const { image } = await session.run(feeds);
  expect(image?.dims).toEqual([ROWS, COLUMNS, 2]);
  return image?.data as Float32Array;
}

/** Centred orthonormal DFT matrix [frequency, position, 2]. */
function dft(n: number): Float32Array {
  const centre = Math.floor(n / 2);
  const matrix = new Float32Array(n * n * 2);
  for (let k = 0; k < n; k++) {
    for (let x = 0; x < n; x++) {
      const angle = (-2 * Math.PI * (k - centre) * (x - centre)) / n;
      matrix.set([Math.cos(angle) / Math.sqrt(n), Math.sin(angle) / Math.sqrt(n)], 2 * (k * n + x));
    }
  }
  return matrix;
}

/** Fourier coefficient of the object: along columns alone for 'lines', along both axes for 'points'. */
function spectrum(kind: 'lines' | 'points', r: number, k: number, rows: Float32Array, columns: Float32Array): [number, number] {
  let re = 0;
  let im = 0;
  for (let y = kind === 'lines' ? r : 0; y < (kind === 'lines' ? r + 1 : ROWS); y++) {
    const [a, b] = kind === 'lines' ? [1, 0] : [rows[2 * (r * ROWS + y)] as number, rows[2 * (r * ROWS + y) + 1] as number];
    for (let x = 0; x < COLUMNS; x++) {
      const c = columns[2 * (k * COLUMNS + x)] as number;
      const d = columns[2 * (k * COLUMNS + x) + 1] as number;
      re += object(y, x) * (a * c - b * d);
      im += object(y, x) * (a * d + b * c);
    }
  }
  return [re, im];
}
