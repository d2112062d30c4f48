/** The first 128 bytes of a MAT-file: text, then version and byte order. Version 7.3 has them in front of an HDF5 file. */
export const MAT_HEADER_BYTES = 128;

const VERSIONS: Readonly<Record<number, '5' | '7.3'>> = { 256: '5', 512: '7.3' };

/** Null where this is no MAT-file of level 5 or later. */
export function matHeader(head: Uint8Array): { readonly littleEndian: boolean; readonly version: '5' | '7.3' } | null {
  if (head.length < MAT_HEADER_BYTES) return null;
  const mark = String.fromCharCode(head[126] as number, head[127] as number);
  if (mark !== 'IM' && mark !== 'MI') return null;
  const littleEndian = mark === 'IM';
  const version = VERSIONS[new DataView(head.buffer, head.byteOffset).getUint16(124, littleEndian)];
  return version === undefined ? null : { littleEndian, version };
}
