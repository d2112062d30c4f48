/** One frame's compressed stream to little-endian samples, by transfer syntax. */
import { LacunaError } from '../../../errors.ts';
import { TAG } from '../tags.ts';
import type { Codec } from '../transfer-syntax.ts';
import { damaged, jpeg2000Size, jpegFrameHeader, requireEnd, type Wanted } from './codestream.ts';
import { decodeJpegLossless } from './jpeg-lossless.ts';
import { decodeRle } from './rle.ts';
import { decodeWithWasm, JPEG, JPEG_2000, JPEG_LS } from './wasm.ts';

/** More tiles than any scanner writes; each costs time however small the stream. */
const MAX_TILES = 4096;

export async function decodeStream(codec: Exclude<Codec, 'native'>, stream: Uint8Array, wanted: Wanted): Promise<Uint8Array> {
  switch (codec) {
    case 'rle':
      return decodeRle(stream, wanted);
    case 'jpeg-lossless':
      requireEnd(stream, 'JPEG Lossless');
      return decodeJpegLossless(stream, wanted);
    case 'jpeg-ls':
      return decodeWithWasm(JPEG_LS, stream, jpegFrameHeader(stream, 'JPEG-LS'), wanted);
    case 'jpeg-8': {
      const header = jpegFrameHeader(stream, 'JPEG');
      if (header.precision !== 8) {
        throw new LacunaError('input.unsupported', `${TAG.PixelData.label}: ${header.precision}-bit JPEG is not read; 8-bit is.`, {
          field: TAG.PixelData.label,
        });
      }
      return decodeWithWasm(JPEG, stream, header, wanted);
    }
    case 'jpeg-2000': {
      requireEnd(stream, 'JPEG 2000');
      const size = jpeg2000Size(stream);
      if (size.tiles > MAX_TILES) throw damaged('JPEG 2000', new Error(`${size.tiles} tiles`));
      return decodeWithWasm(JPEG_2000, stream, size, wanted);
    }
  }
}
