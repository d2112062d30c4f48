/** MATLAB's `.mat`: level 5 (versions 5 to 7.2) read here, version 7.3 through HDF5. Every numeric array of two axes or more becomes a series. */
import { LacunaError } from '../../errors.ts';
import { recordingOf } from '../bare/recording.ts';
import { hdf5Reader } from '../hdf5/reader.ts';
import type { ByteSource, FormatReader } from '../reader.ts';
import { type NamedArray, seriesOfArrays } from './arrays.ts';
import { MAT_HEADER_BYTES, matHeader } from './header.ts';
import { storedMatrix } from './matrix.ts';
import { findVariables } from './variables.ts';

export const matReader: FormatReader = {
  format: 'mat',
  title: 'MATLAB file',
  extensions: ['.mat'],

  sniff(head, name) {
    if (matHeader(head) !== null) return 'certain';
    return name.toLowerCase().endsWith('.mat') ? 'possible' : 'no';
  },

  async open(sources, info, options) {
    const source = sources[0] as ByteSource;
    const header = matHeader(await source.read(0, MAT_HEADER_BYTES));
    if (header === null) {
      throw new LacunaError('input.unsupported', 'MAT-files of level 5 (version 5 to 7.2) and of version 7.3 are read; this is neither. Save it again with save -v7.', { file: source.name, field: 'header' });
    }
    if (header.version === '7.3') return hdf5Reader.open(sources, info, options);
    const { variables, skipped } = await findVariables(source, header.littleEndian);
    const arrays: NamedArray[] = [];
    for (const { name, head, region } of variables) arrays.push({ name, className: head.className, sizes: head.sizes, array: await storedMatrix(region, head) });
    const { parts, warnings } = await seriesOfArrays(arrays, skipped, source.name, options);
    return recordingOf('mat', info, parts, options, () => source.close(), warnings);
  },
};
