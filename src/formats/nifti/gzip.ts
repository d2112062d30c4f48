/** Gzip that depends on its input alone: no time, no file name, and fflate's own deflate, which is the same on every platform (zlib's is not). */
import { gzipSync } from 'fflate';

const LEVEL = 6;
const OS_BYTE = 9;
const UNKNOWN_OS = 255;

export function gzip(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { level: LEVEL, mtime: 0 });
  packed[OS_BYTE] = UNKNOWN_OS;
  return packed;
}
