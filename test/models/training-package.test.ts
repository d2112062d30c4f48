import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel, type LoadedModel } from '../../src/models/load.ts';

const folder = fileURLToPath(new URL('../../models', import.meta.url));
const KINDS = ['lines', 'points'] as const;

/** Odd on purpose: the graphs pad inside. */
const COILS = 2;
const ROWS = 21;
const COLUMNS = 27;

it('all packages together stay within 40 MB', async () => {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === 'training') continue;
    for (const name of await readdir(join(folder, entry.name))) bytes += (await stat(join(folder, entry.name, name))).size;
  }
  expect(bytes).toBeGreaterThan(1e6);
  expect(bytes).toBeLessThan(40e6);
});

describe.each(['unrolled-s', 'unrolled-m'])('the shipped package %s', (id) => {
  let model: LoadedModel;
  beforeAll(async () => {
    model = await loadModel(join(folder, id));
  });

  it('has both graphs with the inputs that its manifest lists', async () => {
    expect(Object.keys(model.graphs)).toEqual([...KINDS]);
    for (const [key, graph] of Object.entries(model.manifest.graphs)) {
      const session = await InferenceSession.create(model.graphs[key]?.path ?? '');
      expect(session.inputNames).toEqual(graph.inputs.map((input) => input.name));
      expect(session.outputNames).toEqual(graph.outputs.map((output) => output.name));
    }
  });

  it('has a card that names every training file and the hashes of the graphs', () => {
    expect(model.card).toContain('Not for diagnostic use');
    for (const entry of model.manifest.trained.data) expect(model.card).toContain(entry.split(' ')[0]);
    for (const graph of Object.values(model.manifest.graphs)) expect(model.card).toContain(graph.sha256);
  });

  it('is not trained on any file that the split holds out', async () => {
    const split = await readFile(join(folder, 'training', 'lacuna_training', 'split.py'), 'utf8');
    const heldOut = split.slice(split.indexOf('\nDEV = ')).match(/[\w-]+\.(?:nii\.gz|npz)/g) ?? [];
    expect(heldOut.length).toBeGreaterThan(3);
    for (const file of heldOut) expect(model.manifest.trained.data.join('\n')).not.toContain(file);
  });

  it.each(KINDS)('graph %s is homogeneous: an input ×10⁻⁶ gives the image ×10⁻⁶', async (kind) => {
    const one = await run(model, kind, 1);
    const small = await run(model, kind, 1e-6);
    const largest = one.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeGreaterThan(0.1);
    for (const [i, value] of one.entries()) expect(Math.abs((small[i] as number) * 1e6 - value)).toBeLessThan(1e-4 * largest);
  });

  it.each(KINDS)('graph %s keeps a fully sampled smooth object', async (kind) => {
    const image = await run(model, kind, 1);
    let error = 0;
    let energy = 0;
    for (let i = 0; i < ROWS * COLUMNS; i++) {
      const truth = object(Math.floor(i / COLUMNS), i % COLUMNS);
      error += (Math.hypot(image[2 * i] as number, image[2 * i + 1] as number) - truth) ** 2;
      energy += truth ** 2;
    }
    expect(Math.sqrt(error / energy)).toBeLessThan(0.1);
  });

  it.each(KINDS)('graph %s gives nothing for no signal', async (kind) => {
    expect((await run(model, kind, 0)).every((value) => Math.abs(value) < 1e-20)).toBe(true);
  });
});

/** A Gaussian blob; both coils see it with equal weight, the second with its sign turned. */
function object(row: number, column: number): number {
  return Math.exp(-(((row - 10) / 5) ** 2) - ((column - 13) / 6) ** 2);
}

/** Everything is sampled and the maps have unit root-sum-of-squares, so that the zero-filled image is the object. */
async function run(model: LoadedModel, kind: (typeof KINDS)[number], scale: number): Promise<Float32Array> {
  const adjoint = new Float32Array(ROWS * COLUMNS * 2);
  const maps = new Float32Array(COILS * ROWS * COLUMNS * 2);
  for (let r = 0; r < ROWS; r++) {
    for (let x = 0; x < COLUMNS; x++) {
      adjoint[2 * (r * COLUMNS + x)] = scale * object(r, x);
      for (let c = 0; c < COILS; c++) maps[2 * ((c * ROWS + r) * COLUMNS + x)] = (c === 0 ? 1 : -1) / Math.sqrt(COILS);
    }
  }
  const columns = new Tensor('float32', dft(COLUMNS), [COLUMNS, COLUMNS, 2]);
  const feeds: Record<string, Tensor> = {
    adjoint: new Tensor('float32', adjoint, [ROWS, COLUMNS, 2]),
    maps: new Tensor('float32', maps, [COILS, ROWS, COLUMNS, 2]),
    condition: new Tensor('float32', Float32Array.of(1, 0), [2]),
    ...(kind === 'lines'
      ? { dft_lines: columns }
      : {
          weights: new Tensor('float32', new Float32Array(ROWS * COLUMNS).fill(1), [ROWS, COLUMNS]),
          dft_rows: new Tensor('float32', dft(ROWS), [ROWS, ROWS, 2]),
          dft_columns: columns,
        }),
  };
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
