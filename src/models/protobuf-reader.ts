/**
 * Reads protocol-buffer messages field by field without copying (protobuf.dev/programming-guides/encoding). Every length is held
 * against the bytes there are, so that a damaged file ends in an error and never in a wild read.
 */
import { LacunaError } from '../errors.ts';

export interface WireField {
  readonly number: number;
  /** Wire types 0, 1, 5; 0 for others. Varints beyond 2⁵³ lose digits. */
  readonly value: number;
  /** Wire type 2: a view; empty for others. */
  readonly bytes: Uint8Array;
}

const EMPTY = new Uint8Array(0);
const decoder = new TextDecoder('utf-8');

export const textOf = (field: WireField): string => decoder.decode(field.bytes);

/** Throws input.malformed. */
export function* fieldsOf(message: Uint8Array): Generator<WireField, void, void> {
  let at = 0;
  while (at < message.length) {
    const [tag, afterTag] = varint(message, at);
    const number = Math.floor(tag / 8);
    if (number === 0) throw damaged();
    switch (tag % 8) {
      case 0: {
        const [value, next] = varint(message, afterTag);
        at = next;
        yield { number, value, bytes: EMPTY };
        break;
      }
      case 1:
        at = skip(message, afterTag, 8);
        yield { number, value: 0, bytes: EMPTY };
        break;
      case 2: {
        const [length, start] = varint(message, afterTag);
        at = skip(message, start, length);
        yield { number, value: 0, bytes: message.subarray(start, at) };
        break;
      }
      case 5:
        at = skip(message, afterTag, 4);
        yield { number, value: 0, bytes: EMPTY };
        break;
      default:
        throw damaged();
    }
  }
}

/** Repeated integers come packed or one by one. Throws input.malformed. */
export function integersOf(field: WireField): readonly number[] {
  if (field.bytes.length === 0) return [field.value];
  const values: number[] = [];
  for (let at = 0; at < field.bytes.length; ) {
    const [value, next] = varint(field.bytes, at);
    values.push(value);
    at = next;
  }
  return values;
}

function skip(message: Uint8Array, at: number, count: number): number {
  if (at + count > message.length) throw damaged();
  return at + count;
}

function varint(message: Uint8Array, start: number): readonly [value: number, next: number] {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = message[start + i];
    if (byte === undefined) throw damaged();
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return [value, start + i + 1];
  }
  throw damaged();
}

function damaged(): LacunaError {
  return new LacunaError('input.malformed', 'The file is not an ONNX graph, or it is damaged: its fields do not add up.');
}
