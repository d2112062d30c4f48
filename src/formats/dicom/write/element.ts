/** Data elements in Explicit VR Little Endian (PS3.5 section 7.1.2), checked and cut to what their VR allows. */

export interface DataElement {
  /** Group and element as one number: 0x00280010. */
  readonly tag: number;
  readonly vr: string;
  readonly value: Uint8Array;
}

/** Longest text of one value (PS3.5 table 6.2-1). */
const MAX_LENGTH: Readonly<Record<string, number>> = {
  AE: 16,
  AS: 4,
  CS: 16,
  DA: 8,
  DS: 16,
  IS: 12,
  LO: 64,
  LT: 10240,
  PN: 64,
  SH: 16,
  ST: 1024,
  TM: 14,
  UI: 64,
  UT: 4_000_000,
};
/** What a value must look like; one that does not is left empty rather than written wrong. */
const FORM: Readonly<Record<string, RegExp>> = {
  AS: /^\d{3}[DWMY]$/,
  CS: /^[A-Z0-9 _]*$/,
  DA: /^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/,
  DS: /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/,
  IS: /^[+-]?\d+$/,
  TM: /^([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?$/,
  UI: /^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/,
};
const LONG_LENGTH = new Set(['OB', 'OW', 'SQ', 'UT', 'UN']);
/** VRs whose text may hold line breaks. */
const MULTILINE = new Set(['LT', 'ST', 'UT']);
const encoder = new TextEncoder();

/** Text values; ones that do not fit the VR become empty. No values: an empty element. */
export function text(tag: number, vr: string, ...values: readonly string[]): DataElement {
  const joined = values.map((value) => fitted(vr, value)).join('\\');
  return { tag, vr, value: padded(encoder.encode(joined), vr === 'UI' ? 0 : 0x20) };
}

/** A number as DS, or an empty element where it is no finite number. */
export function decimal(tag: number, ...values: readonly number[]): DataElement {
  return text(tag, 'DS', ...values.map((v) => (Number.isFinite(v) ? decimalString(v) : '')));
}

/** At most 16 characters, as exact as they allow. */
export function decimalString(value: number): string {
  for (let digits = 17; digits > 0; digits--) {
    const candidate = String(Number(value.toPrecision(digits)));
    if (candidate.length <= 16) return candidate;
  }
  return '0';
}

export function unsignedShort(tag: number, ...values: readonly number[]): DataElement {
  return { tag, vr: 'US', value: new Uint8Array(Uint16Array.from(values).buffer) };
}

export function words(tag: number, values: Uint16Array): DataElement {
  return { tag, vr: 'OW', value: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) };
}

export function bytes(tag: number, values: Uint8Array): DataElement {
  return { tag, vr: 'OB', value: padded(values, 0) };
}

export function sequence(tag: number, items: readonly (readonly DataElement[])[]): DataElement {
  const parts = items.flatMap((item) => {
    const body = encode(item);
    const head = new Uint8Array(8);
    const view = new DataView(head.buffer);
    view.setUint16(0, 0xfffe, true);
    view.setUint16(2, 0xe000, true);
    view.setUint32(4, body.length, true);
    return [head, body];
  });
  return { tag, vr: 'SQ', value: concatenated(parts) };
}

/** The elements in ascending order of tag. */
export function encode(elements: readonly DataElement[]): Uint8Array {
  return concatenated(elements.toSorted((a, b) => a.tag - b.tag).flatMap((e) => [headOf(e), e.value]));
}

function headOf({ tag, vr, value }: DataElement): Uint8Array {
  const long = LONG_LENGTH.has(vr);
  const head = new Uint8Array(long ? 12 : 8);
  const view = new DataView(head.buffer);
  view.setUint16(0, tag >>> 16, true);
  view.setUint16(2, tag & 0xffff, true);
  head.set(encoder.encode(vr), 4);
  if (long) view.setUint32(8, value.length, true);
  else view.setUint16(6, value.length, true);
  return head;
}

function fitted(vr: string, value: string): string {
  // Backslash separates values; control characters are not text.
  const clean = value
    .replace(MULTILINE.has(vr) ? /[^\P{Cc}\r\n\t]/gu : /\p{Cc}/gu, ' ')
    .replaceAll('\\', '/')
    .trim();
  if (FORM[vr] !== undefined && !FORM[vr].test(clean)) return '';
  return cut(clean, MAX_LENGTH[vr] ?? 64);
}

/** By code points: a cut never leaves half a character. */
function cut(value: string, length: number): string {
  return value.length <= length ? value : Array.from(value).slice(0, length).join('').trimEnd();
}

function padded(value: Uint8Array, pad: number): Uint8Array {
  if (value.length % 2 === 0) return value;
  const out = new Uint8Array(value.length + 1);
  out.set(value);
  out[value.length] = pad;
  return out;
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
