/** Where the header of an encoding space and its acquisitions contradict each other, and who is believed. */
import type { Acquisition } from './acquisitions.ts';
import { counted, type Doctor } from './doctor.ts';
import { roleOf } from './flags.ts';
import type { Encoding, IsmrmrdHeader } from './header.ts';

/** Number of columns: the header's, or as many as the lines need where a person says so. */
export function wholeMatrix(lines: readonly Acquisition[], { encoded, step1 }: Encoding, doctor: Doctor): number {
  const [lowest, highest] = range(lines.map((a) => a.step1));
  checkLimits(lowest, highest, step1, doctor);
  const stated = encoded?.matrix[1];
  if (stated === undefined) return highest + 1;
  if (highest - lowest < stated) return stated;
  const grown = doctor.offer(
    {
      id: 'matrix-too-small', severity: 'error', field: 'encodedSpace/matrixSize/y',
      stated: `The encoded matrix has ${counted(stated, 'line')}.`, found: `The acquisitions have line counters from ${lowest} to ${highest}.`, remedy: 'Lines outside the matrix are left out, unless it is enlarged to hold them all.',
    },
    `Use ${highest - lowest + 1} lines`,
  );
  return grown ? highest - lowest + 1 : stated;
}

function checkLimits(lowest: number, highest: number, limit: Encoding['step1'], doctor: Doctor): void {
  if (limit === null || (lowest >= limit.minimum && highest <= limit.maximum)) return;
  doctor.note({
    id: 'limits-of-lines', severity: 'warning', field: 'encodingLimits/kspace_encoding_step_1',
    stated: `Line counters run from ${limit.minimum} to ${limit.maximum}.`, found: `They run from ${lowest} to ${highest}.`, remedy: 'The counters are believed.',
  });
}

/** Further off than this the strongest line is not the centre by noise or phase alone. */
const CENTRE_TOLERANCE = 0.05;

/** Step that belongs on column ⌊columns/2⌋: the header's centre, else the middle; the strongest line where a person says so. */
export function centreLine(lines: readonly Acquisition[], { step1 }: Encoding, columns: number, doctor: Doctor): number {
  const stated = step1?.centre ?? null;
  const centre = stated ?? Math.floor(columns / 2);
  const peak = strongestStep(lines);
  if (peak === null || Math.abs(peak - centre) <= Math.max(2, CENTRE_TOLERANCE * columns)) return centre;
  const moved = doctor.offer(
    {
      id: 'centre-line', severity: 'warning', field: 'encodingLimits/kspace_encoding_step_1/center',
      stated: stated === null ? `The centre line is not stated; the middle is ${centre}.` : `The centre line is ${stated}.`,
      found: `Line ${peak} holds most energy.`, remedy: 'The header is believed; a wrong centre turns the phase of the image and halves the resolution of partial Fourier.',
    },
    `Take line ${peak} as the centre`,
  );
  return moved ? peak : centre;
}

/** Null where no line stands out, as in a phantom of noise. */
function strongestStep(lines: readonly Acquisition[]): number | null {
  const sums = new Map<number, { energy: number; count: number }>();
  for (const { step1, energy } of lines) {
    const sum = sums.get(step1) ?? { energy: 0, count: 0 };
    sums.set(step1, { energy: sum.energy + energy, count: sum.count + 1 });
  }
  const means = [...sums].map(([step, { energy, count }]) => ({ step, mean: energy / count })).sort((a, b) => b.mean - a.mean);
  const median = means[Math.floor(means.length / 2)]?.mean ?? 0;
  const [first] = means;
  return first !== undefined && means.length >= 8 && first.mean > 4 * median ? first.step : null;
}

/** More samples than the header's matrix are oversampling (a larger field of view), unless a person says they are resolution. */
export function readoutIsResolution({ encoded }: Encoding, longest: number, doctor: Doctor): boolean {
  const stated = encoded?.matrix[0];
  if (stated === undefined || longest === stated) return false;
  const finding = {
    id: 'readout-samples', severity: 'warning', field: 'encodedSpace/matrixSize/x',
    stated: `A readout has ${stated} samples.`, found: `The longest has ${longest}.`,
  } as const;
  if (longest < stated) {
    // An asymmetric echo or discarded samples: they are placed by the centre sample, and the rest is zero.
    doctor.note({ ...finding, id: 'partial-echo', severity: 'info', remedy: 'The samples lie about the centre sample; what is missing is zero.' });
    return false;
  }
  return doctor.offer({ ...finding, remedy: 'They are taken as readout oversampling: the image is the central part.' }, 'Take all samples as resolution');
}

/** Contradictions of the header as a whole. `all`: every acquisition of the file. */
export function checkHeader(header: IsmrmrdHeader, all: readonly Acquisition[], doctor: Doctor): void {
  const channels = [...new Set(all.filter((a) => roleOf(a) === 'imaging').map((a) => a.channels))];
  if (header.receiverChannels !== null && channels.length > 0 && !channels.includes(header.receiverChannels)) {
    doctor.note({
      id: 'receiver-channels', severity: 'warning', field: 'acquisitionSystemInformation/receiverChannels',
      stated: `There are ${counted(header.receiverChannels, 'receiver channel')}.`, found: `The acquisitions have ${channels.join(' and ')}.`, remedy: 'The acquisitions are believed.',
    });
  }
  const centreless = all.filter((a) => a.centreSample >= a.samples && a.samples > 0).length;
  if (centreless > 0) {
    doctor.note({
      id: 'centre-sample', severity: 'warning', field: 'center_sample',
      stated: `${counted(centreless, 'readout')} have a centre sample.`, found: 'It lies beyond their last sample.', remedy: 'Their middle is taken as the centre.',
    });
  }
}

function range(values: readonly number[]): [number, number] {
  return values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Number.POSITIVE_INFINITY, 0] as [number, number]);
}
