/** Writes a small HDF5 file through libhdf5: datasets and text attributes at the root. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LacunaError } from '../../errors.ts';
import type { NdArray } from '../../array/nd-array.ts';

export interface Hdf5Contents {
  /** By name, at the root. complex64 is stored as h5py does: a compound of r and i. */
  readonly datasets: Readonly<Record<string, NdArray<'float32'> | NdArray<'complex64'>>>;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Bytes of the file. The library writes to a folder of its own (a refused dataset leaves a broken file behind) which is
 * removed. Throws `io.write`.
 */
export async function writeHdf5(contents: Hdf5Contents): Promise<Uint8Array> {
  // 4 MB of WebAssembly: loaded when first needed.
  const h5 = await import('h5wasm/node');
  await h5.ready;
  const folder = await mkdtemp(join(tmpdir(), 'lacuna-hdf5-'));
  const path = join(folder, 'export.h5');
  try {
    atTimeZero(() => {
      const file = new h5.File(path, 'w');
      try {
        for (const [name, array] of Object.entries(contents.datasets)) file.create_dataset({ name, ...stored(array) });
        for (const [name, text] of Object.entries(contents.attributes)) file.create_attribute(name, text);
      } finally {
        file.close();
      }
    });
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw new LacunaError('io.write', 'The HDF5 file could not be made; is the temporary folder full?', { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * libhdf5 stamps every object with the time, and offers no switch through h5wasm; equal content must give equal bytes.
 * `action` is synchronous, so no other code sees the stopped clock.
 */
function atTimeZero(action: () => void): void {
  const now = Date.now;
  Date.now = () => 0;
  try {
    action();
  } finally {
    Date.now = now;
  }
}

type DatasetArguments = Pick<Parameters<InstanceType<(typeof import('h5wasm/node'))['Group']>['create_dataset']>[0], 'data' | 'shape' | 'dtype'>;

function stored({ dtype, shape, data }: NdArray<'float32'> | NdArray<'complex64'>): DatasetArguments {
  if (dtype === 'float32') return { data, shape: [...shape], dtype: '<f' };
  const re = new Float32Array(data.length / 2);
  const im = new Float32Array(data.length / 2);
  for (let i = 0; i < re.length; i++) {
    re[i] = data[2 * i] as number;
    im[i] = data[2 * i + 1] as number;
  }
  return { data: new Map([['r', re], ['i', im]]), shape: [...shape], dtype: [['r', '<f'], ['i', '<f']] };
}
