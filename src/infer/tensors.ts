/** Named arrays as one payload: descriptions travel in the frame's header, values behind it. */
import { z } from 'zod';
import type { NdArray } from '../array/nd-array.ts';
import { elementCount } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';

export type Tensor = NdArray<'float32'> | NdArray<'int64'>;
export type Tensors = Readonly<Record<string, Tensor>>;

export const tensorHeaderSchema = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(256),
      dtype: z.enum(['float32', 'int64']),
      shape: z.array(z.int().min(0)).max(8),
    }),
  )
  .max(256);
export type TensorHeader = z.infer<typeof tensorHeaderSchema>;

const ALIGNMENT = 8;
const PADDING = new Uint8Array(ALIGNMENT);
const ITEM_BYTES = { float32: 4, int64: 8 } as const;

/** Views on the values in payload order, with padding between them; nothing is copied. */
export function packTensors(tensors: Tensors): { header: TensorHeader; parts: Uint8Array[] } {
  const header: TensorHeader = [];
  const parts: Uint8Array[] = [];
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    header.push({ name, dtype, shape: [...shape] });
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    const rest = data.byteLength % ALIGNMENT;
    if (rest !== 0) parts.push(PADDING.subarray(rest));
  }
  return { header, parts };
}

/** Views on `payload`. Throws `internal` where header and payload disagree. */
export function unpackTensors(header: TensorHeader, payload: ArrayBuffer): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  let offset = 0;
  for (const { name, dtype, shape } of header) {
    const count = elementCount(shape);
    const bytes = count * ITEM_BYTES[dtype];
    if (offset + bytes > payload.byteLength) {
      throw new LacunaError('internal', `infer socket: ${name} [${shape.join(', ')}] does not fit the payload`, { field: name });
    }
    tensors[name] =
      dtype === 'float32'
        ? { dtype, shape, data: new Float32Array(payload, offset, count) }
        : { dtype, shape, data: new BigInt64Array(payload, offset, count) };
    offset += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
  }
  return tensors;
}
