/** Tells a DICOM file by its first bytes: the "DICM" prefix of PS3.10, or a bare data set as old archives hold them. */
import { EXPLICIT_BIG, EXPLICIT_LITTLE, IMPLICIT_LITTLE } from './transfer-syntax.ts';

/** 128 free bytes and "DICM". */
export const PREAMBLE_BYTES = 132;

export function hasPreamble(head: Uint8Array): boolean {
  return head.length >= PREAMBLE_BYTES && String.fromCharCode(...head.subarray(128, PREAMBLE_BYTES)) === 'DICM';
}

/**
 * What a file without preamble starts with: the file meta group, or a data set whose transfer syntax is told from its
 * first element, which must be of group 0008 and have a plausible length. Null where it is no DICOM.
 */
export function withoutPreamble(head: Uint8Array): 'meta' | { readonly transferSyntax: string } | null {
  if (head.length < 16) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const explicit = VR.test(String.fromCharCode(head[4] as number, head[5] as number));
  const little = view.getUint16(0, true);
  if (little === 0x0002 && explicit && view.getUint16(2, true) <= 0x0102) return 'meta';
  if (little === 0x0008 && view.getUint16(2, true) <= 0x0018) {
    if (explicit) return { transferSyntax: EXPLICIT_LITTLE };
    if (view.getUint32(4, true) <= 64) return { transferSyntax: IMPLICIT_LITTLE };
  }
  if (view.getUint16(0, false) === 0x0008 && view.getUint16(2, false) <= 0x0018 && explicit) return { transferSyntax: EXPLICIT_BIG };
  return null;
}

/** VRs that the first element of group 0002 or 0008 can have. */
const VR = /^(CS|DA|LO|OB|SH|TM|UI|UL)$/;

/** See FormatReader.sniff. */
export function sniff(head: Uint8Array, name: string): 'certain' | 'possible' | 'no' {
  if (hasPreamble(head)) return 'certain';
  const looksLike = withoutPreamble(head) !== null;
  const named = /\.(dcm|ima|dicom)$/i.test(name);
  if (looksLike && named) return 'certain';
  return looksLike || named ? 'possible' : 'no';
}
