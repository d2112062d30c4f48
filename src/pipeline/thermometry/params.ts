/** Parameters that all views of temperature share, and what follows from them and from what the series states. */
import { z } from 'zod';
import type { Series } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { statedAcquisition } from '../../mri/thermometry/acquisition.ts';
import type { DriftOrder } from '../../mri/thermometry/drift.ts';
import type { PhaseSign } from '../../mri/thermometry/prf.ts';

export const temperatureParams = {
  baselineFrame: z.int().min(0).max(4095).default(0).describe('Frame before heating, from 0, that the others are compared with.').meta({ title: 'Baseline frame', step: 1 }),
  smooth: z
    .number()
    .min(0)
    .max(6)
    .default(1.5)
    .describe('Width in pixels of the smoothing of the map, weighted by the signal; 0 shows every pixel by itself. Hot spots narrower than about four times as much are flattened.')
    .meta({ title: 'Smoothing', unit: 'px', step: 0.1 }),
  drift: z
    .enum(['none', 'constant', 'plane', 'quadratic'])
    .default('plane')
    .describe('Polynomial of the field drift, fitted to what is not heated, which the fit finds itself, and subtracted.')
    .meta({ title: 'Drift correction' }),
  echoes: z
    .enum(['this', 'weighted', 'difference'])
    .default('weighted')
    .describe('Of several echoes: the one on screen, all weighted by TE²·|I|², or the last less the first, which cancels what does not grow with TE.')
    .meta({ title: 'Echoes' }),
  baselineTemperature: z.number().min(0).max(60).default(37).describe('Temperature of the baseline frame, to which the rise is added.').meta({ title: 'Baseline', unit: '°C', step: 0.5 }),
  threshold: z.number().min(0.5).max(50).default(10).describe('Pixels darker than this share of the brightest ones have no temperature.').meta({ title: 'Signal mask', unit: '%', step: 0.5 }),
  baselineSampling: z
    .enum(['full', 'pattern'])
    .default('full')
    .describe('There is time before heating: the baseline frame with all its samples, or through the pattern as the others.')
    .meta({ title: 'Baseline sampling', advanced: true }),
  phaseSign: z.enum(['+', '−']).default('+').describe('Turned round where heating shows as cooling: scanners differ in the sense of phase.').meta({ title: 'Phase sign', advanced: true }),
  fieldStrength: z.number().min(0).max(20).default(0).describe('Main field; 0 takes what the file states.').meta({ title: 'B0', unit: 'T', step: 0.1, advanced: true }),
  echoTime: z.string().max(128).default('').describe('Echo times in ms, one an echo, with commas between; empty takes what the file states.').meta({ title: 'TE', advanced: true }),
};

const schema = z.object(temperatureParams);
export type TemperatureParams = z.infer<typeof schema>;

export interface TemperatureSettings {
  /** Tesla. */
  readonly fieldStrength: number;
  /** Seconds, one an echo of the series. */
  readonly echoTimes: readonly number[];
  readonly phaseSign: PhaseSign;
  readonly drift: DriftOrder;
}

const DRIFT: Readonly<Record<TemperatureParams['drift'], DriftOrder>> = { none: -1, constant: 0, plane: 1, quadratic: 2 };

/** Throws usage.unsupported that names what neither the file nor the parameters say, and usage.invalid for echo times that cannot be read. */
export function temperatureSettings(series: Pick<Series, 'attributes' | 'axes' | 'title'>, params: TemperatureParams): TemperatureSettings {
  const stated = statedAcquisition(series);
  const fieldStrength = params.fieldStrength > 0 ? params.fieldStrength : stated.fieldStrength;
  if (fieldStrength === undefined) {
    throw new LacunaError('usage.unsupported', `“${series.title}” does not state its field strength; give it as B0.`, { field: 'fieldStrength' });
  }
  const echoes = series.axes.find(({ name }) => name === 'echo')?.length ?? 1;
  const echoTimes = params.echoTime.trim() === '' ? stated.echoTimes : givenTimes(params.echoTime);
  if (echoTimes.length !== echoes && !(params.echoes === 'this' && echoTimes.length === 1)) {
    const known = echoTimes.length === 0 ? 'no echo time is stated' : `${echoTimes.length} echo ${echoTimes.length === 1 ? 'time is' : 'times are'} stated`;
    throw new LacunaError('usage.unsupported', `“${series.title}” has ${echoes} ${echoes === 1 ? 'echo' : 'echoes'}, and ${known}; give TE in ms, one an echo.`, { field: 'echoTime' });
  }
  return { fieldStrength, echoTimes, phaseSign: params.phaseSign === '+' ? 1 : -1, drift: DRIFT[params.drift] };
}

function givenTimes(text: string): number[] {
  const times = text.split(',').map((part) => Number(part));
  if (times.some((time) => !(time > 0 && time < 1000))) {
    throw new LacunaError('usage.invalid', `TE expects milliseconds with commas between, such as 8, 17.4; got “${text}”.`, { field: 'echoTime' });
  }
  return times.map((time) => time / 1e3);
}
