/** The cine phantom as a recording: multi-coil k-space of a series of frames, made when it is read. */
import { zeros, type NdArray } from '../array/nd-array.ts';
import type { Recording, Series } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import { cineFrame, type CineScan } from './cine-phantom.ts';
import { sampleHash } from './sample-hash.ts';
import { objectPhase } from './simulate.ts';
import { describeScan, simulateSeries } from './simulate-series.ts';

/** Raised whenever the same parameters would give other numbers: it enters the recording's hash. */
const VERSION = 1;

export interface CineRecordingScan extends CineScan {
  readonly coils: number;
  /** Of blood, as in SimulatedScan. */
  readonly snr: number;
  readonly seed: number;
}

/** One k-space series with the axes frame, coil, row, column. Coils, phase and matrix stay the same over the frames, noise does not. */
export async function cineRecording(scan: CineRecordingScan): Promise<Recording> {
  const { rows, columns, frames, beats, breaths, coils, snr, seed } = scan;
  const simulated = simulateSeries(cineImages(scan), { coils, phase: true, snr, seed }, 1);
  const hash = await sampleHash([VERSION, 'cine', rows, columns, frames, beats, breaths, coils, snr, seed]);
  let open = true;
  const series: Series = {
    ...simulated,
    id: 'kspace',
    title: `Beating heart phantom, ${frames} frames, ${coils} ${coils === 1 ? 'coil' : 'coils'} (simulated)`,
    attributes: [
      { label: 'Subject', value: 'None: a drawn phantom, made by the studio' },
      { label: 'Motion', value: `${beats} heart beats and ${breaths} breaths in ${frames} frames` },
      { label: 'Acquisition', value: describeScan({ coils, phase: true, snr, seed }) },
    ],
    read: (slice) => (open ? simulated.read(slice) : Promise.reject(new LacunaError('io.read', 'The recording has been closed.', { file: 'cine' }))),
  };
  return {
    id: hash,
    sha256: () => Promise.resolve(hash),
    name: 'cine',
    bytes: frames * coils * rows * columns * 8,
    format: 'sample',
    series: [series],
    warnings: [],
    close() {
      open = false;
      return Promise.resolve();
    },
  };
}

/** Complex images, so that the phase of the object is the same in all frames. */
function cineImages(scan: CineRecordingScan): Series {
  const { rows, columns, frames, seed } = scan;
  const phase = objectPhase(rows, columns, seed, 0);
  return {
    id: 'image',
    title: 'Beating heart phantom',
    domain: 'image',
    dtype: 'complex64',
    axes: [{ name: 'frame', length: frames }, { name: 'row', length: rows }, { name: 'column', length: columns }],
    slices: frames,
    coils: 1,
    rows,
    columns,
    output: { rows, columns },
    attributes: [],
    async read(frame) {
      if (!Number.isInteger(frame) || frame < 0 || frame >= frames) {
        throw new LacunaError('usage.invalid', `Frame ${frame} does not exist; expected 0 to ${frames - 1}.`, { field: 'slice' });
      }
      return withPhase(cineFrame(scan, frame), phase);
    },
  };
}

function withPhase({ shape, data }: NdArray<'float32'>, phase: ArrayLike<number>): NdArray<'complex64'> {
  const out = zeros('complex64', shape);
  for (let i = 0; i < data.length; i++) {
    out.data[2 * i] = (data[i] as number) * Math.cos(phase[i] as number);
    out.data[2 * i + 1] = (data[i] as number) * Math.sin(phase[i] as number);
  }
  return out;
}
