/** Typed access to a parsed data set: values by tag, whatever the byte order and whether or not the file carries VRs. */
import type { DataSet, Element } from 'dicom-parser';
import { LacunaError } from '../../errors.ts';
import { type Decode, decoderFor } from './charset.ts';
import { TAG, type Tag } from './tags.ts';

/** VRs whose text depends on the character set. */
const LOCAL_TEXT = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
const ascii: Decode = (bytes) => {
  let text = '';
  for (const b of bytes) text += String.fromCharCode(b);
  return text;
};

export class Tags {
  readonly #set: DataSet;
  readonly #littleEndian: boolean;
  readonly #decode: Decode;

  constructor(set: DataSet, littleEndian: boolean, decode?: Decode) {
    this.#set = set;
    this.#littleEndian = littleEndian;
    this.#decode = decode ?? decoderFor(this.texts(TAG.SpecificCharacterSet));
  }

  has(tag: Tag): boolean {
    return this.#set.elements[tag.key] !== undefined;
  }

  /** Value bytes; undefined where absent, empty or reaching past the end of what was parsed. */
  bytes(tag: Tag): Uint8Array | undefined {
    const element = this.#element(tag);
    if (element === undefined) return undefined;
    return this.#set.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  }

  /** All text values, trimmed of padding. Empty where absent. Numbers in binary VRs are not text. */
  texts(tag: Tag): string[] {
    const bytes = this.bytes(tag);
    if (bytes === undefined) return [];
    const decode = LOCAL_TEXT.has(this.#vr(tag)) && this.#decode !== undefined ? this.#decode : ascii;
    return decode(bytes.subarray(0, 65536))
      .split('\\')
      .map((value) => value.replace(/^[\0 ]+|[\0 ]+$/g, ''));
  }

  /** First text value; undefined where absent or blank. */
  text(tag: Tag): string | undefined {
    return this.texts(tag)[0] || undefined;
  }

  /** All numeric values, of text (DS, IS) or binary VRs; a value that is no number is left as NaN. */
  numbers(tag: Tag): number[] {
    const bytes = this.bytes(tag);
    if (bytes === undefined) return [];
    const read = BINARY[this.#vr(tag)];
    if (read === undefined) return this.texts(tag).map((t) => (t === '' ? Number.NaN : Number(t)));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = Math.min(Math.floor(bytes.length / read.size), 65536);
    return Array.from({ length: count }, (_, i) => read.get(view, i * read.size, this.#littleEndian));
  }

  /** First number; undefined where absent or not a finite number. */
  number(tag: Tag): number | undefined {
    const value = this.numbers(tag)[0];
    return value !== undefined && Number.isFinite(value) ? value : undefined;
  }

  /** Items of a sequence; empty where absent. */
  items(tag: Tag): Tags[] {
    const items = this.#set.elements[tag.key]?.items ?? [];
    return items.flatMap((item) => (item.dataSet ? [new Tags(item.dataSet, this.#littleEndian, this.#decode)] : []));
  }

  /** First number, which must be an integer in [min, max]. Throws input.malformed naming the tag. */
  requireInteger(tag: Tag, min: number, max: number): number {
    const value = this.number(tag);
    if (value === undefined || !Number.isInteger(value) || value < min || value > max) {
      const found = this.has(tag) ? (this.texts(tag)[0] && value === undefined ? 'no number' : `${value}`) : 'nothing';
      throw new LacunaError('input.malformed', `${tag.label} must be a whole number from ${min} to ${max}; found ${found}.`, {
        field: tag.label,
      });
    }
    return value;
  }

  #element(tag: Tag): Element | undefined {
    const element = this.#set.elements[tag.key];
    if (element === undefined || element.length === 0) return undefined;
    if (element.dataOffset + element.length > this.#set.byteArray.length) return undefined;
    return element;
  }

  #vr(tag: Tag): string {
    const vr = this.#set.elements[tag.key]?.vr;
    return vr === undefined || vr === 'UN' ? tag.vr : vr;
  }
}

interface BinaryValue {
  readonly size: number;
  readonly get: (view: DataView, at: number, littleEndian: boolean) => number;
}
const BINARY: Readonly<Record<string, BinaryValue>> = {
  US: { size: 2, get: (v, at, le) => v.getUint16(at, le) },
  SS: { size: 2, get: (v, at, le) => v.getInt16(at, le) },
  UL: { size: 4, get: (v, at, le) => v.getUint32(at, le) },
  SL: { size: 4, get: (v, at, le) => v.getInt32(at, le) },
  FL: { size: 4, get: (v, at, le) => v.getFloat32(at, le) },
  FD: { size: 8, get: (v, at, le) => v.getFloat64(at, le) },
};
