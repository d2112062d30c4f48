import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { NdArray } from '../../src/array/nd-array.ts';
import { openPath } from '../../src/formats/registry.ts';
import hdf5 from '../../src/pipeline/steps/export/hdf5.ts';
import npy from '../../src/pipeline/steps/export/npy.ts';
import png from '../../src/pipeline/steps/export/png.ts';
import type { ExportStep } from '../../src/pipeline/step.ts';
import { asymmetricVolume, complexVolume, exportInput } from '../support/export-input.ts';
import { hasPython, present, runPython } from '../support/tools.ts';

const temporary = mkdtempSync(join(tmpdir(), 'lacuna-hdf5-conformance-'));
afterAll(() => rmSync(temporary, { recursive: true }));

async function exported(step: unknown, volume: NdArray<'float32'> | NdArray<'complex64'>, params: object, name: string): Promise<string> {
  const [file] = await (step as ExportStep).run(exportInput({}, volume), params as never);
  const path = join(temporary, name);
  writeFileSync(path, file?.bytes as Uint8Array);
  return path;
}

/** dtype, shape and raw bytes as hex, of what `expression` makes of the file. */
function seenBy(imports: string, expression: string, path: string): unknown {
  const code = `import sys, json, numpy as np\n${imports}\na = np.ascontiguousarray(${expression})\nprint(json.dumps([a.dtype.str, list(a.shape), a.tobytes().hex()]))`;
  return JSON.parse(runPython('-c', code, path));
}

const asNumPy = (array: NdArray, dtype: string): unknown => [
  dtype,
  [...array.shape],
  Buffer.from(array.data.buffer, array.data.byteOffset, array.data.byteLength).toString('hex'),
];

describe.runIf(present('h5py conformance', { 'python3 with h5py': hasPython('h5py', 'numpy') }))('HDF5 in h5py', () => {
  const read = "h5py.File(sys.argv[1])['reconstruction'][:]";

  it('has the same float32 values', async () => {
    const path = await exported(hdf5, asymmetricVolume(), { complex: false }, 'real.h5');
    expect(seenBy('import h5py', read, path)).toEqual(asNumPy(asymmetricVolume(), '<f4'));
  });

  it('has the same complex64 values', async () => {
    const path = await exported(hdf5, complexVolume(), { complex: true }, 'complex.h5');
    expect(seenBy('import h5py', read, path)).toEqual(asNumPy(complexVolume(), '<c8'));
  });

  it('carries receipt, derivation and warning, and gives the same bytes again', async () => {
    const path = await exported(hdf5, asymmetricVolume(), { complex: false }, 'notes.h5');
    const attributes = JSON.parse(runPython('-c', 'import sys, json, h5py\nprint(json.dumps({k: str(v) for k, v in h5py.File(sys.argv[1]).attrs.items()}))', path));
    const { receipt, derivation } = exportInput();
    expect(attributes).toMatchObject({ receipt, derivation, notice: 'Not for diagnostic use', slices: '0 1 2 3 4' });
    const [a, b] = await Promise.all([0, 1].map(() => (hdf5 as ExportStep).run(exportInput(), { complex: false } as never)));
    expect(a).toEqual(b);
  });

  it('opens here again', async () => {
    const recording = await openPath(await exported(hdf5, asymmetricVolume(), { complex: false }, 'again.h5'));
    expect(recording.series[0]).toMatchObject({ domain: 'image', slices: 5, rows: 12, columns: 9 });
    await recording.close();
  });
});

describe.runIf(present('NumPy conformance', { 'python3 with numpy': hasPython('numpy') }))('.npy in NumPy', () => {
  it.each([
    ['magnitude', asymmetricVolume(), { complex: false }, '<f4'],
    ['complex', complexVolume(), { complex: true }, '<c8'],
  ] as const)('has the same values (%s)', async (name, volume, params, dtype) => {
    const path = await exported(npy, volume, params, `${name}.npy`);
    expect(seenBy('', 'np.load(sys.argv[1])', path)).toEqual(asNumPy(volume, dtype));
  });
});

describe.runIf(present('PNG conformance', { 'python3 with scikit-image': hasPython('skimage', 'numpy') }))('PNG in scikit-image', () => {
  it.each([['8', '|u1'], ['16', '<u2']] as const)('opens at %s bit', async (depth, dtype) => {
    const path = await exported(png, asymmetricVolume(), { depth, window: 'full' }, `${depth}.png`);
    expect(seenBy('from skimage.io import imread', 'imread(sys.argv[1])', path)).toMatchObject([dtype, [12, 9], expect.any(String)]);
  });
});
