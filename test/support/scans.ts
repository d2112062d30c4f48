/** Cartesian k-space that conformance tests share, [coil, row, column], scaled so that the brightest pixel of the coil images is 1. */
import { unzipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { centreCrop, ndArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import { decodeNpy } from '../../src/array/npy.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { openInput } from '../../src/pipeline/open-input.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { fft2c, ifft2c } from '../../src/transform/fft.ts';
import type { Bart } from './bart.ts';
import { readCfl } from './cfl.ts';
import { TEST_DATA } from './tools.ts';

/** Fully sampled coil images of a brain, 7 coils, 256×216. */
export const MIDAS = 'mri/kspace/midas_brain_7ch_coilimages.npz';
/** A brain of 8 coils, 230×180, measured at Poisson-disc points. */
export const SIGPY = 'mri/kspace/sigpy_brain_8ch_cart_poisson.npy';
/** Two bottles of 14 coils, 384×144, every third line, part of the far side missing, calibration lines. */
export const BOTTLES = 'mri/kspace/gadgetron_SNR_R3_14ch_ismrmrd.h5';

export interface Scan {
  readonly kspace: NdArray<'complex64'>;
  /** What was measured; the whole matrix where the scan is fully sampled. */
  readonly pattern: SamplingPattern;
}

/** bart's analytic phantom of 8 coils, size×size. */
export async function phantomScan(bart: Bart, size: number): Promise<Scan> {
  await bart.run('phantom', '-x', String(size), '-k', '-s8', 'phantom');
  return whole(readCfl(bart.at('phantom')));
}

export async function midasScan(): Promise<Scan> {
  return whole(fft2c(midasImages()));
}

/** The same scan with less resolution: the central `size`×`size` of k-space. */
export async function midasCentre(size: number): Promise<Scan> {
  return whole(centreCrop(fft2c(midasImages()), size, size));
}

export async function sigpyScan(): Promise<Scan> {
  const kspace = decodeNpy(readFileSync(`${TEST_DATA}/${SIGPY}`)) as NdArray<'complex64'>;
  const [, rows, columns] = kspace.shape as [number, number, number];
  const measured = Uint8Array.from({ length: rows * columns }, (_, i) => (kspace.data[2 * i] !== 0 || kspace.data[2 * i + 1] !== 0 ? 1 : 0));
  return { kspace: scaled(kspace), pattern: describePattern({ kind: 'points', rows, columns, mask: measured }) };
}

export async function bottlesScan(): Promise<Scan> {
  const recording = await openInput({ kind: 'path', path: `${TEST_DATA}/${BOTTLES}` });
  try {
    const [series] = recording.series;
    const lines = series?.acquired ?? null;
    if (series === undefined || lines === null) throw new Error(`${BOTTLES} has no series with lines that were left out`);
    const kspace = (await series.read(0)) as NdArray<'complex64'>;
    return { kspace: scaled(kspace), pattern: describePattern({ kind: 'lines', rows: series.rows, columns: series.columns, mask: lines }) };
  } finally {
    await recording.close();
  }
}

/** [row, column, coil] in the file. */
function midasImages(): NdArray<'complex64'> {
  const bytes = unzipSync(readFileSync(`${TEST_DATA}/${MIDAS}`))['arr_0.npy'];
  if (bytes === undefined) throw new Error(`${MIDAS} has no arr_0.npy`);
  const images = decodeNpy(bytes) as NdArray<'complex64'>;
  const [rows, columns, coils] = images.shape as [number, number, number];
  const out = zeros('complex64', [coils, rows, columns]);
  for (let i = 0; i < rows * columns * coils; i++) {
    out.data.set(images.data.subarray(2 * i, 2 * i + 2), 2 * ((i % coils) * rows * columns + Math.floor(i / coils)));
  }
  return out;
}

function whole(kspace: NdArray<'complex64'>): Scan {
  const [, rows, columns] = kspace.shape as [number, number, number];
  return { kspace: scaled(kspace), pattern: describePattern({ kind: 'lines', rows, columns, mask: new Uint8Array(columns).fill(1) }) };
}

function scaled(kspace: NdArray<'complex64'>): NdArray<'complex64'> {
  const brightest = rootSumOfSquares(ifft2c(kspace)).data.reduce((most, value) => Math.max(most, value), 0);
  return ndArray('complex64', kspace.shape, kspace.data.map((value) => value / brightest));
}
