/**
 * Nyquist ghosts of EPI: lines that were read backwards carry, along the readout x of the image, a phase a + b·(x − ⌊R/2⌋)
 * against those read forward (constant: frequency offsets; linear: delays between gradient and sampling).
 *
 * With navigators: autocorrelation estimates of b, then of a (Ahn and Cho, IEEE Trans Med Imaging 6(1):32–36, 1987).
 * Without: the pair that makes the image's histogram of energy sharpest, its entropy least (Clare, Proc ISMRM 2008:3184).
 */
import { type NdArray, zeros } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import { fft1c, ifft1c } from '../transform/fft.ts';

export interface EpiPhase {
  /** Radians. */
  readonly constant: number;
  /** Radians per image row, of the oversampled readout. */
  readonly slope: number;
}

/**
 * `navigators` [coil, row, navigator] without phase encoding, turned round where `backwards`. Backward and forward readouts
 * are averaged first, so that of a backward, a forward and a backward one the drift between them cancels. Throws
 * `input.unsupported` unless both directions are there and hold signal.
 */
export function phaseFromNavigators(navigators: NdArray<'complex64'>, backwards: Uint8Array): EpiPhase {
  const [coils, rows, count] = navigators.shape as [number, number, number];
  const { data } = ifft1c(navigators, -2);
  const weights = [0, 0];
  for (let n = 0; n < count; n++) weights[backwards[n] as number] = (weights[backwards[n] as number] as number) + 1;
  if (weights[0] === 0 || weights[1] === 0) throw new LacunaError('input.unsupported', 'Ghost correction needs navigators in both directions.', { field: 'navigators' });
  // q(x) = Σ_coil backward(x)·conj(forward(x)), whose phase is the one sought.
  const q = new Float64Array(2 * rows);
  for (let coil = 0; coil < coils; coil++) {
    for (let x = 0; x < rows; x++) {
      const sums = [0, 0, 0, 0];
      for (let n = 0; n < count; n++) {
        const at = 2 * ((coil * rows + x) * count + n);
        const to = 2 * (backwards[n] as number);
        sums[to] = (sums[to] as number) + (data[at] as number);
        sums[to + 1] = (sums[to + 1] as number) + (data[at + 1] as number);
      }
      const [fr, fi, br, bi] = sums as [number, number, number, number];
      q[2 * x] = (q[2 * x] as number) + br * fr + bi * fi;
      q[2 * x + 1] = (q[2 * x + 1] as number) + bi * fr - br * fi;
    }
  }
  return fitLine(q, rows);
}

/** Steps of refinement; each takes away what the last one left. */
const REFINEMENTS = 4;

/** Phase a + b·(x − ⌊R/2⌋) of `q`, weighted by its magnitude. */
function fitLine(q: Float64Array, rows: number): EpiPhase {
  const centre = Math.floor(rows / 2);
  const at = (x: number): [number, number] => [q[2 * x] as number, q[2 * x + 1] as number];
  let [re, im] = [0, 0];
  for (let x = 0; x + 1 < rows; x++) {
    const [[a, b], [c, d]] = [at(x), at(x + 1)];
    re += c * a + d * b;
    im += d * a - c * b;
  }
  if (re === 0 && im === 0) throw new LacunaError('input.unsupported', 'The navigators hold no signal to correct ghosts by.', { field: 'navigators' });
  let slope = Math.atan2(im, re);
  let constant = 0;
  for (let step = 0; step < REFINEMENTS; step++) {
    // What is left of the phase is small where the signal is: a weighted straight line through it.
    let [w, wx, wxx, wp, wxp] = [0, 0, 0, 0, 0];
    [re, im] = [0, 0];
    for (let x = 0; x < rows; x++) {
      const [a, b] = turned(at(x), -slope * (x - centre));
      re += a;
      im += b;
    }
    constant = Math.atan2(im, re);
    for (let x = 0; x < rows; x++) {
      const [a, b] = turned(at(x), -constant - slope * (x - centre));
      const weight = a * a + b * b;
      const phase = Math.atan2(b, a);
      w += weight;
      wx += weight * (x - centre);
      wxx += weight * (x - centre) ** 2;
      wp += weight * phase;
      wxp += weight * phase * (x - centre);
    }
    const determinant = w * wxx - wx * wx;
    if (!(determinant > 0)) break;
    slope += (w * wxp - wx * wp) / determinant;
    constant += (wxx * wp - wx * wxp) / determinant;
  }
  return { constant, slope };
}

function turned([a, b]: readonly [number, number], angle: number): [number, number] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [a * cos - b * sin, a * sin + b * cos];
}

/** `kspace` [coil, row, column] with the phase taken off the columns that were read backwards. A new array. */
export function correctEpiPhase(kspace: NdArray<'complex64'>, backwards: Uint8Array, phase: EpiPhase): NdArray<'complex64'> {
  const hybrid = ifft1c(kspace, -2);
  turnBackwards(hybrid, backwards, phase);
  return fft1c(hybrid, -2, hybrid);
}

function turnBackwards({ data, shape }: NdArray<'complex64'>, backwards: Uint8Array, { constant, slope }: EpiPhase): void {
  const [coils, rows, columns] = shape as [number, number, number];
  for (let x = 0; x < rows; x++) {
    const angle = -constant - slope * (x - Math.floor(rows / 2));
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    for (let coil = 0; coil < coils; coil++) {
      for (let column = 0; column < columns; column++) {
        if (backwards[column] !== 1) continue;
        const i = 2 * ((coil * rows + x) * columns + column);
        const [a, b] = [data[i] as number, data[i + 1] as number];
        data[i] = a * cos - b * sin;
        data[i + 1] = a * sin + b * cos;
      }
    }
  }
}

/** Largest delay that is looked for, samples: a phase of 2π·delay/R a row. */
const MOST_DELAY = 4;
const DELAYS = 17;
/** Channels that are looked at, the strongest ones. */
const MOST_COILS = 4;
const CONSTANTS = 12;

/**
 * The pair of least entropy, from the image alone. The constant is known up to π only, since turning every other line by π
 * shifts the image by half its field of view: the one in (−π/2, π/2] is given.
 */
export function phaseFromEntropy(kspace: NdArray<'complex64'>, backwards: Uint8Array): EpiPhase {
  const rows = kspace.shape[1] as number;
  const hybrid = ifft1c(strongestCoils(kspace), -2);
  const parts = splitDirections(hybrid, backwards);
  const unit = (2 * Math.PI) / rows;
  let best = { phase: { constant: 0, slope: 0 }, entropy: parts.entropy({ constant: 0, slope: 0 }) };
  const attempt = (phase: EpiPhase): void => {
    const entropy = parts.entropy(phase);
    if (entropy < best.entropy) best = { phase, entropy };
  };
  for (let d = 0; d < DELAYS; d++) {
    const slope = unit * MOST_DELAY * ((2 * d) / (DELAYS - 1) - 1);
    for (let c = 0; c < CONSTANTS; c++) attempt({ constant: Math.PI * (c / CONSTANTS - 0.5), slope });
  }
  // Then smaller and smaller steps about the best.
  for (let [a, b] = [Math.PI / (2 * CONSTANTS), (unit * MOST_DELAY) / (DELAYS - 1)]; a > 1e-4; [a, b] = [a / 2, b / 2]) {
    const { constant, slope } = best.phase;
    for (const [i, j] of [[-1, 0], [1, 0], [0, -1], [0, 1], [-1, -1], [-1, 1], [1, -1], [1, 1]] as const) attempt({ constant: constant + i * a, slope: slope + j * b });
  }
  const { constant, slope } = best.phase;
  return { constant: constant - Math.PI * Math.ceil(constant / Math.PI - 0.5), slope };
}

function strongestCoils(kspace: NdArray<'complex64'>): NdArray<'complex64'> {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  if (coils <= MOST_COILS) return kspace;
  const plane = 2 * rows * columns;
  const part = (coil: number): Float32Array => kspace.data.subarray(coil * plane, (coil + 1) * plane);
  const ranked = Array.from({ length: coils }, (_, coil) => ({ coil, energy: part(coil).reduce((sum, value) => sum + value * value, 0) }));
  ranked.sort((a, b) => b.energy - a.energy);
  const out = zeros('complex64', [MOST_COILS, rows, columns]);
  for (const [i, { coil }] of ranked.slice(0, MOST_COILS).entries()) out.data.set(part(coil), i * plane);
  return out;
}

/**
 * The image is I(x, y) = F(x, y) + e^{−iφ(x)} B(x, y), with F and B the images of the lines of either direction: two
 * transforms serve all attempts.
 */
function splitDirections(hybrid: NdArray<'complex64'>, backwards: Uint8Array): { entropy(phase: EpiPhase): number } {
  const [coils, rows, columns] = hybrid.shape as [number, number, number];
  const [forward, backward] = [0, 1].map((direction) => {
    const part = zeros('complex64', hybrid.shape);
    for (let i = 0; i < coils * rows * columns; i++) {
      if (backwards[i % columns] !== direction) continue;
      part.data[2 * i] = hybrid.data[2 * i] as number;
      part.data[2 * i + 1] = hybrid.data[2 * i + 1] as number;
    }
    return ifft1c(part, -1, part).data;
  }) as [Float32Array, Float32Array];
  return {
    entropy({ constant, slope }) {
      // −Σ p log p over the root-sum-of-squares image: Σ m log m and Σ m suffice.
      let [sum, logs] = [0, 0];
      for (let x = 0; x < rows; x++) {
        const angle = -constant - slope * (x - Math.floor(rows / 2));
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        for (let y = 0; y < columns; y++) {
          let energy = 0;
          for (let coil = 0; coil < coils; coil++) {
            const i = 2 * ((coil * rows + x) * columns + y);
            const [a, b] = [backward[i] as number, backward[i + 1] as number];
            energy += ((forward[i] as number) + a * cos - b * sin) ** 2 + ((forward[i + 1] as number) + a * sin + b * cos) ** 2;
          }
          const m = Math.sqrt(energy);
          if (m > 0) [sum, logs] = [sum + m, logs + m * Math.log(m)];
        }
      }
      return sum > 0 ? Math.log(sum) - logs / sum : 0;
    },
  };
}
