/**
 * A map of ΔT from complex images of one moment and of the baseline: phase difference per echo, echoes combined by their
 * precision, drift of the field subtracted, and a map as smooth as asked for.
 */
import { type NdArray, zeros } from '../../array/nd-array.ts';
import { LacunaError } from '../../errors.ts';
import { imageScale } from '../image-scale.ts';
import { type DriftOrder, fitDrift } from './drift.ts';
import { type PhaseSign, radiansPerDegree } from './prf.ts';
import { smoothField, smoothingNoiseGain } from './smooth-field.ts';

export interface EchoPair {
  /** [row, column] */
  readonly frame: NdArray<'complex64'>;
  readonly baseline: NdArray<'complex64'>;
  /** Seconds. */
  readonly echoTime: number;
}

export interface MapOptions {
  readonly fieldStrength: number;
  readonly phaseSign: PhaseSign;
  /** 'weighted': all echoes by their precision; 'difference': the phase that grew from the first to the last echo, which cancels what does not grow with TE. */
  readonly echoes: 'weighted' | 'difference';
  /** Pixels below this share of the brightest, in either image, are left out, and those that stand alone. */
  readonly threshold: number;
  readonly drift: DriftOrder;
  /** Width of the smoothing in pixels; 0 = none. See smooth-field.ts. */
  readonly smooth: number;
}

export interface TemperatureMap {
  /** °C above the baseline, [row, column]; NaN outside the mask. */
  readonly rise: NdArray<'float32'>;
  readonly mask: Uint8Array;
  /** Magnitude of the frame (mean over the echoes), [row, column]. */
  readonly magnitude: NdArray<'float32'>;
  /** Standard deviation of ΔT for noise of standard deviation 1 in the real part of both images, before smoothing; NaN outside the mask. */
  readonly unitNoise: NdArray<'float32'>;
  /** By which smoothing lowers that noise, inside the object. */
  readonly noiseGain: number;
  /** Largest correction within the mask, °C. */
  readonly driftRange: readonly [number, number];
  /** Share of the masked pixels that the drift fit left out as heated. */
  readonly setAside: number;
}

/** Throws usage.invalid for no echo, a field or an echo time that is not positive, and a difference of fewer than two echoes. */
export async function temperatureMap(pairs: readonly EchoPair[], options: MapOptions): Promise<TemperatureMap> {
  const first = pairs[0];
  if (first === undefined) throw new LacunaError('usage.invalid', 'A temperature map needs at least one echo.', { field: 'echoes' });
  if (!(options.fieldStrength > 0)) throw new LacunaError('usage.invalid', 'The field strength must be above 0 T.', { field: 'fieldStrength' });
  if (pairs.some(({ echoTime }) => !(echoTime > 0))) throw new LacunaError('usage.invalid', 'Echo times must be above 0 ms.', { field: 'echoTime' });
  const [rows, columns] = first.frame.shape as [number, number];
  const { map, precision } = options.echoes === 'difference' ? echoDifference(pairs, options) : weightedEchoes(pairs, options);
  const mask = signalMask(pairs, options.threshold);
  for (let i = 0; i < mask.length; i++) if (mask[i] === 0 || !(precision[i] as number > 0)) precision[i] = mask[i] = 0;
  const drift = fitDrift({ map, weights: precision, rows, columns, order: options.drift });
  for (let i = 0; i < map.length; i++) map[i] = (map[i] as number) - (drift.field[i] as number);
  const smooth = options.smooth > 0 ? await smoothField({ map, weights: precision, rows, columns, width: options.smooth }) : map;
  const rise = zeros('float32', [rows, columns]);
  const unitNoise = zeros('float32', [rows, columns]);
  let [least, most] = [0, 0];
  for (let i = 0; i < map.length; i++) {
    const inside = mask[i] !== 0;
    rise.data[i] = inside ? (smooth[i] as number) : NaN;
    unitNoise.data[i] = inside ? 1 / Math.sqrt(precision[i] as number) : NaN;
    if (inside) [least, most] = [Math.min(least, drift.field[i] as number), Math.max(most, drift.field[i] as number)];
  }
  const noiseGain = options.smooth > 0 ? smoothingNoiseGain(rows, columns, options.smooth) : 1;
  return { rise, mask, magnitude: meanMagnitude(pairs), unitNoise, noiseGain, driftRange: [least, most], setAside: drift.setAside };
}

/** arg(I_n · conj(I_0)) in (−π, π], [row, column]: one wrap, no separate unwrapping. */
export function phaseDifference(frame: NdArray<'complex64'>, baseline: NdArray<'complex64'>): Float32Array {
  return Float32Array.from({ length: frame.data.length / 2 }, (_, i) => angleBetween(frame.data, baseline.data, i));
}

function angleBetween(a: Float32Array, b: Float32Array, i: number): number {
  const [ar, ai, br, bi] = [a[2 * i] as number, a[2 * i + 1] as number, b[2 * i] as number, b[2 * i + 1] as number];
  return Math.atan2(ai * br - ar * bi, ar * br + ai * bi);
}

interface Combined {
  /** ΔT, °C. */
  readonly map: Float64Array;
  /** 1 / variance of ΔT for unit noise of the images. */
  readonly precision: Float64Array;
}

/**
 * The estimate of least variance of ΔT from Δφ_e = k_e·ΔT with var(Δφ_e) = 1/|I_n|² + 1/|I_0|²: weights k_e²/var, which for equal
 * magnitudes are TE²·|I|². Longer echoes wrap sooner, so each is first put on the turn nearest to the one before it.
 */
function weightedEchoes(pairs: readonly EchoPair[], options: MapOptions): Combined {
  const sorted = [...pairs].sort((a, b) => a.echoTime - b.echoTime);
  const size = (sorted[0] as EchoPair).frame.data.length / 2;
  const map = new Float64Array(size);
  const precision = new Float64Array(size);
  for (const { frame, baseline, echoTime } of sorted) {
    const k = radiansPerDegree({ ...options, echoTime });
    const period = (2 * Math.PI) / Math.abs(k);
    for (let i = 0; i < size; i++) {
      const before = precision[i] as number;
      let degrees = angleBetween(frame.data, baseline.data, i) / k;
      if (before > 0) degrees += period * Math.round(((map[i] as number) - degrees) / period);
      const weight = (k * k) / phaseVariance(frame.data, baseline.data, i);
      if (!(weight > 0)) continue;
      precision[i] = before + weight;
      map[i] = (map[i] as number) + (weight / (before + weight)) * (degrees - (map[i] as number));
    }
  }
  return { map, precision };
}

/** Δφ of the last echo less that of the first: over TE₂ − TE₁ the phase of conductivity and of the coils cancels. */
function echoDifference(pairs: readonly EchoPair[], options: MapOptions): Combined {
  const sorted = [...pairs].sort((a, b) => a.echoTime - b.echoTime);
  const [first, last] = [sorted[0] as EchoPair, sorted.at(-1) as EchoPair];
  const between = last.echoTime - first.echoTime;
  if (!(between > 0)) throw new LacunaError('usage.unsupported', 'The difference of echoes needs two echo times; this series has one.', { field: 'echoes' });
  const k = radiansPerDegree({ ...options, echoTime: between });
  const size = first.frame.data.length / 2;
  const map = new Float64Array(size);
  const precision = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const difference = angleBetween(last.frame.data, last.baseline.data, i) - angleBetween(first.frame.data, first.baseline.data, i);
    map[i] = (difference - 2 * Math.PI * Math.round(difference / (2 * Math.PI))) / k;
    const variance = phaseVariance(first.frame.data, first.baseline.data, i) + phaseVariance(last.frame.data, last.baseline.data, i);
    precision[i] = Number.isFinite(variance) ? (k * k) / variance : 0;
  }
  return { map, precision };
}

/** Of Δφ for noise of standard deviation 1 in the real part: infinite where either image is silent. */
function phaseVariance(a: Float32Array, b: Float32Array, i: number): number {
  const power = (z: Float32Array): number => (z[2 * i] as number) ** 2 + (z[2 * i + 1] as number) ** 2;
  return 1 / power(a) + 1 / power(b);
}

function signalMask(pairs: readonly EchoPair[], threshold: number): Uint8Array {
  const mask = new Uint8Array((pairs[0] as EchoPair).frame.data.length / 2).fill(1);
  for (const image of pairs.flatMap(({ frame, baseline }) => [frame, baseline])) {
    const limit = threshold * imageScale(image);
    for (let i = 0; i < mask.length; i++) {
      const size = Math.hypot(image.data[2 * i] as number, image.data[2 * i + 1] as number);
      if (!(size > 0 && size >= limit)) mask[i] = 0;
    }
  }
  return withoutSpeckles(mask, ...((pairs[0] as EchoPair).frame.shape as [number, number]));
}

/** Noise alone passes a threshold here and there: a pixel counts where most of the nine around it do. */
function withoutSpeckles(mask: Uint8Array, rows: number, columns: number): Uint8Array {
  return mask.map((flag, i) => {
    if (flag === 0) return 0;
    const [row, column] = [Math.floor(i / columns), i % columns];
    let [inside, all] = [0, 0];
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
        all++;
        inside += mask[r * columns + c] as number;
      }
    }
    return 2 * inside > all ? 1 : 0;
  });
}

function meanMagnitude(pairs: readonly EchoPair[]): NdArray<'float32'> {
  const { shape } = (pairs[0] as EchoPair).frame;
  const out = zeros('float32', shape);
  for (const { frame } of pairs) {
    for (let i = 0; i < out.data.length; i++) {
      out.data[i] = (out.data[i] as number) + Math.hypot(frame.data[2 * i] as number, frame.data[2 * i + 1] as number) / pairs.length;
    }
  }
  return out;
}
