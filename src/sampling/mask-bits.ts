/** Masks as base64 bit strings, so that a receipt carries a drawn or loaded pattern whole. */

/** One bit a value, most significant first, padded with zeros to whole bytes. */
export function packMask(mask: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < mask.length; i += 8) {
    let byte = 0;
    for (let b = 0; b < 8; b++) byte = (byte << 1) | (mask[i + b] ? 1 : 0);
    binary += String.fromCharCode(byte);
  }
  return btoa(binary);
}

/** Inverse of packMask for `length` values; missing bits read as 0. */
export function unpackMask(bits: string, length: number): Uint8Array {
  const binary = atob(bits);
  return Uint8Array.from({ length }, (_, i) => ((binary.charCodeAt(i >> 3) || 0) >> (7 - (i & 7))) & 1);
}
