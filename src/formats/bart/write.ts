/** Writes images as BART's pair of files. */
import { type NdArray, zeros } from '../../array/nd-array.ts';
import { columnMajor } from '../column-major.ts';
import { BART_AXES, BART_DIMS } from './header.ts';

export interface BartFilePair {
  readonly hdr: Uint8Array;
  readonly cfl: Uint8Array;
}

/** BART reads at most 4096 bytes of a header. */
const MAX_COMMAND = 1500;

/**
 * `volume` [slice, row, column]: rows along READ, columns along PHS1, slices along SLICE. Magnitudes get an imaginary part
 * of zero. `command` and `creator` fill the sections of these names, on one line each.
 */
export function writeBart(volume: NdArray<'complex64'> | NdArray<'float32'>, about: { readonly command: string; readonly creator: string }): BartFilePair {
  const [slices, rows, columns] = volume.shape as [number, number, number];
  const dims = new Array<number>(BART_DIMS).fill(1);
  dims[0] = rows;
  dims[1] = columns;
  dims[BART_AXES.findIndex(({ bart }) => bart === 'SLICE')] = slices;
  const lines = ['# Dimensions', `${dims.join(' ')} `, '# Command', oneLine(about.command), '# Creator', oneLine(about.creator)];
  const { data } = volume.dtype === 'complex64' ? columnMajor(volume) : complexOf(columnMajor(volume));
  return { hdr: new TextEncoder().encode(`${lines.join('\n')}\n`), cfl: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** A `#` at the start of a line would begin another section. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/^#+\s*/, '').slice(0, MAX_COMMAND);
}

function complexOf(real: NdArray<'float32'>): NdArray<'complex64'> {
  const out = zeros('complex64', real.shape);
  for (let i = 0; i < real.data.length; i++) out.data[2 * i] = real.data[i] as number;
  return out;
}
