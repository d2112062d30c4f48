/**
 * Image-space super-resolution on the grid of the centred DFT: tiles for a network that works on the coarse grid, and k-space
 * replacement, which keeps the band that was measured as it is and takes from the network only what lies outside of it.
 *
 * Pixel ⌊n/2⌋ of the coarse and pixel ⌊rn/2⌋ of the fine image are the same place. A network whose fine pixel r·m lies on coarse
 * pixel m is therefore moved by ⌊rn/2⌋ − r·⌊n/2⌋ pixels: 0 for even n, 1 for odd n with r = 2 or 3.
 */
import { isComplexDType, zeros, type NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import { fft2c, ifft2c } from '../transform/fft.ts';

export type FineFactor = 2 | 3;
export type Slice = NdArray<'float32'> | NdArray<'complex64'>;

/** Coarse pixels around a tile, more than the network reaches (5×5, 3×3 and 3×3 kernels: 4), so that tiles join without a seam. */
export const TILE_MARGIN = 8;
const TILE_SIDE = 256;
/** Pixels a side of the fine image. */
export const LARGEST_FINE_SIDE = 4096;

/** Part of a coarse image, in pixels. */
export interface Tile {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** Throws usage.unsupported where the fine image would be too large to be computed. */
export function checkFineSize([rows, columns]: readonly number[], factor: FineFactor): void {
  const side = factor * Math.max(rows ?? 0, columns ?? 0);
  if (side <= LARGEST_FINE_SIDE) return;
  throw new LacunaError('usage.unsupported', `Super-resolution ×${factor} of ${rows}×${columns} would be ${side} pixels wide; at most ${LARGEST_FINE_SIDE} are computed.`, { field: 'factor' });
}

/** The image in tiles of at most 256×256 pixels, row after row. */
export function tilesOf(rows: number, columns: number): readonly Tile[] {
  const tiles: Tile[] = [];
  for (let row = 0; row < rows; row += TILE_SIDE) {
    for (let column = 0; column < columns; column += TILE_SIDE) {
      tiles.push({ row, column, rows: Math.min(TILE_SIDE, rows - row), columns: Math.min(TILE_SIDE, columns - column) });
    }
  }
  return tiles;
}

/** `image` [row, column] / `scale` with the margin around the tile, [1, 1, rows + 16, columns + 16]; the image wraps round, as its DFT does. */
export function coarseTile({ shape, data }: NdArray<'float32'>, tile: Tile, scale: number): NdArray<'float32'> {
  const [rows, columns] = shape as [number, number];
  const out = zeros('float32', [1, 1, tile.rows + 2 * TILE_MARGIN, tile.columns + 2 * TILE_MARGIN]);
  let i = 0;
  for (let r = tile.row - TILE_MARGIN; r < tile.row + tile.rows + TILE_MARGIN; r++) {
    const line = wrapped(r, rows) * columns;
    for (let c = tile.column - TILE_MARGIN; c < tile.column + tile.columns + TILE_MARGIN; c++) {
      out.data[i++] = (data[line + wrapped(c, columns)] as number) / scale;
    }
  }
  return out;
}

/** Puts what the network made of a tile, [1, 1, r·(rows + 16), r·(columns + 16)], into `fine` [r·row, r·column], times `scale`. */
export function placeTile(made: NdArray<'float32'>, tile: Tile, factor: FineFactor, scale: number, fine: NdArray<'float32'>): void {
  const [rows, columns] = fine.shape as [number, number];
  const width = factor * (tile.columns + 2 * TILE_MARGIN);
  const [down, right] = [fineOffset(rows / factor, factor), fineOffset(columns / factor, factor)];
  for (let r = 0; r < factor * tile.rows; r++) {
    const from = (r + factor * TILE_MARGIN) * width + factor * TILE_MARGIN;
    const to = wrapped(factor * tile.row + r + down, rows) * columns;
    for (let c = 0; c < factor * tile.columns; c++) {
      fine.data[to + wrapped(factor * tile.column + c + right, columns)] = (made.data[from + c] as number) * scale;
    }
  }
}

/** The image with zeros around its k-space, [r·row, r·column] complex64: sinc interpolation. The values of coarse pixels are kept. */
export function zeroPadded(image: Slice, factor: FineFactor): NdArray<'complex64'> {
  return fromSpectrum(fft2c(toComplex(image)), null, factor);
}

/**
 * k-space replacement: the spectrum of `fine` [r·row, r·column], a magnitude, with its centre replaced by the spectrum of `image`
 * [row, column]. `fine` is given the phase of the zero-padded image where `image` is complex. complex64, on the scale of `image`.
 */
export function replaceBand(fine: NdArray<'float32'>, image: Slice, factor: FineFactor): NdArray<'complex64'> {
  const measured = fft2c(toComplex(image));
  const estimate = image.dtype === 'complex64' ? withPhase(fine, fromSpectrum(measured, null, factor)) : toComplex(fine);
  return fromSpectrum(measured, fft2c(estimate, estimate), factor);
}

/** |magnitude| with the angle of each pixel of `phase`; 0 where that is silent. Overwrites `phase`. */
export function withPhase({ data }: NdArray<'float32'>, phase: NdArray<'complex64'>): NdArray<'complex64'> {
  for (let i = 0; i < data.length; i++) {
    const [re, im] = [phase.data[2 * i] as number, phase.data[2 * i + 1] as number];
    const length = Math.hypot(re, im);
    const value = data[i] as number;
    phase.data[2 * i] = length > 0 ? (value * re) / length : value;
    phase.data[2 * i + 1] = length > 0 ? (value * im) / length : 0;
  }
  return phase;
}

/** Inverse transform of `outer` (zeros where null), with the middle replaced by `centre`. Overwrites `outer`. */
function fromSpectrum(centre: NdArray<'complex64'>, outer: NdArray<'complex64'> | null, factor: FineFactor): NdArray<'complex64'> {
  const [rows, columns] = centre.shape as [number, number];
  const spectrum = outer ?? zeros('complex64', [factor * rows, factor * columns]);
  const top = Math.floor((factor * rows) / 2) - Math.floor(rows / 2);
  const left = Math.floor((factor * columns) / 2) - Math.floor(columns / 2);
  for (let r = 0; r < rows; r++) {
    const to = 2 * ((top + r) * factor * columns + left);
    // Orthonormal transforms: r² as many pixels of the same height have r times the amplitude.
    for (let i = 0; i < 2 * columns; i++) spectrum.data[to + i] = factor * (centre.data[2 * r * columns + i] as number);
  }
  return ifft2c(spectrum, spectrum);
}

function toComplex(image: Slice): NdArray<'complex64'> {
  if (isComplexDType(image.dtype)) return image as NdArray<'complex64'>;
  const out = zeros('complex64', image.shape);
  for (let i = 0; i < image.data.length; i++) out.data[2 * i] = image.data[i] as number;
  return out;
}

/** Fine pixel on which coarse pixel 0 lies, for a side of `n` coarse pixels. */
export function fineOffset(n: number, factor: FineFactor): number {
  return Math.floor((factor * n) / 2) - factor * Math.floor(n / 2);
}

function wrapped(i: number, n: number): number {
  return ((i % n) + n) % n;
}
