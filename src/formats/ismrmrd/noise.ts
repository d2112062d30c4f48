/** Receive noise without signal: the acquisitions that a scanner makes before the first pulse. */
import { type NdArray, zeros } from '../../array/nd-array.ts';
import type { Acquisition } from './acquisitions.ts';
import { counted, type Doctor } from './doctor.ts';
import { type TableOf, visitRecords } from './fill.ts';
import { roleOf } from './flags.ts';
import type { IsmrmrdHeader } from './header.ts';

/** More does not make the covariance better. */
const MAX_VALUES = 2 ** 25;

export interface NoiseScan {
  readonly acquisitions: readonly Acquisition[];
  readonly coils: number;
  /** Makes the samples as strong as the noise in the readouts of the image. */
  readonly scale: number;
}

/** Null where there is none of as many channels as the image has. */
export function noiseScanOf(all: readonly Acquisition[], imaging: Acquisition, header: IsmrmrdHeader, doctor: Doctor): NoiseScan | null {
  const noise = all.filter((a) => roleOf(a) === 'noise');
  if (noise.length === 0) return null;
  const coils = imaging.channels;
  const fitting = noise.filter((a) => a.channels === coils);
  if (fitting.length === 0) {
    doctor.note({
      id: 'noise-channels', severity: 'warning', field: 'active_channels',
      stated: `The image was measured with ${counted(coils, 'channel')}.`, found: `The noise was measured with ${noise[0]?.channels}.`, remedy: 'The noise cannot serve pre-whitening.',
    });
    return null;
  }
  const scale = scaleOf(fitting[0] as Acquisition, imaging, header, doctor);
  const most = Math.floor(MAX_VALUES / coils);
  const kept: Acquisition[] = [];
  let samples = 0;
  for (const acquisition of fitting) {
    if (kept.length > 0 && samples + acquisition.samples > most) break;
    kept.push(acquisition);
    samples += acquisition.samples;
  }
  return { acquisitions: kept, coils, scale };
}

/**
 * Thermal noise has the variance of its bandwidth: 1/dwell time in the image, and that times the receiver's relative
 * noise bandwidth in the noise scan (noise equivalent bandwidth: Kellman and McVeigh, Magn. Reson. Med. 54:1439, 2005).
 */
function scaleOf(noise: Acquisition, imaging: Acquisition, { noiseBandwidth }: IsmrmrdHeader, doctor: Doctor): number {
  const known = noise.dwell > 0 && imaging.dwell > 0 && Number.isFinite(noise.dwell / imaging.dwell);
  if (known && noiseBandwidth !== null && noiseBandwidth > 0) return Math.sqrt(noise.dwell / imaging.dwell / noiseBandwidth);
  doctor.note({
    id: 'noise-bandwidth', severity: 'info', field: known ? 'acquisitionSystemInformation/relativeReceiverNoiseBandwidth' : 'sample_time_us',
    stated: known ? 'The noise bandwidth of the receiver is not stated.' : 'The time between samples is not stated.',
    found: known ? `The noise was sampled every ${noise.dwell} µs, the image every ${imaging.dwell} µs.` : 'The noise may have been sampled with another bandwidth than the image.',
    remedy: known ? 'It is taken as 1; images in units of noise may be off by a constant factor.' : 'The bandwidths are taken as equal; images in units of noise may be off by a constant factor.',
  });
  return known ? Math.sqrt(noise.dwell / imaging.dwell) : 1;
}

/** [coil, sample]. */
export async function readNoise(table: TableOf, { acquisitions, coils, scale }: NoiseScan): Promise<NdArray<'complex64'>> {
  const total = acquisitions.reduce((sum, a) => sum + a.samples, 0);
  const out = zeros('complex64', [coils, total]);
  let at = 0;
  await visitRecords(table, acquisitions.map((acquisition) => ({ acquisition })), ({ acquisition }, samples) => {
    const length = 2 * acquisition.samples;
    for (let coil = 0; coil < coils; coil++) {
      for (let i = 0; i < length; i++) out.data[2 * (coil * total + at) + i] = scale * (samples[coil * length + i] as number);
    }
    at += acquisition.samples;
  });
  return out;
}
