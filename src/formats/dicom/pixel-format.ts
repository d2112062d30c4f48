/** The Image Pixel module (PS3.3 C.7.6.3): size and encoding of one frame, checked before any memory is taken. */
import { LacunaError } from '../../errors.ts';
import type { Tags } from './data-set.ts';
import { TAG } from './tags.ts';

export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly bitsAllocated: 8 | 16 | 32;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** MONOCHROME1: the lowest value is shown white. */
  readonly inverted: boolean;
  /** Bytes of one frame, uncompressed. */
  readonly frameBytes: number;
}

/** A float32 copy and the coder's own buffers together stay below 256 MB. */
const MAX_FRAME_PIXELS = 4096 * 4096;

export function readPixelFormat(tags: Tags): PixelFormat {
  const rows = tags.requireInteger(TAG.Rows, 1, 65535);
  const columns = tags.requireInteger(TAG.Columns, 1, 65535);
  if (rows * columns > MAX_FRAME_PIXELS) {
    throw new LacunaError(
      'input.too-large',
      `${TAG.Rows.label} and Columns ask for ${rows}×${columns} pixels; frames up to 4096×4096 are read.`,
      {
        field: TAG.Rows.label,
      },
    );
  }
  requireGreyscale(tags);
  const bitsAllocated = tags.requireInteger(TAG.BitsAllocated, 1, 64);
  if (bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32) {
    throw new LacunaError('input.unsupported', `${TAG.BitsAllocated.label} is ${bitsAllocated}; 8, 16 and 32 are read.`, {
      field: TAG.BitsAllocated.label,
    });
  }
  const bitsStored = tags.has(TAG.BitsStored) ? tags.requireInteger(TAG.BitsStored, 1, bitsAllocated) : bitsAllocated;
  const highBit = tags.has(TAG.HighBit) ? tags.requireInteger(TAG.HighBit, bitsStored - 1, bitsAllocated - 1) : bitsStored - 1;
  const frames = tags.has(TAG.NumberOfFrames) ? tags.requireInteger(TAG.NumberOfFrames, 1, 2 ** 31 - 1) : 1;
  return {
    rows,
    columns,
    frames,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: tags.number(TAG.PixelRepresentation) === 1,
    inverted: tags.text(TAG.PhotometricInterpretation) === 'MONOCHROME1',
    frameBytes: (rows * columns * bitsAllocated) / 8,
  };
}

function requireGreyscale(tags: Tags): void {
  const samples = tags.number(TAG.SamplesPerPixel) ?? 1;
  const photometric = tags.text(TAG.PhotometricInterpretation) ?? 'MONOCHROME2';
  if (samples === 1 && (photometric === 'MONOCHROME1' || photometric === 'MONOCHROME2')) return;
  throw new LacunaError(
    'input.unsupported',
    `A colour image (${photometric.slice(0, 32)}, ${samples} samples a pixel); only greyscale images (MONOCHROME1, MONOCHROME2) are read.`,
    { field: TAG.PhotometricInterpretation.label },
  );
}
