/** NumPy's `.npy`: one array without a word on what it means. */
import { isNpy, NPY_HEAD_BYTES, type NpyHeader, parseNpyHeader } from '../../array/npy-header.ts';
import { decodeNpy } from '../../array/npy.ts';
import { LacunaError } from '../../errors.ts';
import type { ByteSource, FormatReader } from '../reader.ts';
import { seriesOfArray, type StoredArray } from './series.ts';

export const npyReader: FormatReader = {
  format: 'npy',
  title: 'NumPy array',
  extensions: ['.npy'],

  sniff(head, name) {
    if (isNpy(head)) return 'certain';
    return name.toLowerCase().endsWith('.npy') ? 'possible' : 'no';
  },

  async open(sources, info) {
    const source = sources[0] as ByteSource;
    const array = await openStored(source, source.name);
    const title = info.name.replace(/\.npy$/i, '');
    const { series, warnings } = await seriesOfArray(array, { file: source.name, field: 'array', id: 'array', title });
    return { ...info, format: 'npy', series: [series], warnings, close: () => source.close() };
  },
};

/** The array of a source that holds a whole `.npy`. Throws `input.*`. */
export async function openStored(source: ByteSource, file: string): Promise<StoredArray> {
  const header = parseNpyHeader(await source.read(0, NPY_HEAD_BYTES), file);
  checkLength(header, source.size, file);
  if (header.fortranOrder && header.shape.length > 1) return openFortran(source, header, file);
  return {
    header,
    async read(start, count) {
      const bytes = count * header.element.bytes;
      const values = await source.read(header.dataOffset + start * header.element.bytes, bytes);
      if (values.length < bytes) throw new LacunaError('input.truncated', 'The file became shorter while it was open.', { file });
      return values;
    },
  };
}

/** Slices of a Fortran-ordered array are scattered over the file: it is transposed once, when first read. */
function openFortran(source: ByteSource, header: NpyHeader, file: string): StoredArray {
  let values: Promise<Uint8Array> | null = null;
  const load = async (): Promise<Uint8Array> => {
    const { data } = decodeNpy(await source.read(0, source.size), file);
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  };
  // The transposed copy is in this machine's byte order and of widened type.
  const element = { ...header.element, bigEndian: false, half: false, bytes: header.element.half ? 4 : header.element.bytes };
  return {
    header: { ...header, element },
    async read(start, count) {
      values ??= load();
      return (await values).subarray(start * element.bytes, (start + count) * element.bytes);
    },
  };
}

function checkLength(header: NpyHeader, size: number, file: string): void {
  const expected = header.dataOffset + header.dataBytes;
  if (size === expected) return;
  const text = `Shape (${header.shape.join(', ')}) needs a file of ${expected} bytes; it has ${size}.`;
  throw new LacunaError(size < expected ? 'input.truncated' : 'input.malformed', text, { file, field: 'shape' });
}
