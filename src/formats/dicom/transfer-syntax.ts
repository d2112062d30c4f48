/** Transfer syntaxes (PS3.5 section 10, PS3.6 table A-1): how values and pixels are encoded. */

export type Codec = 'native' | 'rle' | 'jpeg-8' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000';

export interface TransferSyntax {
  readonly uid: string;
  readonly title: string;
  readonly littleEndian: boolean;
  readonly codec: Codec;
  /** Deflated as a whole after the file meta group. */
  readonly deflated: boolean;
}

const entry = (uid: string, title: string, codec: Codec, littleEndian = true, deflated = false): [string, TransferSyntax] => [
  uid,
  { uid, title, littleEndian, codec, deflated },
];

export const IMPLICIT_LITTLE = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE = '1.2.840.10008.1.2.1';
export const EXPLICIT_BIG = '1.2.840.10008.1.2.2';
export const DEFLATED = '1.2.840.10008.1.2.1.99';

const KNOWN: ReadonlyMap<string, TransferSyntax> = new Map([
  entry(IMPLICIT_LITTLE, 'Implicit VR Little Endian', 'native'),
  entry(EXPLICIT_LITTLE, 'Explicit VR Little Endian', 'native'),
  entry(EXPLICIT_BIG, 'Explicit VR Big Endian', 'native', false),
  entry(DEFLATED, 'Deflated Explicit VR Little Endian', 'native', true, true),
  entry('1.2.840.10008.1.2.5', 'RLE Lossless', 'rle'),
  entry('1.2.840.10008.1.2.4.50', 'JPEG Baseline (Process 1)', 'jpeg-8'),
  entry('1.2.840.10008.1.2.4.51', 'JPEG Extended (Process 2 & 4)', 'jpeg-8'),
  entry('1.2.840.10008.1.2.4.57', 'JPEG Lossless (Process 14)', 'jpeg-lossless'),
  entry('1.2.840.10008.1.2.4.70', 'JPEG Lossless (Process 14, Selection Value 1)', 'jpeg-lossless'),
  entry('1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless', 'jpeg-ls'),
  entry('1.2.840.10008.1.2.4.81', 'JPEG-LS Near-Lossless', 'jpeg-ls'),
  entry('1.2.840.10008.1.2.4.90', 'JPEG 2000 (Lossless Only)', 'jpeg-2000'),
  entry('1.2.840.10008.1.2.4.91', 'JPEG 2000', 'jpeg-2000'),
]);

export function transferSyntax(uid: string): TransferSyntax | undefined {
  return KNOWN.get(uid);
}

/** For the message that refuses any other: all titles. */
export const READABLE = [...KNOWN.values()].map((t) => t.title);
