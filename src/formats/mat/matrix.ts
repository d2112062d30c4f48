/** Arrays of MAT-files of level 5: flags, sizes, name, values. Source as in elements.ts, section "Array Data Element Formats". */
import { type NdArray, zeros } from '../../array/nd-array.ts';
import { LacunaError } from '../../errors.ts';
import { fortranStrides, type StoredArray, stridedArray } from '../bare/stored-array.ts';
import { cutOff, type Element, numberElement, readIntegers, readTag, type Region } from './elements.ts';

/** Classes of arrays, by number. */
const CLASSES = ['', 'cell', 'struct', 'object', 'char', 'sparse', 'double', 'single', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'function', 'opaque'] as const;
const FIRST_NUMBER = 6;
const LAST_NUMBER = 15;

/** What stands before the values of any array. */
export interface MatrixHead {
  readonly name: string;
  /** MATLAB's own word for it; logical arrays are `logical`. */
  readonly className: string;
  readonly complex: boolean;
  readonly numeric: boolean;
  /** As MATLAB's size() gives them. */
  readonly sizes: readonly number[];
  /** Where the first element after the name starts, and where the array ends. */
  readonly offset: number;
  readonly end: number;
}

/** More than MATLAB itself makes use of in images; the format has no limit. */
const MAX_AXES = 32;
const MAX_NAME_BYTES = 4096;

/** `matrix`: an element of type miMATRIX. Throws `input.malformed` or `input.truncated`, naming the part. */
export async function readHead(region: Region, matrix: Element): Promise<MatrixHead> {
  const { file } = region;
  const end = matrix.offset + matrix.bytes;
  // What a struct writes for an empty field.
  if (matrix.bytes === 0) return { name: '', className: 'empty', complex: false, numeric: false, sizes: [0, 0], offset: end, end };
  const flags = await readTag(region, matrix.offset, end, 'array flags');
  const [word = 0] = await readIntegers(region, flags, 'array flags');
  const kind = word & 0xff;
  // Opaque objects have neither sizes nor a usual name.
  if (kind > LAST_NUMBER) return { name: '', className: CLASSES[kind] ?? 'unknown', complex: false, numeric: false, sizes: [], offset: end, end };
  const dims = await readTag(region, flags.end, end, 'array sizes');
  const sizes = await readIntegers(region, dims, 'array sizes');
  if (sizes.length < 2 || sizes.length > MAX_AXES || sizes.some((n) => n < 0) || !Number.isSafeInteger(16 * sizes.reduce((product, n) => product * n, 1))) {
    throw new LacunaError('input.malformed', `An array cannot have the sizes ${sizes.slice(0, 8).join(' × ') || '(none)'}.`, { file, field: 'array sizes' });
  }
  const label = await readTag(region, dims.end, end, 'array name');
  if (label.bytes > MAX_NAME_BYTES) throw new LacunaError('input.malformed', 'The name of an array is too long.', { file, field: 'array name' });
  const name = new TextDecoder().decode(await region.source.read(label.offset, label.bytes));
  const logical = (word & 0x0200) !== 0;
  return {
    name,
    className: logical ? 'logical' : (CLASSES[kind] ?? 'unknown'),
    complex: (word & 0x0800) !== 0,
    numeric: kind >= FIRST_NUMBER && kind <= LAST_NUMBER,
    sizes,
    offset: label.end,
    end,
  };
}

/** The values of a numeric array; its axes slowest first, so that `shape` is `sizes` reversed. */
export async function storedMatrix(region: Region, head: MatrixHead): Promise<StoredArray> {
  const real = await part(region, head, head.offset, 'real part');
  if (!head.complex) return real.array;
  const imaginary = (await part(region, head, real.end, 'imaginary part')).array;
  return {
    shape: real.array.shape,
    dtype: 'complex64',
    async readBox(offset, count) {
      return combined(await real.array.readBox(offset, count), await imaginary.readBox(offset, count));
    },
  };
}

/** MATLAB keeps the two parts apart, and stores each in the smallest type that holds its values. */
async function part(region: Region, head: MatrixHead, offset: number, field: string): Promise<{ array: StoredArray; end: number }> {
  const { source, file, littleEndian } = region;
  const values = await readTag(region, offset, head.end, `the ${field} of "${head.name}"`);
  const element = numberElement(values.type, littleEndian);
  const count = head.sizes.reduce((product, n) => product * n, 1);
  if (element === null || values.bytes !== count * element.bytes) {
    const text = `The ${field} of "${head.name}" (${head.sizes.join(' × ')}) has ${values.bytes} bytes of type ${values.type}.`;
    throw new LacunaError('input.malformed', text, { file, field: head.name });
  }
  if (values.offset + values.bytes > source.size) throw cutOff(file, head.name);
  const strides = fortranStrides(head.sizes);
  const array = stridedArray({ source, byteOffset: values.offset, element, shape: [...head.sizes].reverse(), strides: strides.reverse() });
  return { array, end: values.end };
}

function combined(real: NdArray, imaginary: NdArray): NdArray<'complex64'> {
  const out = zeros('complex64', real.shape);
  for (let i = 0; i < out.data.length / 2; i++) {
    out.data[2 * i] = Number(real.data[i]);
    out.data[2 * i + 1] = Number(imaginary.data[i]);
  }
  return out;
}
