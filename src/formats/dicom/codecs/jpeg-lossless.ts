/** JPEG Lossless, process 14 (ITU-T T.81 annex H), through jpeg-lossless-decoder-js. */
import { createRequire } from 'node:module';
import { checkCodestream, damaged, jpegFrameHeader, type Wanted } from './codestream.ts';
import { widen } from './wasm.ts';

/** The part of the package that is used; its published types are missing from the package. */
interface LosslessPackage {
  readonly Decoder: new () => {
    decode(buffer: ArrayBuffer, offset: number, length: number, bytesPerSample: number): Uint8Array | Uint16Array;
  };
}
// Not named `require`: the desktop bundler declares one of its own in the same file.
const requirePackage = createRequire(import.meta.url);

export function decodeJpegLossless(stream: Uint8Array, wanted: Wanted): Uint8Array {
  const header = jpegFrameHeader(stream, 'JPEG Lossless');
  checkCodestream(header, wanted, 'JPEG Lossless');
  if (header.process !== 3) throw damaged('JPEG Lossless', new Error(`process SOF${header.process}, expected SOF3`));
  const { Decoder } = requirePackage('jpeg-lossless-decoder-js') as LosslessPackage;
  const bytes = header.precision <= 8 ? 1 : 2;
  try {
    const copy = stream.slice();
    const samples = new Decoder().decode(copy.buffer, 0, copy.length, bytes);
    return widen(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), wanted, bytes);
  } catch (error) {
    throw damaged('JPEG Lossless', error);
  }
}
