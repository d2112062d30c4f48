/** A small picture of an image on the CPU, with the maths of the pane's shader. */
import { colourTable } from './colormaps.ts';
import { displayValue, imageSize, mapValue } from './display-value.ts';
import type { Mapping } from './display-value.ts';
import type { ColormapName, ComplexDisplay, PaneImage } from './types.ts';

/** RGBA8, `size` × `size`, image fitted and centred on black; each pixel is the mean of the image pixels under it. */
export function thumbnailPixels(
  image: PaneImage,
  size: number,
  mapping: Mapping,
  display: ComplexDisplay = 'magnitude',
  colormap: ColormapName = 'grey',
): Uint8ClampedArray<ArrayBuffer> {
  const { rows, columns } = imageSize(image);
  const table = colourTable(colormap);
  const pixels = new Uint8ClampedArray(4 * size * size);
  const scale = Math.max(rows, columns) / size;
  const left = (size - columns / scale) / 2;
  const top = (size - rows / scale) / 2;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = 4 * (y * size + x);
      pixels[at + 3] = 255;
      const firstRow = Math.floor((y - top) * scale);
      const firstColumn = Math.floor((x - left) * scale);
      const lastRow = Math.max(firstRow + 1, Math.floor((y + 1 - top) * scale));
      const lastColumn = Math.max(firstColumn + 1, Math.floor((x + 1 - left) * scale));
      if (firstRow < 0 || firstColumn < 0 || lastRow > rows || lastColumn > columns) continue;
      let sum = 0;
      for (let row = firstRow; row < lastRow; row++) {
        for (let column = firstColumn; column < lastColumn; column++) sum += displayValue(image, row * columns + column, display);
      }
      const mean = sum / ((lastRow - firstRow) * (lastColumn - firstColumn));
      const entry = Math.round(mapValue(mean, mapping) * 255);
      for (let k = 0; k < 3; k++) pixels[at + k] = table[4 * entry + k] ?? 0;
    }
  }
  return pixels;
}
