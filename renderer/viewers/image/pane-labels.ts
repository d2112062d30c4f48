/** Text in the corners of a pane. */
import { imageSize, mappingRange } from './display-value.ts';
import type { Mapping } from './display-value.ts';
import { formatShort, formatValue, scaleBarLength } from './format-value.ts';
import type { Coordinates, PaneImage, Pixel } from './types.ts';
import type { ViewTransform } from './view-transform.ts';

/** `W 0.82 L 0.41`, or the ends of a fixed scale. */
export function rangeLabel(mapping: Mapping): string {
  if (mapping.kind === 'phase') return '−π to π rad';
  if (mapping.kind === 'window') return `W ${formatShort(mapping.window.width)} L ${formatShort(mapping.window.centre)}`;
  const [low, high] = mappingRange(mapping);
  return `${formatShort(low)} to ${formatShort(high)}`;
}

/** `x 101 y 118`; k-space counts from its centre sample (row n/2): `kx −12 ky 31`; offsets from the middle pixel: `Δx 31 Δy −12`. */
export function coordinateLabel(pixel: Pixel, rows: number, columns: number, coordinates: Coordinates): string {
  if (coordinates === 'image') return `x ${pixel.column} y ${pixel.row}`;
  const signed = (n: number): string => String(n).replace('-', '−');
  const row = signed(pixel.row - Math.floor(rows / 2));
  const column = signed(pixel.column - Math.floor(columns / 2));
  return coordinates === 'kspace' ? `kx ${row} ky ${column}` : `Δx ${column} Δy ${row}`;
}

/** `0.613`; a complex value gives magnitude and phase. */
export function valueLabel(image: PaneImage, pixel: Pixel, difference: PaneImage | null, shownDifference: number): string {
  if (difference !== null) return `Δ ${formatValue(shownDifference)}`;
  const { columns } = imageSize(image);
  const index = pixel.row * columns + pixel.column;
  if (image.dtype === 'float32') return formatValue(image.data[index] ?? Number.NaN);
  const re = image.data[2 * index] ?? Number.NaN;
  const im = image.data[2 * index + 1] ?? Number.NaN;
  return `|s| ${formatValue(Math.hypot(re, im))} ∠ ${Math.atan2(im, re).toFixed(2).replace('-', '−')} rad`;
}

/** Screen px per image px. */
export function zoomLabel(view: ViewTransform): string {
  const scale = Math.abs(view.scaleX);
  return `${scale >= 10 ? scale.toFixed(0) : scale.toFixed(scale >= 1 ? 1 : 2)}×`;
}

export interface ScaleBar {
  readonly pixels: number;
  readonly text: string;
}

/** A round length of at most a quarter of the pane; null where the spacing is not known. */
export function scaleBar(view: ViewTransform, columnSpacing: number | undefined): ScaleBar | null {
  if (columnSpacing === undefined || !(columnSpacing > 0)) return null;
  const perMillimetre = Math.abs(view.scaleX) / columnSpacing;
  const length = scaleBarLength(view.width / 4 / perMillimetre);
  const text = length >= 10 ? `${length / 10} cm` : `${length} mm`;
  return { pixels: length * perMillimetre, text };
}
