/** Slices of fully read k-space and their references, kept while sliders move; bounded by bytes and by number. */
import { centreCrop, type NdArray } from '../array/nd-array.ts';
import { shared } from '../array/shared.ts';
import type { Series } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import { combinedReference, REFERENCE_CALIBRATION } from '../mri/combined-reference.ts';
import { rootSumOfSquares } from '../mri/root-sum-of-squares.ts';
import { ifft2c } from '../transform/fft.ts';
import { logMagnitude } from './measure.ts';
import type { ReferenceKind } from './step.ts';

const LIMIT_BYTES = 256 * 2 ** 20;
const MOST_REFERENCES = 32;

export class SliceCache {
  readonly #series: Series;
  readonly #kspace = new Map<number, NdArray<'complex64'>>();
  readonly #references = { 'root-sum-of-squares': new KnownReferences(), combined: new KnownReferences() };
  #view: { readonly slice: number; readonly image: NdArray<'float32'> } | null = null;
  #bytes = 0;

  constructor(kspaceSeries: Series) {
    this.#series = kspaceSeries;
  }

  get series(): Series {
    return this.#series;
  }

  /** [coil, row, column] as recorded. Throws what the reader throws, and input.malformed for samples that are not finite. */
  async kspace(slice: number): Promise<NdArray<'complex64'>> {
    const known = this.#kspace.get(slice);
    if (known !== undefined) return known;
    const data = (await this.#series.read(slice)) as NdArray<'complex64'>;
    // Looking through the volume and showing a slice may read the same one at once.
    const meanwhile = this.#kspace.get(slice);
    if (meanwhile !== undefined) return meanwhile;
    refuseNonFinite(data, slice);
    this.#bytes += data.data.byteLength;
    this.#kspace.set(slice, data);
    for (const [old, array] of this.#kspace) {
      if (this.#bytes <= LIMIT_BYTES || old === slice) break;
      this.#kspace.delete(old);
      this.#bytes -= array.data.byteLength;
    }
    return data;
  }

  /** log10 of the coil root-sum-of-squares, for looking at; the last slice's is kept. */
  async kspaceView(slice: number): Promise<NdArray<'float32'>> {
    if (this.#view?.slice !== slice) this.#view = { slice, image: shared(logMagnitude(await this.kspace(slice))) };
    return this.#view.image;
  }

  /**
   * The fully sampled coil images as one, [output.rows, output.columns]: their root-sum-of-squares, or combined with maps of their
   * own (combinedReference). The file's own reference where the data were acquired undersampled; null where there is neither.
   */
  async reference(slice: number, kind: ReferenceKind = 'root-sum-of-squares'): Promise<NdArray<'float32'> | null> {
    const known = this.#references[kind];
    const before = known.get(slice);
    if (before !== undefined) return before;
    const image = await this.#makeReference(slice, kind);
    if (image !== null) known.keep(slice, image);
    return image;
  }

  /** `reference` would be made now, and ESPIRiT takes longer than most images: a person should see those first. */
  takesLong(slice: number, kind: ReferenceKind): boolean {
    return kind === 'combined' && this.#series.coils > 1 && isFullySampled(this.#series) && this.#references[kind].get(slice) === undefined;
  }

  /** What `reference` is, in a word. */
  referenceKind(kind: ReferenceKind): ReferenceKind | 'file' {
    return isFullySampled(this.#series) ? kind : 'file';
  }

  /** What `reference` is, as part of a sentence. */
  describeReference(kind: ReferenceKind): string {
    if (!isFullySampled(this.#series)) return 'the image that the file holds';
    if (kind === 'root-sum-of-squares') return 'root-sum-of-squares of the fully sampled coil images';
    return `fully sampled coil images combined with uncropped ESPIRiT maps of their central ${REFERENCE_CALIBRATION}×${REFERENCE_CALIBRATION} samples`;
  }

  async #makeReference(slice: number, kind: ReferenceKind): Promise<NdArray<'float32'> | null> {
    const { output } = this.#series;
    if (!isFullySampled(this.#series)) return (await this.#series.readReference?.(slice)) ?? null;
    const kspace = await this.kspace(slice);
    const image = kind === 'combined' ? combinedReference(kspace) : rootSumOfSquares(ifft2c(kspace));
    return shared(centreCrop(image, output.rows, output.columns));
  }

  /** Maximum of the reference over the whole series once every slice has been looked at; null before. */
  volumeRange(kind: ReferenceKind = 'root-sum-of-squares'): number | null {
    const { maxima } = this.#references[kind];
    return maxima.size < this.#series.slices ? null : Math.max(...maxima.values());
  }

  /**
   * Looks at one more slice for the `volumeRange` of the root-sum-of-squares; false when there is nothing left to do. Combined
   * references are too slow to be made for slices that nobody asked for.
   */
  async advanceRange(): Promise<boolean> {
    if (!isFullySampled(this.#series) && this.#series.readReference === undefined) return false;
    const { maxima } = this.#references['root-sum-of-squares'];
    for (let slice = 0; slice < this.#series.slices; slice++) {
      if (maxima.has(slice)) continue;
      const image = await this.#makeReference(slice, 'root-sum-of-squares');
      if (image !== null) maxima.set(slice, maximum(image));
      return true;
    }
    return false;
  }
}

/** References of slices, the last ones looked at, and the maxima of all. */
class KnownReferences {
  readonly maxima = new Map<number, number>();
  readonly #images = new Map<number, NdArray<'float32'>>();

  get(slice: number): NdArray<'float32'> | undefined {
    return this.#images.get(slice);
  }

  keep(slice: number, image: NdArray<'float32'>): void {
    this.#images.set(slice, image);
    this.maxima.set(slice, maximum(image));
    for (const oldest of this.#images.keys()) {
      if (this.#images.size <= MOST_REFERENCES) break;
      this.#images.delete(oldest);
    }
  }
}

/** Whether the scanner acquired every sample of the Cartesian grid, so that a reference can be computed. */
export function isFullySampled(series: Series): boolean {
  if (series.trajectory !== undefined) return false;
  const lines = series.acquired;
  const points = series.acquiredPoints;
  return (lines == null || lines.every((v) => v !== 0)) && (points == null || points.every((v) => v !== 0));
}

/** Largest pixel of a magnitude image; 0 for an empty one. */
export function maximum(image: NdArray<'float32'>): number {
  let top = 0;
  for (const value of image.data) if (value > top) top = value;
  return top;
}

/** One such sample would spread over the whole image, and no method says so by itself. */
function refuseNonFinite({ data, shape }: NdArray<'complex64'>, slice: number): void {
  let sum = 0;
  // 0 for all finite values, else NaN.
  for (let i = 0; i < data.length; i++) sum += 0 * (data[i] as number);
  if (sum === 0) return;
  const at = data.findIndex((value) => !Number.isFinite(value)) >> 1;
  const [, rows, columns] = shape as [number, number, number];
  const [coil, row, column] = [Math.floor(at / (rows * columns)), Math.floor(at / columns) % rows, at % columns];
  throw new LacunaError('input.malformed', `k-space contains NaN or infinity, first in slice ${slice}, coil ${coil}, row ${row}, column ${column}.`, { field: 'kspace' });
}
