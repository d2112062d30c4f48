/** The heated thigh as a recording: multi-coil k-space of frames (and echoes), made when it is read, with the exact ΔT beside it. */
import { zeros, type NdArray } from '../../array/nd-array.ts';
import type { Axis, Recording, Series } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { sampleHash } from '../sample-hash.ts';
import { objectPhase } from '../simulate.ts';
import { describeScan, simulateSeries } from '../simulate-series.ts';
import { heatedImage, type HeatedScan } from './heated-frames.ts';
import { heatingMap } from './heating.ts';
import { thighSection } from './phantom.ts';

/** Raised whenever the same parameters would give other numbers: it enters the recording's hash. */
const VERSION = 1;
/** T2* of all tissues, seconds: what later echoes lose. */
const T2_STAR = 0.03;

export interface ThermometryScan extends HeatedScan {
  readonly rows: number;
  readonly columns: number;
  /** Of the last echo, seconds; the others come at equal steps before it. */
  readonly echoTime: number;
  readonly echoes: number;
  /** Minutes between frames. */
  readonly interval: number;
  /** °C. */
  readonly baseline: number;
  readonly coils: number;
  /** Of muscle in the last echo, as in SimulatedScan. */
  readonly snr: number;
  readonly seed: number;
}

/** One k-space series with the axes (echo,) frame, coil, row, column. Coils and the phase of the object stay the same over the frames, noise does not. */
export async function thermometryRecording(scan: ThermometryScan): Promise<Recording> {
  const { rows, columns, frames, echoes, coils, snr, seed } = scan;
  const simulated = simulateSeries(heatedImages(scan), { coils, phase: true, snr, seed }, 1);
  const hash = await sampleHash([VERSION, 'thermometry', ...Object.entries(scan).sort(([a], [b]) => (a < b ? -1 : 1)).flat()]);
  let open = true;
  const series: Series = {
    ...simulated,
    id: 'kspace',
    title: `Heated thigh phantom, ${frames} frames, ${coils} ${coils === 1 ? 'coil' : 'coils'} (simulated)`,
    attributes: attributesOf(scan),
    read: (slice) => (open ? simulated.read(slice) : Promise.reject(new LacunaError('io.read', 'The recording has been closed.', { file: 'thermometry' }))),
    readHeating: (slice) => Promise.resolve(heatingMap(scan, rows, columns, slice % frames)),
  };
  return {
    id: hash,
    sha256: () => Promise.resolve(hash),
    name: 'thermometry',
    bytes: echoes * frames * coils * rows * columns * 8,
    format: 'sample',
    series: [series],
    warnings: [],
    close() {
      open = false;
      return Promise.resolve();
    },
  };
}

/** Seconds, one an echo. */
export function echoTimesOf({ echoTime, echoes }: Pick<ThermometryScan, 'echoTime' | 'echoes'>): readonly number[] {
  return Array.from({ length: echoes }, (_, e) => (echoTime * (e + 1)) / echoes);
}

function attributesOf(scan: ThermometryScan): Series['attributes'] {
  const { peak, drift, interval, fieldStrength, baseline, coils, snr, seed } = scan;
  const times = echoTimesOf(scan).map((time) => Number((1e3 * time).toFixed(3)));
  return [
    { label: 'Subject', value: 'None: a drawn phantom, made by the studio' },
    { label: 'Field strength', value: `${fieldStrength} T` },
    { label: times.length > 1 ? 'Echo times' : 'Echo time', value: `${times.join(', ')} ms` },
    { label: 'Frame interval', value: `${Number((60 * interval).toFixed(3))} s` },
    { label: 'Baseline temperature', value: `${baseline} °C` },
    { label: 'Heating', value: `Simulated: Gaussian spot, ${peak} °C at its peak; fat and bone do not shift` },
    { label: 'Field drift', value: `${drift} Hz by the last frame, with a slope` },
    { label: 'Acquisition', value: describeScan({ coils, phase: true, snr, seed }) },
  ];
}

function heatedImages(scan: ThermometryScan): Series {
  const { rows, columns, frames, echoes, seed } = scan;
  const { signal, water } = thighSection(rows, columns);
  const phase = objectPhase(rows, columns, seed, 0);
  const times = echoTimesOf(scan);
  const frameAxes: readonly Axis[] = [{ name: 'frame', length: frames }, { name: 'row', length: rows }, { name: 'column', length: columns }];
  return {
    id: 'image',
    title: 'Heated thigh phantom',
    domain: 'image',
    dtype: 'complex64',
    axes: echoes > 1 ? [{ name: 'echo', length: echoes }, ...frameAxes] : frameAxes,
    slices: echoes * frames,
    coils: 1,
    rows,
    columns,
    output: { rows, columns },
    attributes: [],
    async read(slice) {
      const time = times[Math.floor(slice / frames)];
      if (!Number.isInteger(slice) || slice < 0 || time === undefined) {
        throw new LacunaError('usage.invalid', `Frame ${slice} does not exist; expected 0 to ${echoes * frames - 1}.`, { field: 'slice' });
      }
      const still = withPhase(signal, phase, Math.exp((scan.echoTime - time) / T2_STAR));
      return heatedImage(still, water, scan, slice % frames, time);
    },
  };
}

function withPhase({ shape, data }: NdArray<'float32'>, phase: ArrayLike<number>, scale: number): NdArray<'complex64'> {
  const out = zeros('complex64', shape);
  for (let i = 0; i < data.length; i++) {
    out.data[2 * i] = scale * (data[i] as number) * Math.cos(phase[i] as number);
    out.data[2 * i + 1] = scale * (data[i] as number) * Math.sin(phase[i] as number);
  }
  return out;
}
