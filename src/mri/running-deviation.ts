/** Standard deviation of many images in the memory of two (Welford, Technometrics 1962;4:419). */
import { type NdArray, zeros } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';

export class RunningDeviation {
  readonly #shape: readonly number[];
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(shape: readonly number[]) {
    this.#shape = shape;
    const size = shape.reduce((product, n) => product * n, 1);
    this.#mean = new Float64Array(size);
    this.#squares = new Float64Array(size);
  }

  /** `image` has the shape that was announced. */
  add(image: NdArray<'float32'>): void {
    if (image.data.length !== this.#mean.length) throw new LacunaError('internal', `image of ${image.data.length} values, expected ${this.#mean.length}`);
    this.#count++;
    for (let i = 0; i < this.#mean.length; i++) {
      const value = image.data[i] as number;
      const before = this.#mean[i] as number;
      const mean = before + (value - before) / this.#count;
      this.#mean[i] = mean;
      this.#squares[i] = (this.#squares[i] as number) + (value - before) * (value - mean);
    }
  }

  mean(): NdArray<'float32'> {
    return { ...zeros('float32', this.#shape), data: Float32Array.from(this.#mean) };
  }

  /** √(Σ (x − mean)² / (n − 1)); zero before the second image. */
  deviation(): NdArray<'float32'> {
    const freedom = Math.max(1, this.#count - 1);
    return { ...zeros('float32', this.#shape), data: Float32Array.from(this.#squares, (sum) => Math.sqrt(sum / freedom)) };
  }
}
