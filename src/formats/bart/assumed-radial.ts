/** Radial data without a trajectory: told from Cartesian k-space by their values, and given the angles that fit them best. */
import { type NdArray, zeros } from '../../array/nd-array.ts';
import type { Finding } from '../../array/read-options.ts';
import type { Trajectory } from '../../array/trajectory.ts';
import { delayAt, estimateDelays, type GradientDelays } from './gradient-delays.ts';
import type { ReadTrajectory } from './trajectory.ts';

/** τ = (1 + √5)/2: angles π/τ (golden), and π/(τ + 6) (the seventh tiny golden angle: Wundrak et al., IEEE TMI 34(6), 2015). */
const TAU = (1 + Math.sqrt(5)) / 2;

interface Scheme {
  readonly id: string;
  readonly title: string;
  angle(spoke: number, spokes: number): number;
}
export const ANGLE_SCHEMES: readonly Scheme[] = [
  { id: 'angles-full-circle', title: 'Angles 2πj/N: a full circle', angle: (j, n) => (2 * Math.PI * j) / n },
  { id: 'angles-half-circle', title: 'Angles πj/N: half a circle', angle: (j, n) => (Math.PI * j) / n },
  { id: 'angles-golden', title: 'Golden angles, 111.25° apart', angle: (j) => (Math.PI * j) / TAU },
  { id: 'angles-tiny-golden', title: 'Tiny golden angles, 23.63° apart', angle: (j) => (Math.PI * j) / (TAU + 6) },
];

/** The weakest spoke's peak ÷ the strongest one's: every spoke goes through the centre, while the outer lines of Cartesian k-space hold next to nothing. */
const EVEN = 0.05;
const FEWEST_SPOKES = 8;

/** `slice` [coil, sample, spoke]. */
export function looksRadial({ data, shape }: NdArray<'complex64'>): boolean {
  const [coils, samples, spokes] = shape as [number, number, number];
  if (spokes < FEWEST_SPOKES || samples < 16) return false;
  const peaks: number[] = [];
  for (let spoke = 0; spoke < spokes; spoke++) {
    let [best, at] = [0, 0];
    for (let sample = 0; sample < samples; sample++) {
      let energy = 0;
      for (let coil = 0; coil < coils; coil++) {
        const i = 2 * ((coil * samples + sample) * spokes + spoke);
        energy += (data[i] as number) ** 2 + (data[i + 1] as number) ** 2;
      }
      if (energy > best) [best, at] = [energy, sample];
    }
    if (best === 0) continue;
    if (Math.abs(at - (samples - 1) / 2) > 2 + samples / 128) return false;
    peaks.push(best);
  }
  const strongest = peaks.reduce((most, peak) => Math.max(most, peak), 0);
  return peaks.length >= FEWEST_SPOKES && peaks.every((peak) => peak > EVEN * strongest);
}

export const CENTRED_SAMPLES = 'samples-on-centre';
/** Moves the spokes by the delays that those against each other tell. */
export const GRADIENT_DELAYS = 'gradient-delays';
export const KEEP_OVERSAMPLING = 'keep-oversampling';
/** Denies that the data are radial. */
export const CARTESIAN = 'sampling-cartesian';

/**
 * The trajectory of `bart traj -r`: k = (s + ½ − S/2)(sin θ, cos θ), θ by the scheme that makes neighbouring spokes resemble
 * each other most, unless `fixes` names another.
 */
export function assumeRadial(slice: NdArray<'complex64'>, fixes: ReadonlySet<string>, field: string): ReadTrajectory {
  const [, samples, spokes] = slice.shape as [number, number, number];
  const scores = ANGLE_SCHEMES.map((scheme) => ({ scheme, score: resemblance(slice, scheme) }));
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
  const told = ANGLE_SCHEMES.find(({ id }) => fixes.has(id));
  const scheme = told ?? best.scheme;
  const centred = fixes.has(CENTRED_SAMPLES);
  const kept = fixes.has(KEEP_OVERSAMPLING);
  const oversampled = outerEnergy(slice) < EMPTY;
  const side = oversampled && !kept ? Math.ceil(samples / 2) : samples;
  const angles = Array.from({ length: spokes }, (_, spoke) => scheme.angle(spoke, spokes));
  const middle = samples / 2 - (centred ? 0 : 0.5);
  const delays = estimateDelays(slice, angles, middle);
  const compensated = delays !== null && fixes.has(GRADIENT_DELAYS);
  const trajectory: Trajectory = {
    kind: 'radial',
    points: radialPoints(samples, angles, middle, compensated ? delays : null),
    matrix: { rows: samples, columns: samples },
  };
  const score = scores.map((item) => `${item.scheme.id.replace('angles-', '')} ${item.score.toFixed(3)}`).join(', ');
  const findings: Finding[] = [
    {
      id: 'assumed-trajectory',
      severity: 'warning',
      field,
      stated: 'No trajectory lies beside the data.',
      found: `Each of the ${spokes} readouts has its peak in the middle, as spokes have. Resemblance of neighbouring spokes by their angles: ${score}.`,
      remedy: `A radial trajectory was assumed. ${scheme.title}${told === undefined ? '' : ' (as told)'}; ${centred ? 'a sample on the centre' : 'the centre midway between two samples'}.`,
    },
    ...ANGLE_SCHEMES.filter((other) => other !== best.scheme).map((other) => choice(other.id, field, other.title, other === scheme)),
    choice(CENTRED_SAMPLES, field, 'A sample on the centre of each spoke', centred),
    choice(CARTESIAN, field, 'No spokes: Cartesian lines', false),
  ];
  if (delays !== null && isNotable(delays)) {
    const stated = (['x', 'y', 'xy'] as const).map((name) => `${name} ${delays[name].toFixed(3)}`).join(', ');
    findings.push({
      id: GRADIENT_DELAYS,
      severity: 'warning',
      field,
      stated: 'Spokes go through the centre of k-space.',
      found: `Spokes that run against each other are shifted by gradient delays: ${stated} samples (the values of bart traj -q).`,
      remedy: compensated ? 'The spokes are moved by that much.' : 'Nothing was done yet: the spokes can be moved by that much.',
      fix: { title: 'Move the spokes by the delays', applied: compensated },
    });
  }
  if (oversampled) {
    findings.push({
      id: KEEP_OVERSAMPLING,
      severity: 'info',
      field,
      stated: `Spokes of ${samples} samples cover ${samples} pixels.`,
      found: 'The outer half of that field of view is empty: the readout was sampled twice as densely as needed.',
      remedy: kept ? 'The whole field of view is kept.' : `The image is cropped to ${side} pixels.`,
      fix: { title: 'Keep the whole field of view', applied: kept },
    });
  }
  return { trajectory, output: { rows: side, columns: side }, findings };
}

function choice(id: string, field: string, title: string, applied: boolean): Finding {
  return {
    id,
    severity: 'info',
    field,
    stated: 'No trajectory lies beside the data.',
    found: 'Another way of sampling is possible.',
    remedy: `${title}.`,
    fix: { title, applied },
  };
}

/** Less than a tenth of a sample changes no image. */
function isNotable({ x, y, xy }: GradientDelays): boolean {
  return Math.max(Math.abs(x), Math.abs(y), Math.abs(xy)) > 0.1;
}

function radialPoints(samples: number, angles: readonly number[], middle: number, delays: GradientDelays | null): NdArray<'float32'> {
  const points = zeros('float32', [samples, angles.length, 2]);
  for (const [spoke, angle] of angles.entries()) {
    const late = delays === null ? 0 : delayAt(delays, angle);
    for (let sample = 0; sample < samples; sample++) {
      const k = sample - middle + late;
      points.data[2 * (sample * angles.length + spoke)] = k * Math.sin(angle);
      points.data[2 * (sample * angles.length + spoke) + 1] = k * Math.cos(angle);
    }
  }
  return points;
}

/** Gradient delays shift spokes that run against each other by a sample or two; the resemblance must not suffer from that. */
const LAGS = [-2, -1, 0, 1, 2];
const MOST_COILS = 4;

/**
 * Correlation, 0–1, of spokes that are neighbours in angle by that scheme, mean of the usual and the worst pair: half and
 * full circle differ in the pair where the last spoke meets the first. A spoke read backwards lies half a turn on.
 */
function resemblance(slice: NdArray<'complex64'>, scheme: Scheme): number {
  const spokes = slice.shape[2] as number;
  const turn = 2 * Math.PI;
  const around = Array.from({ length: 2 * spokes }, (_, i) => {
    const spoke = i % spokes;
    const angle = scheme.angle(spoke, spokes) + (i < spokes ? 0 : Math.PI);
    return { spoke, backwards: i >= spokes, angle: angle - turn * Math.floor(angle / turn) };
  }).sort((a, b) => a.angle - b.angle);
  let [sum, worst] = [0, 1];
  for (const [i, a] of around.entries()) {
    const b = around[(i + 1) % around.length] as (typeof around)[number];
    const alike = Math.max(...LAGS.map((lag) => correlation(slice, a, b, lag)));
    sum += alike;
    worst = Math.min(worst, alike);
  }
  return (sum / around.length + worst) / 2;
}

interface Spoke {
  readonly spoke: number;
  readonly backwards: boolean;
}

function correlation({ data, shape }: NdArray<'complex64'>, a: Spoke, b: Spoke, lag: number): number {
  const [coils, samples, spokes] = shape as [number, number, number];
  // The centre is common to all spokes, whatever their angle; the outer parts are noise.
  const [from, to] = [Math.floor(samples / 4) + 2, Math.ceil((3 * samples) / 4) - 2];
  let [re, im, energyA, energyB] = [0, 0, 0, 0];
  for (let coil = 0; coil < Math.min(coils, MOST_COILS); coil++) {
    for (let s = from; s < to; s++) {
      if (Math.abs(s + 0.5 - samples / 2) < 3) continue;
      const p = 2 * ((coil * samples + (a.backwards ? samples - 1 - s : s)) * spokes + a.spoke);
      const q = 2 * ((coil * samples + (b.backwards ? samples - 1 - s - lag : s + lag)) * spokes + b.spoke);
      const [x, y, u, v] = [data[p] as number, data[p + 1] as number, data[q] as number, data[q + 1] as number];
      re += x * u + y * v;
      im += y * u - x * v;
      energyA += x * x + y * y;
      energyB += u * u + v * v;
    }
  }
  const energy = Math.sqrt(energyA * energyB);
  return energy > 0 ? Math.hypot(re, im) / energy : 0;
}

/** Part of the energy that the outer half of the field of view may hold where the readout is oversampled. */
const EMPTY = 0.01;
const MOST_PROJECTIONS = 8;

/** Energy of the projections outside the middle half of the field of view ÷ all, from a few spokes of a few coils. */
function outerEnergy({ data, shape }: NdArray<'complex64'>): number {
  const [coils, samples, spokes] = shape as [number, number, number];
  const cos = Float64Array.from({ length: samples }, (_, i) => Math.cos((2 * Math.PI * i) / samples));
  const sin = Float64Array.from({ length: samples }, (_, i) => Math.sin((2 * Math.PI * i) / samples));
  let [outer, total] = [0, 0];
  for (let n = 0; n < MOST_PROJECTIONS; n++) {
    const [coil, spoke] = [Math.floor((n * coils) / MOST_PROJECTIONS), Math.floor((n * spokes) / MOST_PROJECTIONS)];
    for (let x = 0; x < samples; x++) {
      let [re, im] = [0, 0];
      // |Σ y exp(2πi s x/S)|: where the centre of k-space lies changes only its phase.
      for (let s = 0; s < samples; s++) {
        const i = 2 * ((coil * samples + s) * spokes + spoke);
        const [c, d] = [cos[(s * x) % samples] as number, sin[(s * x) % samples] as number];
        re += (data[i] as number) * c - (data[i + 1] as number) * d;
        im += (data[i] as number) * d + (data[i + 1] as number) * c;
      }
      const energy = re * re + im * im;
      total += energy;
      // Without a shift, x = 0 is the centre of the field of view and x = S/2 its edge.
      if (Math.min(x, samples - x) > samples / 4) outer += energy;
    }
  }
  return total > 0 ? outer / total : 1;
}
