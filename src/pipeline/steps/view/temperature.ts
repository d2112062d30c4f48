import { z } from 'zod';
import { throwIfCancelled } from '../../../algorithms/status.ts';
import { type NdArray, zeros } from '../../../array/nd-array.ts';
import { LacunaError } from '../../../errors.ts';
import { outerNoise } from '../../../mri/replica-noise.ts';
import type { TemperatureMap } from '../../../mri/thermometry/temperature-map.ts';
import { frameTemperature, STATIC } from '../../thermometry/frame-temperature.ts';
import { accuracyOf, trueRise } from '../../thermometry/accuracy.ts';
import { temperatureParams, type TemperatureParams } from '../../thermometry/params.ts';
import { framesOf } from '../../../array/frames.ts';
import { defineView, type ViewImage, type ViewInput } from '../../step.ts';

/** Maps of all frames together may not be larger than this. */
const MOST_PIXELS = 2 ** 25;
/** Of the scale, °C: hyperthermia stays within it. */
const SPAN = 8;

export default defineView({
  name: 'temperature',
  title: 'Temperature',
  help: 'MR thermometry: the temperature of the frame on screen from how far the proton resonance has shifted since the baseline frame, over the magnitude.',
  reference: 'Rieke and Butts Pauly, MR thermometry, J Magn Reson Imaging 2008;27:376',
  of: 'estimate',
  params: z.object({
    show: z.enum(['temperature', 'rise']).default('temperature').describe('Temperature, or the rise above the baseline with cooling in another colour.').meta({ title: 'Show' }),
    ...temperatureParams,
    overlayFrom: z.number().min(0).max(40).default(1).describe('Pixels that have changed by less show the magnitude in grey; 0 colours all of the object.').meta({ title: 'Colour from', unit: '°C', step: 0.1 }),
    frames: z.enum(['shown', 'all']).default('shown').describe('The frame on screen, or all frames of its place one after the other.').meta({ title: 'Frames', advanced: true }),
  }),
  refuses: ({ series }) => (framesOf(series) === null ? STATIC : null),
  async *run(input, params, { cache, signal }) {
    const shown = input.frames.indexOf(input.slice);
    const indices = params.frames === 'all' ? [...input.frames.keys()] : [shown];
    const { rows, columns } = input.series.output;
    if (indices.length * rows * columns > MOST_PIXELS) {
      throw new LacunaError('usage.too-large', `${indices.length} maps of ${rows}×${columns} are more than a view may hold; show one frame at a time.`, { field: 'frames' });
    }
    const maps: TemperatureMap[] = [];
    yield { iteration: 0, iterations: indices.length };
    for (const frame of indices) {
      throwIfCancelled(signal);
      maps.push(await frameTemperature(input, frame, params, cache));
      yield { iteration: maps.length, iterations: indices.length };
    }
    const present = maps[indices.indexOf(shown)] as TemperatureMap;
    const home = params.show === 'rise' ? 0 : params.baselineTemperature;
    return {
      images: stacked(maps.map(({ rise }) => rise), (value) => value + home),
      labels: indices.map((frame) => `Frame ${frame + 1}${frame === params.baselineFrame ? ', baseline' : ''}`),
      space: 'image',
      colormap: params.show === 'rise' ? 'diverging' : 'inferno',
      unit: '°C',
      range: params.show === 'rise' ? [-SPAN, SPAN] : [home, home + SPAN],
      underlay: { images: stacked(maps.map(({ magnitude }) => magnitude), (value) => value), below: home + params.overlayFrom },
      ...(await described(input, present, shown, params, home)),
    };
  },
});

async function described(input: ViewInput, { rise, mask, unitNoise, noiseGain, driftRange, setAside }: TemperatureMap, frame: number, params: TemperatureParams, home: number): Promise<Pick<ViewImage, 'numbers' | 'notes'>> {
  const known = rise.data.filter((value) => Number.isFinite(value)).sort();
  const sigma = frame === params.baselineFrame ? undefined : await predictedNoise(input, unitNoise, noiseGain);
  const truth = await trueRise(input, frame, params.baselineFrame);
  const error = truth === null || frame === params.baselineFrame ? null : accuracyOf(rise, truth);
  return {
    numbers: [
      { label: 'Maximum', value: (known.at(-1) ?? NaN) + home, unit: '°C' },
      ...(sigma === undefined ? [] : [{ label: 'σ predicted', value: sigma, unit: '°C' }]),
      ...(error === null ? [] : [{ label: 'RMSE where heated', value: error.heated, unit: '°C' }, { label: 'in the object', value: error.object, unit: '°C' }]),
    ],
    notes: [
      `Frame ${frame + 1} against frame ${params.baselineFrame + 1}${params.baselineSampling === 'full' ? ', which has all its samples' : ''}; ${known.length} of ${mask.length} pixels have enough signal.`,
      `Drift removed: ${driftRange[0].toFixed(2)} to ${driftRange[1].toFixed(2)} °C; the fit set ${(100 * setAside).toFixed(0)} % of the pixels aside.`,
      params.smooth > 0 ? `Smoothed over ${params.smooth} pixels, which lowers noise to ${(100 * noiseGain).toFixed(0)} %.` : 'Not smoothed.',
      ...(sigma === undefined ? [] : ['σ predicted is the median over the object, from the outskirts of k-space: √2/(SNR·2π·γ̄·|α|·B0·TE), times √R for missing samples and the smoothing; what a method adds by folding or takes by regularising is not in it.']),
      ...(truth === null ? [] : [`The heating is simulated, so the error is known: where heated means at least a tenth of the peak.`]),
      ...(input.method.model !== undefined ? ['A learned network, and none here was trained on phase that changes between frames; compare with SENSE or with baseline and phase.'] : []),
      'Fat does not shift with temperature; what moves looks heated or cooled.',
    ],
  };
}

/** Median of σ_T over the object for the noise of this frame and of the baseline; undefined where the noise cannot be told. */
async function predictedNoise(input: ViewInput, unitNoise: NdArray<'float32'>, noiseGain: number): Promise<number | undefined> {
  const values = unitNoise.data.filter((value) => Number.isFinite(value)).sort();
  const median = values[values.length >> 1];
  if (median === undefined) return undefined;
  try {
    const sigma = outerNoise(await input.kspace());
    const mean = Math.sqrt(sigma.reduce((sum, s) => sum + s * s, 0) / sigma.length);
    // Half of the variance is the baseline's, which has all samples unless it was asked for otherwise.
    return median * mean * noiseGain * Math.sqrt((1 + input.pattern.achieved) / 2);
  } catch (error) {
    if (error instanceof LacunaError && error.code === 'usage.unsupported') return undefined;
    throw error;
  }
}

function stacked(maps: readonly NdArray<'float32'>[], change: (value: number) => number): NdArray<'float32'> {
  const [rows, columns] = (maps[0] as NdArray<'float32'>).shape as [number, number];
  const out = zeros('float32', [maps.length, rows, columns]);
  for (const [n, { data }] of maps.entries()) out.data.set(data.map(change), n * data.length);
  return out;
}
