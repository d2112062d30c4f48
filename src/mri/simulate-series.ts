/** An image series seen by simulated receive coils: the k-space that it might have come from. */
import { elementCount, type NdArray } from '../array/nd-array.ts';
import type { Axis, Series } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import { acquire, coilMaps, objectPhase } from './simulate.ts';

export interface SimulatedScan {
  readonly coils: number;
  /** Gives magnitude images a smooth phase; complex images keep their own in any case. */
  readonly phase: boolean;
  /** Signal over noise of the optimally combined, fully sampled image; 0 = no noise. */
  readonly snr: number;
  readonly seed: number;
}

/** k-space larger than this is not simulated: [coil, row, column] complex64 of one slice, bytes. */
const LARGEST_SLICE = 2 ** 31;

/**
 * The k-space series of `series`. `signal` is the level that SNR refers to: noise has the standard deviation signal/SNR
 * in each of the real and the imaginary part. Where it is not given, it is the mean of the middle slice's foreground
 * (pixels above a tenth of that slice's maximum). Slices are made when they are read, each the same to the bit every
 * time. Throws `usage.unsupported` for series that are not plain images, `usage.too-large` for slices beyond 2 GiB of
 * k-space.
 */
export function simulateSeries(series: Series, scan: SimulatedScan, signal?: number): Series {
  const { rows, columns } = series;
  if (series.domain !== 'image' || series.coils !== 1) {
    throw new LacunaError(
      'usage.unsupported',
      `“${series.title}” is not a plain image series, so no acquisition can be simulated from it.`,
      {
        field: 'acquire',
      },
    );
  }
  if (elementCount([scan.coils, rows, columns]) * 8 > LARGEST_SLICE) {
    throw new LacunaError(
      'usage.too-large',
      `${scan.coils} coils of ${rows}×${columns} exceed 2 GiB of k-space a slice; use fewer coils.`,
      {
        field: 'coils',
      },
    );
  }
  const { title, attributes, axes, readReference: _imageReference, ...rest } = series;
  let maps: NdArray<'complex64'> | undefined;
  let noise: Promise<number> | undefined;
  return {
    ...rest,
    title: `${title} (simulated ${scan.coils}-coil acquisition)`,
    domain: 'kspace',
    dtype: 'complex64',
    axes: withCoilAxis(axes, scan.coils),
    coils: scan.coils,
    output: { rows, columns },
    acquired: null,
    attributes: [...attributes, { label: 'Acquisition', value: describeScan(scan) }],
    async read(slice) {
      const image = await series.read(slice);
      noise ??= noiseLevel(series, scan.snr, signal);
      maps ??= coilMaps(scan.coils, rows, columns, scan.seed);
      const phase = scan.phase && image.dtype === 'float32' ? objectPhase(rows, columns, scan.seed, slice) : null;
      return acquire(image, { maps, phase, noise: await noise, seed: scan.seed, slice });
    },
  };
}

/** One line for the acquisition table: `Simulated: 8 coils, smooth phase, SNR 40, seed 1`. */
export function describeScan({ coils, phase, snr, seed }: SimulatedScan): string {
  const noise = snr === 0 ? 'no noise' : `SNR ${snr}`;
  return `Simulated: ${coils} ${coils === 1 ? 'coil' : 'coils'}, ${phase ? 'smooth phase' : 'no added phase'}, ${noise}, seed ${seed}`;
}

function withCoilAxis(axes: readonly Axis[], coils: number): readonly Axis[] {
  return [...axes.slice(0, -2), { name: 'coil', length: coils }, ...axes.slice(-2)];
}

async function noiseLevel(series: Series, snr: number, signal: number | undefined): Promise<number> {
  if (snr === 0) return 0;
  return (signal ?? foregroundMean(await series.read(Math.floor(series.slices / 2)))) / snr;
}

function foregroundMean(image: NdArray<'complex64'> | NdArray<'float32'>): number {
  const complex = image.dtype === 'complex64';
  const n = complex ? image.data.length / 2 : image.data.length;
  const at = (i: number): number =>
    complex ? Math.hypot(image.data[2 * i] as number, image.data[2 * i + 1] as number) : Math.abs(image.data[i] as number);
  let maximum = 0;
  for (let i = 0; i < n; i++) if (Number.isFinite(at(i))) maximum = Math.max(maximum, at(i));
  let sum = 0;
  let count = 0;
  for (let i = 0; i < n; i++) {
    const value = at(i);
    if (!(value > 0.1 * maximum) || value === Infinity) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
