/** A slice laid out for networks that take a magnitude and give one: scaled to 1, padded to a multiple, and back. */
import { magnitude, zeros, type NdArray } from '../array/nd-array.ts';

export interface NetworkInput {
  /** [1, 1, row, column], each side a multiple of `multiple`; the last row and column are repeated. Largest value 1. */
  readonly tensor: NdArray<'float32'>;
  /** What the magnitude was divided by: its largest value, 1 for silence. */
  readonly scale: number;
}

/** The magnitude of an image [row, column] as the network takes it. */
export function magnitudeInput(image: NdArray<'complex64'>, multiple: number): NetworkInput {
  const [rows, columns] = image.shape as [number, number];
  const { data } = magnitude(image);
  const largest = data.reduce((top, value) => Math.max(top, value), 0);
  const scale = largest > 0 ? largest : 1;
  const up = (n: number): number => Math.ceil(n / multiple) * multiple;
  const tensor = zeros('float32', [1, 1, up(rows), up(columns)]);
  for (let r = 0, i = 0; r < up(rows); r++) {
    const line = Math.min(r, rows - 1) * columns;
    for (let c = 0; c < up(columns); c++) tensor.data[i++] = (data[line + Math.min(c, columns - 1)] as number) / scale;
  }
  return { tensor, scale };
}

/** What the network made of it, cut to [row, column], on the scale of the data; a magnitude is nowhere negative. */
export function magnitudeOutput(made: NdArray<'float32'>, [rows, columns]: readonly [number, number], scale: number): NdArray<'float32'> {
  const width = made.shape.at(-1) as number;
  const out = zeros('float32', [rows, columns]);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) out.data[r * columns + c] = scale * Math.max(0, made.data[r * width + c] as number);
  }
  return out;
}
