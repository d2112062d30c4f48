/**
 * Heating simulated on measured phase: a recording that does not move becomes a dynamic series whose frames are the measurement
 * itself, turned by the phase of a known temperature and of a drift of the field. Coils, phase and artefacts are those of the scanner.
 */
import type { HeatingOptions } from '../../array/read-options.ts';
import { type NdArray, zeros } from '../../array/nd-array.ts';
import type { Recording, Series } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { Random } from '../../random/xoshiro.ts';
import { fft2c, ifft2c } from '../../transform/fft.ts';
import { outerNoise } from '../replica-noise.ts';
import { statedAcquisition } from './acquisition.ts';
import { complexPairs } from './complex-pairs.ts';
import { type HeatedScan, heatedTurn } from './heated-frames.ts';
import { heatingMap } from './heating.ts';

/** Stream of the noise among all that a seed gives. */
const NOISE = 0x68656174;

/**
 * The recording with heated series in the place of its own: of fully sampled Cartesian k-space, of complex images, and of magnitudes
 * with phase images beside them. Throws usage.unsupported where there is no such series, or one does not state B0 or TE.
 */
export function heatedRecording(recording: Recording, heating: HeatingOptions): Recording {
  const sources = [...recording.series.filter(hasPhase), ...complexPairs(recording.series)];
  if (sources.length === 0) {
    throw new LacunaError('usage.unsupported', `${recording.name} holds no phase that could be heated: that takes fully sampled Cartesian k-space of one moment, complex images, or magnitude and phase images of the same places.`, { file: recording.name, field: 'heating' });
  }
  return {
    ...recording,
    series: sources.map((series) => heatedSeries(series, heating, recording.name)),
    warnings: [...recording.warnings, `The heating is simulated: measured phase turned by a Gaussian spot of ${heating.peak} °C that nobody felt.`],
  };
}

function hasPhase({ domain, dtype, axes, trajectory, acquired, acquiredPoints }: Series): boolean {
  if (axes.some(({ name, length }) => (name === 'frame' || name === 'volume' || name === 'partition') && length > 1)) return false;
  if (domain === 'image') return dtype === 'complex64';
  const all = (mask: Uint8Array | null | undefined): boolean => mask == null || mask.every((flag) => flag !== 0);
  return trajectory === undefined && all(acquired) && all(acquiredPoints);
}

/** `frame` becomes the first axis; slice index n·slices + s is frame n of slice s. */
function heatedSeries(series: Series, heating: HeatingOptions, file: string): Series {
  const { frames, interval } = heating;
  const { rows, columns } = series.output;
  const echoes = series.axes.find(({ name }) => name === 'echo')?.length ?? 1;
  const stated = statedAcquisition(series);
  const times = heating.echoTimes?.map((time) => time / 1e3) ?? stated.echoTimes;
  const fieldStrength = heating.fieldStrength ?? stated.fieldStrength;
  if (fieldStrength === undefined || times.length !== echoes) {
    const lacking = fieldStrength === undefined ? 'its field strength' : `the echo times of its ${echoes} echoes`;
    throw new LacunaError('usage.unsupported', `“${series.title}” does not state ${lacking}; say so with the heating.`, { file, field: fieldStrength === undefined ? 'fieldStrength' : 'echoTimes' });
  }
  const scan: HeatedScan = { ...heating, fieldStrength };
  const echoOf = (slice: number): number => indexAlong(series, 'echo', slice);
  const frameOf = (slice: number): number => Math.floor(slice / series.slices);
  const { readReference: _ofOneMoment, ...rest } = series;
  return {
    ...rest,
    title: `${series.title} (simulated heating)`,
    axes: [{ name: 'frame', length: frames }, ...series.axes],
    slices: frames * series.slices,
    attributes: [
      ...series.attributes.filter(({ label }) => !/^(TE|Echo times?|Field strength)$/i.test(label)),
      { label: 'Field strength', value: `${fieldStrength} T` },
      { label: times.length > 1 ? 'Echo times' : 'Echo time', value: `${times.map((time) => Number((1e3 * time).toPrecision(6))).join(', ')} ms` },
      { label: 'Frame interval', value: `${interval} s` },
      { label: 'Heating', value: `Simulated on measured phase: Gaussian spot, ${heating.peak} °C at its peak, drift ${heating.drift} Hz` },
    ],
    readHeating: (slice) => Promise.resolve(heatingMap(scan, rows, columns, frameOf(slice))),
    async read(slice) {
      const place = slice % series.slices;
      const frame = frameOf(slice);
      const measured = (await series.read(place)) as NdArray<'complex64'>;
      if (frame === 0) return measured;
      const turn = heatedTurn(scan, rows, columns, frame, times[echoOf(place)] as number);
      // A single image is yet to be measured by simulated coils, which bring noise of their own.
      if (series.domain === 'image' && series.coils === 1) return turned(measured, turn);
      const kspace = series.domain === 'image' ? fft2c(measured) : measured;
      const images = series.domain === 'image' ? measured : ifft2c(measured);
      const out = fft2c(turned(images, turn));
      addNoise(out, kspace, heating.noise, new Random(heating.seed, slice, NOISE));
      return series.domain === 'image' ? ifft2c(out) : out;
    },
  };
}

/** Images [coil, row, column] or [row, column] times a turn of their centre; what lies beyond it stays. */
function turned(images: NdArray<'complex64'>, turn: NdArray<'complex64'>): NdArray<'complex64'> {
  const [rows, columns] = images.shape.slice(-2) as [number, number];
  const [inner, across] = turn.shape as [number, number];
  const [top, left] = [Math.floor((rows - inner) / 2), Math.floor((columns - across) / 2)];
  const out = zeros('complex64', images.shape);
  out.data.set(images.data);
  const size = rows * columns;
  for (let at = 0; at < images.data.length / 2; at += size) {
    for (let i = 0; i < inner * across; i++) {
      const to = 2 * (at + (top + Math.floor(i / across)) * columns + left + (i % across));
      const [re, im] = [images.data[to] as number, images.data[to + 1] as number];
      const [c, s] = [turn.data[2 * i] as number, turn.data[2 * i + 1] as number];
      out.data[to] = re * c - im * s;
      out.data[to + 1] = re * s + im * c;
    }
  }
  return out;
}

/**
 * The measurement's own noise is the same in every frame, so it cancels in a phase difference. Added noise of √2 times its standard
 * deviation makes the difference to the baseline as noisy as that of two measurements.
 */
function addNoise(kspace: NdArray<'complex64'>, measured: NdArray<'complex64'>, factor: number, random: Random): void {
  if (factor === 0) return;
  const sigma = outerNoise(measured);
  const size = kspace.data.length / sigma.length;
  for (let i = 0; i < kspace.data.length; i++) {
    kspace.data[i] = (kspace.data[i] as number) + factor * Math.SQRT2 * (sigma[Math.floor(i / size)] as number) * random.normal();
  }
}

function indexAlong({ axes, slices }: Pick<Series, 'axes' | 'slices'>, axis: string, slice: number): number {
  const at = axes.findIndex(({ name }) => name === axis);
  if (at < 0) return 0;
  const stride = slices / axes.slice(0, at + 1).reduce((product, { length }) => product * length, 1);
  return Math.floor(slice / stride) % (axes[at]?.length ?? 1);
}
