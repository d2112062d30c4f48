/** File names that come from clients. */
import { basename, extname } from 'node:path';

/** File systems allow 255 bytes; what is left over is for the prefixes and suffixes of this program. */
const MOST_BYTES = 180;

/** A plain file name that keeps its extension: no folders, no control characters, never empty, short enough for any disk. */
export function safeName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  const plain = basename(name.replaceAll('\\', '/')).replace(/[\u0000-\u001f<>:"|?*]/g, '_');
  const short = shorten(plain);
  return short === '' || short === '.' || short === '..' ? 'recording' : short;
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MOST_BYTES) return name;
  const extension = /\.nii\.gz$/i.exec(name)?.[0] ?? extname(name);
  const kept = Buffer.byteLength(extension) <= 16 ? extension : '';
  let stem = '';
  let room = MOST_BYTES - Buffer.byteLength(kept);
  for (const character of name) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    stem += character;
  }
  return stem + kept;
}
