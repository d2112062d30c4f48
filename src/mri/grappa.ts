/**
 * GRAPPA (Griswold et al., Magn Reson Med 2002;47:1202): missing k-space samples as weighted sums of their measured neighbours in
 * all coils, with weights from the fully sampled centre. Any pattern: one set of weights for each different neighbourhood.
 */
import { throwIfCancelled, type CancelSignal } from '../algorithms/status.ts';
import type { NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { calibrationRange } from './calibration-key.ts';
import { FARTHEST, type Geometry, type GrappaKernel, grappaGeometry, POINT_WINDOW, regularSpacing, widestGap } from './grappa-geometry.ts';
import { normalEquations, solveWeights, WindowEquations } from './grappa-weights.ts';
import { calibrationData, type Shift } from './window-gram.ts';

export interface GrappaOptions extends GrappaKernel {
  /** Tikhonov weight relative to the size of the normal matrix, ‖SᴴS‖_F/√n. */
  readonly lambda: number;
  readonly signal: CancelSignal;
}

export interface GrappaStatus {
  /** Neighbourhoods done, and how many there are. */
  readonly iteration: number;
  readonly iterations: number;
  /** [coil, row, column] with what is filled so far; valid until the next step. */
  readonly kspace: NdArray<'complex64'>;
}

export interface GrappaResult {
  readonly kspace: NdArray<'complex64'>;
  readonly geometry: Geometry;
}

/** Complex multiplications for weights beyond which a pattern of points is refused: about half a minute. */
const MOST_WORK = 8e9;

/**
 * Fills k-space [coil, row, column]; measured samples stay bit for bit as they are. Throws `job.cancelled`, and `usage.unsupported`
 * where the centre is too small for the kernel or the pattern has too many different neighbourhoods (see refuseGrappa).
 */
export async function* grappa(
  kspace: NdArray<'complex64'>,
  pattern: SamplingPattern,
  { lambda, signal, ...kernel }: GrappaOptions,
): AsyncGenerator<GrappaStatus, GrappaResult> {
  const refusal = refuseGrappa(pattern, kspace.shape[0] as number, kernel);
  if (refusal !== null) throw new LacunaError('usage.unsupported', refusal, { field: 'pattern' });
  const geometry = grappaGeometry(pattern, kspace.shape[0] as number, kernel);
  const data = calibrationData(kspace, pattern.kind === 'lines' ? pattern.centre : calibrationRange([pattern.rows, pattern.columns], pattern.centre));
  const out = { ...kspace, data: kspace.data.slice() };
  const window = pattern.kind === 'lines' || geometry.neighbourhoods.length === 0 ? null : new WindowEquations(data);
  const periodic = geometry.spacing === null || pattern.columns % geometry.spacing === 0;
  const iterations = geometry.neighbourhoods.length;
  for (const [i, { sources, targets }] of geometry.neighbourhoods.entries()) {
    throwIfCancelled(signal);
    const weights = solveWeights(window === null ? normalEquations(data, sources) : window.of(sources), lambda);
    fill(kspace, out, sources, targets, weights, periodic);
    yield { iteration: i + 1, iterations, kspace: out };
  }
  return { kspace: out, geometry };
}

/** Why GRAPPA cannot fill that pattern, or null. */
export function refuseGrappa(pattern: SamplingPattern, coils: number, kernel: GrappaKernel): string | null {
  const { centre } = pattern;
  const [height, width] = [centre.rows[1] - centre.rows[0], centre.columns[1] - centre.columns[0]];
  if (pattern.kept === pattern.total) return null;
  const gap = widestGap(pattern.mask);
  const reach = regularSpacing(pattern) === null ? Math.min(gap, FARTHEST) : gap;
  const need = pattern.kind === 'lines' ? ([kernel.readout, reach + 2] as const) : ([POINT_WINDOW, POINT_WINDOW] as const);
  if (height < need[0] || width < need[1]) {
    return `GRAPPA needs a fully sampled centre of at least ${need[0]}×${need[1]} samples for this pattern; it has ${height}×${width}.`;
  }
  const { neighbourhoods } = grappaGeometry(pattern, coils, kernel);
  if (neighbourhoods.length === 0) {
    return `The fully sampled centre of ${height}×${width} samples is too small to find GRAPPA’s weights for ${coils} coils; keep more of it, or compress the coils.`;
  }
  if (pattern.kind === 'lines') return null;
  const work = neighbourhoods.reduce((sum, { sources }) => sum + (sources.length * coils) ** 3 / 6 + coils * (sources.length * coils) ** 2, 0);
  if (work <= MOST_WORK) return null;
  return `GRAPPA would need weights for ${neighbourhoods.length} different neighbourhoods of this pattern, which takes too long; choose a more regular one, or SENSE.`;
}

/** out_t = Σ W[t]·sources at every target. k-space of a discrete image is periodic, and so are lines wherever their spacing divides it. */
function fill(from: NdArray<'complex64'>, out: NdArray<'complex64'>, sources: readonly Shift[], targets: Uint32Array, weights: Float64Array, periodic: boolean): void {
  const [coils, rows, columns] = from.shape as [number, number, number];
  const plane = rows * columns;
  const n = coils * sources.length;
  const x = new Float64Array(2 * n);
  for (const target of targets) {
    const [row, column] = [Math.floor(target / columns), target % columns];
    for (const [s, shift] of sources.entries()) {
      const r = (row + shift.row + rows) % rows;
      const c = periodic ? (column + shift.column + columns) % columns : column + shift.column;
      const inside = c >= 0 && c < columns;
      for (let coil = 0; coil < coils; coil++) {
        const to = 2 * (coil * sources.length + s);
        const at = 2 * (coil * plane + r * columns + c);
        x[to] = inside ? (from.data[at] as number) : 0;
        x[to + 1] = inside ? (from.data[at + 1] as number) : 0;
      }
    }
    for (let coil = 0; coil < coils; coil++) {
      let [re, im] = [0, 0];
      const w = 2 * coil * n;
      for (let k = 0; k < 2 * n; k += 2) {
        const wr = weights[w + k] as number;
        const wi = weights[w + k + 1] as number;
        const xr = x[k] as number;
        const xi = x[k + 1] as number;
        re += wr * xr - wi * xi;
        im += wr * xi + wi * xr;
      }
      out.data[2 * (coil * plane + target)] = re;
      out.data[2 * (coil * plane + target) + 1] = im;
    }
  }
}
