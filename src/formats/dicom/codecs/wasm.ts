/**
 * The WebAssembly coders of @cornerstonejs, behind one typed door. Each module is loaded when the first image needs it
 * and thrown away after a failure, because an aborted WebAssembly heap cannot be trusted.
 */
import { createRequire } from 'node:module';
import { type Codestream, checkCodestream, damaged, type Wanted } from './codestream.ts';

/** The decoder objects of all three packages have this shape; none of them ships types. */
interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): { readonly width: number; readonly height: number; readonly bitsPerSample: number; readonly componentCount: number };
  delete(): void;
}
type CoderModule = Readonly<Record<string, new () => Decoder>>;
type CoderFactory = (options: { print(text: string): void; printErr(text: string): void }) => Promise<CoderModule>;

interface Coder {
  readonly name: string;
  readonly module: string;
  readonly decoder: string;
}
export const JPEG: Coder = {
  name: 'JPEG',
  module: '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs',
  decoder: 'JPEGDecoder',
};
export const JPEG_LS: Coder = { name: 'JPEG-LS', module: '@cornerstonejs/codec-charls/decodewasmjs', decoder: 'JpegLSDecoder' };
export const JPEG_2000: Coder = { name: 'JPEG 2000', module: '@cornerstonejs/codec-openjpeg/decodewasmjs', decoder: 'J2KDecoder' };

// Not named `require`: the desktop bundler declares one of its own in the same file.
const requirePackage = createRequire(import.meta.url);
const loaded = new Map<Coder, Promise<CoderModule>>();

/** Samples of one frame, little-endian, `wanted.bytes` bytes each. `header` was read from the stream before. */
export async function decodeWithWasm(coder: Coder, stream: Uint8Array, header: Codestream, wanted: Wanted): Promise<Uint8Array> {
  checkCodestream(header, wanted, coder.name);
  const module = await load(coder);
  const Decoder = module[coder.decoder] as new () => Decoder;
  const decoder = new Decoder();
  let healthy = false;
  try {
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    const info = decoder.getFrameInfo();
    checkCodestream(
      { rows: info.height, columns: info.width, components: info.componentCount, precision: info.bitsPerSample },
      wanted,
      coder.name,
    );
    const samples = widen(decoder.getDecodedBuffer(), wanted, info.bitsPerSample <= 8 ? 1 : 2);
    decoder.delete();
    healthy = true;
    return samples;
  } catch (error) {
    throw error instanceof Error && error.name === 'LacunaError' ? error : damaged(coder.name, error);
  } finally {
    if (!healthy) loaded.delete(coder);
  }
}

function load(coder: Coder): Promise<CoderModule> {
  const ready = loaded.get(coder) ?? (requirePackage(coder.module) as CoderFactory)({ print: ignore, printErr: ignore });
  loaded.set(coder, ready);
  return ready;
}
// The coders print their complaints; the thrown error carries what matters.
const ignore = (): void => undefined;

/** Copies out of the coder's heap, from `found` to `wanted.bytes` bytes a sample. */
export function widen(samples: Uint8Array, wanted: Wanted, found: 1 | 2): Uint8Array {
  const count = wanted.rows * wanted.columns;
  if (samples.length < count * found) throw new Error(`${count * found} bytes expected from the coder, ${samples.length} found`);
  if (found === wanted.bytes) return samples.slice(0, count * found);
  const out = new Uint8Array(count * wanted.bytes);
  for (let i = 0; i < count; i++) {
    for (let b = 0; b < found && b < wanted.bytes; b++) out[i * wanted.bytes + b] = samples[i * found + b] as number;
  }
  return out;
}
