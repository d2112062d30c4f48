/**
 * Thermometry from few samples: frame n is the baseline turned by a smooth phase, x_n = x₀·e^{iθ}, and θ is estimated from the
 * samples themselves, min ½‖A(x₀e^{iθ}) − y_n‖² + ½ m ℓ⁴‖Lθ‖² (Gaur and Grissom, Magn Reson Med 2015;73:1914, with a quadratic
 * roughness penalty and drift as part of θ). By Gauss–Newton: with x = x₀e^{iθ}, a step δ changes the samples by A(ixδ), so
 * (Re[x̄ AᴴA x] + m ℓ⁴L²)(θ + δ) = Re[−i x̄ Aᴴ(y − A x)] + Re[x̄ AᴴA x]θ.
 */
import { throwIfCancelled, type CancelSignal } from '../../algorithms/status.ts';
import { zeros, type NdArray } from '../../array/nd-array.ts';
import { kernels } from '../../transform/kernels.ts';
import type { MriMeasurement } from '../measurement.ts';
import { SenseSystem } from '../sense-system.ts';
import { imageScale } from '../image-scale.ts';
import { solveSmooth } from './smooth-field.ts';

export interface PhaseTrackingOptions {
  /** ℓ, pixels. */
  readonly smooth: number;
  /** Gauss–Newton steps of each frame, at most. */
  readonly rounds: number;
  readonly signal: CancelSignal;
}

export interface TrackedFrame {
  readonly frame: number;
  /** x₀·e^{iθ}, [row, column]. */
  readonly image: NdArray<'complex64'>;
  /** Change of θ in the last step, root mean square over the object, radians. */
  readonly misfit: number;
}

const INNER = { iterations: 15, tolerance: 1e-3 } as const;
/** A frame is done when its phase changes by less than this, radians: 0.01 °C at 1.5 T and 17.4 ms. */
const SETTLED = 1e-3;
/** The baseline is fully sampled: with maps of unit root-sum-of-squares its normal operator is the identity where they are not 0. */
const OBJECT = 0.1;

/**
 * One status a frame, in order of time; the first frame, fully sampled, is the baseline and comes back as Aᴴy. Each frame starts from the
 * phase of the one before, so temperature may rise beyond half a turn as long as it does not from one frame to the next.
 * Throws job.cancelled and job.memory.
 */
export async function* trackPhase(frames: readonly MriMeasurement[], maps: NdArray<'complex64'>, { smooth, rounds, signal }: PhaseTrackingOptions): AsyncGenerator<TrackedFrame, void> {
  const system = new SenseSystem(kernels(), maps, ...frames.map(({ pattern }) => pattern));
  const { space } = system;
  const { rows, columns } = space;
  const [from, to] = [space.create(), space.create()];
  try {
    const adjoint = (kspace: NdArray<'complex64'>): NdArray<'complex64'> => {
      system.adjoint(kspace, to);
      return space.toArray(to);
    };
    const normal = (image: Float32Array, index: number): NdArray<'complex64'> => {
      space.set(from, image);
      system.normal(from, to, index);
      return space.toArray(to);
    };
    const baseline = adjoint((frames[0] as MriMeasurement).kspace);
    yield { frame: 0, image: baseline, misfit: 0 };
    const weight = typicalPower(baseline);
    const theta = new Float64Array(rows * columns);
    for (let n = 1; n < frames.length; n++) {
      const measured = adjoint((frames[n] as MriMeasurement).kspace);
      let misfit = Infinity;
      for (let round = 0; round < rounds && misfit > SETTLED; round++) {
        throwIfCancelled(signal);
        const x = turned(baseline, theta);
        const turnBy = new Float32Array(x.data.length);
        // Re[−i x̄ z] = Im[x̄ z]
        const across = (z: Float32Array, out: Float64Array): void => {
          for (let i = 0; i < out.length; i++) out[i] = (x.data[2 * i] as number) * (z[2 * i + 1] as number) - (x.data[2 * i + 1] as number) * (z[2 * i] as number);
        };
        const gaussNewton = (field: Float64Array, out: Float64Array): void => {
          // i·x·field
          for (let i = 0; i < field.length; i++) {
            turnBy[2 * i] = -(field[i] as number) * (x.data[2 * i + 1] as number);
            turnBy[2 * i + 1] = (field[i] as number) * (x.data[2 * i] as number);
          }
          across(normal(turnBy, n).data, out);
        };
        const predicted = normal(x.data, n);
        const right = new Float64Array(theta.length);
        across(predicted.data.map((value, i) => (measured.data[i] as number) - value), right);
        const kept = new Float64Array(theta.length);
        gaussNewton(theta, kept);
        for (let i = 0; i < right.length; i++) right[i] = (right[i] as number) + (kept[i] as number);
        const next = await solveSmooth({ rows, columns, width: smooth, weight, normal: gaussNewton, ...INNER, signal }, right);
        misfit = changeWithin(baseline, theta, next);
        theta.set(next);
      }
      yield { frame: n, image: turned(baseline, theta), misfit };
    }
  } finally {
    for (const vector of [from, to]) space.free(vector);
    system.dispose();
  }
}

function turned(image: NdArray<'complex64'>, theta: Float64Array): NdArray<'complex64'> {
  const out = zeros('complex64', image.shape);
  for (let i = 0; i < theta.length; i++) {
    const [c, s] = [Math.cos(theta[i] as number), Math.sin(theta[i] as number)];
    const [re, im] = [image.data[2 * i] as number, image.data[2 * i + 1] as number];
    out.data[2 * i] = c * re - s * im;
    out.data[2 * i + 1] = s * re + c * im;
  }
  return out;
}

/** Median of |x|² over the object. */
function typicalPower(image: NdArray<'complex64'>): number {
  const powers = objectPixels(image).map((i) => powerOf(image, i)).sort((a, b) => a - b);
  return powers[powers.length >> 1] ?? 1;
}

function changeWithin(image: NdArray<'complex64'>, before: Float64Array, after: Float64Array): number {
  const pixels = objectPixels(image);
  return Math.sqrt(pixels.reduce((sum, i) => sum + ((after[i] as number) - (before[i] as number)) ** 2, 0) / Math.max(1, pixels.length));
}

function objectPixels(image: NdArray<'complex64'>): number[] {
  const limit = (OBJECT * imageScale(image)) ** 2;
  return Array.from({ length: image.data.length / 2 }, (_, i) => i).filter((i) => powerOf(image, i) > limit);
}

const powerOf = ({ data }: NdArray<'complex64'>, i: number): number => (data[2 * i] as number) ** 2 + (data[2 * i + 1] as number) ** 2;
