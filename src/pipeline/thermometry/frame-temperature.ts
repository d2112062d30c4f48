/** The temperature map of a frame, from whatever method reconstructs the frames: what the views of temperature and dose are made of. */
import { centreCrop, type NdArray, zeros } from '../../array/nd-array.ts';
import { LacunaError } from '../../errors.ts';
import { calibratedMaps, DEFAULT_MAPS } from '../../mri/cached-maps.ts';
import { type EchoPair, type TemperatureMap, temperatureMap } from '../../mri/thermometry/temperature-map.ts';
import type { MriEstimate, MriMeasurement } from '../../mri/measurement.ts';
import { ifft2c } from '../../transform/fft.ts';
import { echoesOf } from '../echoes.ts';
import type { FrameSampling, ViewInput } from '../step.ts';
import { type TemperatureParams, temperatureSettings } from './params.ts';

export const STATIC = 'Temperature is a change between frames: this needs a dynamic series, and this one has a single frame.';

/**
 * ΔT of frame `frame` (from 0, of the place on screen) against the baseline frame. Coil maps are those of the baseline frame for all
 * frames, since maps hold the smooth part of the object's phase. Throws usage.unsupported for a series without frames, without B0
 * or TE, and for methods whose images have no phase.
 */
export async function frameTemperature(input: ViewInput, frame: number, params: TemperatureParams, cache: Map<string, unknown>): Promise<TemperatureMap> {
  if (input.frames.length < 2) throw new LacunaError('usage.unsupported', STATIC, { field: 'view' });
  const [now, before] = [input.frames[frame], input.frames[params.baselineFrame]];
  if (before === undefined || now === undefined) {
    throw new LacunaError('usage.invalid', `The baseline frame is ${params.baselineFrame}; this series has frames 0 to ${input.frames.length - 1}.`, { field: 'baselineFrame' });
  }
  const { fieldStrength, echoTimes, phaseSign, drift } = temperatureSettings(input.series, params);
  const all = echoesOf(input.series, now);
  const chosen = params.echoes === 'this' ? [all.indexOf(now)] : [...all.keys()];
  const pairs: EchoPair[] = [];
  for (const echo of chosen) {
    const baseline: FrameSampling = { slice: echoesOf(input.series, before)[echo] as number, sampling: params.baselineSampling };
    const moment: FrameSampling = now === before ? baseline : { slice: all[echo] as number, sampling: 'pattern' };
    pairs.push({
      frame: await complexImage(input, moment, baseline, cache),
      baseline: await complexImage(input, baseline, baseline, cache),
      echoTime: (echoTimes.length === 1 ? echoTimes[0] : echoTimes[echo]) as number,
    });
  }
  const combined = params.echoes === 'difference' ? 'difference' : 'weighted';
  return temperatureMap(pairs, { fieldStrength, phaseSign, echoes: combined, threshold: params.threshold / 100, drift, smooth: params.smooth });
}

async function complexImage(input: ViewInput, frame: FrameSampling, mapsOf: FrameSampling, cache: Map<string, unknown>): Promise<NdArray<'complex64'>> {
  const { image } = await input.estimateAt(frame, mapsOf);
  if (image.dtype === 'complex64') return image;
  if (input.method.name !== 'zero-filled') {
    throw new LacunaError('usage.unsupported', `${input.method.title} gives magnitudes, and temperature is in the phase; choose a method that keeps it, such as SENSE.`, { field: 'method' });
  }
  return zeroFilledPhase(await input.measurementAt(frame), await input.measurementAt(mapsOf), cache);
}

/** Zero-filled coil images combined with maps, Σ S̄_c x_c, since a root-sum-of-squares has no phase. */
async function zeroFilledPhase(measurement: MriMeasurement, calibration: MriMeasurement, cache: Map<string, unknown>): Promise<Extract<MriEstimate['image'], { dtype: 'complex64' }>> {
  const { maps } = await calibratedMaps(calibration, DEFAULT_MAPS, cache);
  const coils = ifft2c(measurement.kspace);
  const out = zeros('complex64', coils.shape.slice(1));
  const [s, x] = [maps.data, coils.data];
  for (let at = 0; at < x.length; at += out.data.length) {
    for (let i = 0; i < out.data.length; i += 2) {
      const [sr, si, xr, xi] = [s[at + i] as number, s[at + i + 1] as number, x[at + i] as number, x[at + i + 1] as number];
      out.data[i] = (out.data[i] as number) + sr * xr + si * xi;
      out.data[i + 1] = (out.data[i + 1] as number) + sr * xi - si * xr;
    }
  }
  return centreCrop(out, measurement.output.rows, measurement.output.columns);
}
