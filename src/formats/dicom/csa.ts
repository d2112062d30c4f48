/** Siemens CSA image header, format "SV10": named lists of text values in private element (0029,1010). */

const NAME_BYTES = 64;
const TAG_BYTES = NAME_BYTES + 20;
const ITEM_HEADER_BYTES = 16;
/** The format itself allows no more. */
const MAX_TAGS = 128;

/** Values of the wanted names; names that are absent or damaged are left out. Never throws. */
export function readCsa(bytes: Uint8Array, wanted: ReadonlySet<string>): Map<string, string[]> {
  const values = new Map<string, string[]>();
  if (ascii(bytes, 0, 4) !== 'SV10') return values;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 16;
  const count = bytes.length >= 12 ? Math.min(view.getUint32(8, true), MAX_TAGS) : 0;
  for (let t = 0; t < count && at + TAG_BYTES <= bytes.length; t++) {
    const name = ascii(bytes, at, NAME_BYTES);
    const items = view.getUint32(at + NAME_BYTES + 12, true);
    at += TAG_BYTES;
    const list: string[] = [];
    for (let i = 0; i < items && at + ITEM_HEADER_BYTES <= bytes.length; i++) {
      const length = view.getUint32(at + 4, true);
      at += ITEM_HEADER_BYTES;
      if (length > 0 && at + length <= bytes.length && wanted.has(name)) list.push(ascii(bytes, at, length).trim());
      at += Math.ceil(length / 4) * 4;
    }
    if (wanted.has(name)) values.set(name, list);
  }
  return values;
}

/** Text up to the first zero byte. */
function ascii(bytes: Uint8Array, at: number, length: number): string {
  let text = '';
  for (let i = at; i < Math.min(at + length, bytes.length) && bytes[i] !== 0; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}
