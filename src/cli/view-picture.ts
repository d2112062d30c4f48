/** Images of a view side by side in one grey picture. */
import type { NdArray } from '../array/nd-array.ts';
import { magnitude } from '../array/nd-array.ts';
import { encodePng } from '../formats/png/encode.ts';
import type { ViewImage } from '../pipeline/step.ts';

/** PNG; black to white is `range`, or from the smallest value to the 99.5th percentile. As near to a square as the images allow. */
export function viewPicture({ images, range, labels, unit }: ViewImage): Uint8Array {
  const values = magnitudeUnlessReal(images);
  const [count, rows, columns] = values.shape as [number, number, number];
  const across = Math.ceil(Math.sqrt(count));
  const down = Math.ceil(count / across);
  const [low, high] = range ?? extentOf(values.data);
  const scale = high > low ? 255 / (high - low) : 0;
  const width = across * columns;
  const levels = new Uint8Array(down * rows * width);
  for (let i = 0; i < values.data.length; i++) {
    const [image, row, column] = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns];
    const at = (Math.floor(image / across) * rows + row) * width + (image % across) * columns + column;
    levels[at] = Math.round(Math.min(255, Math.max(0, ((values.data[i] as number) - low) * scale)));
  }
  const text = { Title: labels.join(', '), Comment: `black ${low}, white ${high}${unit === '' ? '' : ` ${unit}`}`, Warning: 'Not for diagnostic use', Software: 'Lacuna Studio' };
  return encodePng({ rows: down * rows, columns: width, depth: 8, levels }, text);
}

/** Real views may be negative (decibels, phases) and stay as they are. */
function magnitudeUnlessReal(images: ViewImage['images']): NdArray<'float32'> {
  return images.dtype === 'float32' ? images : magnitude(images);
}

function extentOf(values: Float32Array): [number, number] {
  const sorted = values.filter((value) => Number.isFinite(value)).sort();
  return [sorted[0] ?? 0, sorted[Math.max(0, Math.ceil(0.995 * sorted.length) - 1)] ?? 0];
}
