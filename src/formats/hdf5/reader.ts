/** HDF5 files: fastMRI's k-space and ISMRMRD's acquisitions, told apart by the datasets they hold, and MATLAB's variables. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ReadOptions } from '../../array/read-options.ts';
import { LacunaError } from '../../errors.ts';
import { openFastMri } from '../fastmri/open.ts';
import { findIsmrmrdGroups, openIsmrmrd } from '../ismrmrd/open.ts';
import { MAT_HEADER_BYTES, matHeader } from '../mat/header.ts';
import { openMatlab } from '../mat/v73.ts';
import type { ByteSource, FormatReader } from '../reader.ts';
import type { Hdf5Content } from './content.ts';
import { Hdf5File } from './file.ts';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

export const hdf5Reader: FormatReader = {
  format: 'hdf5',
  title: 'HDF5 (fastMRI, ISMRMRD)',
  extensions: ['.h5', '.hdf5', '.hdf', '.mrd'],

  sniff(head, name) {
    if (SIGNATURE.every((byte, i) => head[i] === byte)) return 'certain';
    return this.extensions.some((extension) => name.toLowerCase().endsWith(extension)) ? 'possible' : 'no';
  },

  async open(sources, info, options) {
    const source = sources[0] as ByteSource;
    const spool = source.path === undefined ? await spoolToDisk(source) : null;
    let file: Hdf5File | null = null;
    const release = async (): Promise<void> => {
      await file?.close();
      if (spool !== null) await rm(spool.folder, { recursive: true, force: true });
      await source.close();
    };
    try {
      file = await Hdf5File.open(source.path ?? (spool as Spool).path, source.name, source.size);
      const matlab = /\.mat$/i.test(source.name) || matHeader(await source.read(0, MAT_HEADER_BYTES)) !== null;
      const content = matlab ? await openMatlab(file, options) : await openContent(file, options);
      return { ...info, ...content, ...(options === undefined ? {} : { read: options }), close: release };
    } catch (error) {
      await release();
      throw error;
    }
  },
};

async function openContent(file: Hdf5File, options: ReadOptions | undefined): Promise<Hdf5Content> {
  const names = await file.keys('/');
  if (names.includes('kspace') || names.some((name) => name.startsWith('reconstruction'))) return openFastMri(file, names);
  const groups = await findIsmrmrdGroups(file, names);
  if (groups.length > 0) return openIsmrmrd(file, groups, options);
  const found = names.slice(0, 10).join(', ') || 'nothing';
  throw new LacunaError('input.unsupported', `Expected fastMRI's "kspace" or an ISMRMRD group with "data" and "xml"; the file holds ${found}.`, { file: file.name, field: '/' });
}

interface Spool {
  readonly folder: string;
  readonly path: string;
}

/** libhdf5 reads files, so bytes in memory are put on disk until the recording is closed. */
async function spoolToDisk(source: ByteSource): Promise<Spool> {
  const folder = await mkdtemp(join(tmpdir(), 'lacuna-hdf5-'));
  const path = join(folder, basename(source.name).replace(/[^\w.-]/g, '_') || 'file.h5');
  await writeFile(path, await source.read(0, source.size));
  return { folder, path };
}
