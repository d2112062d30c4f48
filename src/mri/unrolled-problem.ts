/** Measured samples as the problem that an unrolled network solves: on the Cartesian grid, or along a trajectory. */
import { zeros, type NdArray } from '../array/nd-array.ts';
import { coils } from '../operators/coils.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { ifft1c, ifft2c } from '../transform/fft.ts';
import type { ToeplitzSpectrum } from '../transform/nufft/toeplitz.ts';
import { adjointOfLines, maskedLines } from './hybrid-lines.ts';
import type { UnrolledProblem } from './unrolled.ts';

const ROW_AXIS = 1;

/**
 * Cartesian: `kspace` [coil, row, column] is zero where the pattern keeps nothing. A pattern of lines serves both kinds of graph;
 * one of points only 'points'.
 */
export function cartesianProblem(
  kspace: NdArray<'complex64'>,
  maps: NdArray<'complex64'>,
  pattern: Pick<SamplingPattern, 'kind' | 'mask'>,
  kind: UnrolledProblem['kind'],
  noise: number,
): UnrolledProblem {
  const { mask } = pattern;
  if (kind === 'lines') return linesProblem(ifft1c(kspace, ROW_AXIS), maps, mask, noise);
  const [, rows, columns] = kspace.shape as [number, number, number];
  return { kind, maps, fraction: fractionOf(mask), noise, kspace: () => kspace, adjoint: coils(maps).adjoint(ifft2c(kspace)), weights: flags([rows, columns], mask) };
}

/** As cartesianProblem of lines, from k-space whose rows are in image space already; columns that the mask leaves out are not looked at. */
export function linesProblem(hybrid: NdArray<'complex64'>, maps: NdArray<'complex64'>, mask: Uint8Array, noise: number): UnrolledProblem {
  const weights = flags([mask.length], mask);
  const adjoint = adjointOfLines(hybrid, mask, maps);
  return {
    kind: 'lines',
    maps,
    fraction: fractionOf(mask),
    noise,
    adjoint,
    weights,
    kspace: () => maskedLines(hybrid, mask),
  };
}

const fractionOf = (mask: Uint8Array): number => mask.reduce((sum, flag) => sum + (flag === 0 ? 0 : 1), 0) / mask.length;

/** 1 where `mask` is not 0; a mask of lines repeats row after row. */
function flags(shape: readonly number[], mask: Uint8Array): NdArray<'float32'> {
  const out = zeros('float32', shape);
  for (let i = 0; i < out.data.length; i++) out.data[i] = mask[i % mask.length] === 0 ? 0 : 1;
  return out;
}

/**
 * Along a trajectory: `images` are Aᴴ W y of each coil without maps, [coil, row, column], and `spectrum` that of Aᴴ W A. Both are
 * divided by `scale`, so that gradient steps of length 1 converge.
 */
export function trajectoryProblem(
  images: NdArray<'complex64'>,
  maps: NdArray<'complex64'>,
  spectrum: ToeplitzSpectrum,
  { fraction, noise, scale }: { readonly fraction: number; readonly noise: number; readonly scale: number },
): UnrolledProblem {
  const adjoint = coils(maps).adjoint(images);
  for (let i = 0; i < adjoint.data.length; i++) adjoint.data[i] = (adjoint.data[i] as number) / scale;
  return { kind: 'points', maps, adjoint, weights: transferFunction(spectrum, scale), fraction, noise };
}

/**
 * D of SᴴWᴴDWS with W the orthonormal DFT of the enlarged grid: the spectrum's values are in order of frequency from 0 and
 * divided by the number of grid points, D is centred and is not.
 */
export function transferFunction({ gridRows, gridColumns, values }: ToeplitzSpectrum, scale = 1): NdArray<'float32'> {
  const out = zeros('float32', [gridRows, gridColumns]);
  const [down, across] = [Math.floor(gridRows / 2), Math.floor(gridColumns / 2)];
  const factor = (gridRows * gridColumns) / scale;
  for (let r = 0; r < gridRows; r++) {
    for (let c = 0; c < gridColumns; c++) {
      out.data[((r + down) % gridRows) * gridColumns + ((c + across) % gridColumns)] = factor * (values[r * gridColumns + c] as number);
    }
  }
  return out;
}
