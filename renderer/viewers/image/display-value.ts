/** The real number a pixel is shown as, and its place in the colour map: the maths of the shader, on the CPU. */
import type { ComplexDisplay, PaneImage, ValueWindow } from './types.ts';
import { autoWindow } from './window-level.ts';

export function imageSize(image: PaneImage): { rows: number; columns: number } {
  const [rows = 0, columns = 0] = image.shape;
  return { rows, columns };
}

/** Value of element `index` (C order). A float32 image is shown as it is. Phase in radians, −π … π. */
export function displayValue(image: PaneImage, index: number, display: ComplexDisplay): number {
  if (image.dtype === 'float32') return image.data[index] ?? Number.NaN;
  const re = image.data[2 * index] ?? Number.NaN;
  const im = image.data[2 * index + 1] ?? Number.NaN;
  if (display === 'real') return re;
  if (display === 'imaginary') return im;
  return display === 'phase' ? Math.atan2(im, re) : Math.hypot(re, im);
}

/** All values; the image's own data where it is real already. */
export function displayValues(image: PaneImage, display: ComplexDisplay): Float32Array {
  if (image.dtype === 'float32') return image.data;
  const { rows, columns } = imageSize(image);
  return Float32Array.from({ length: rows * columns }, (_, i) => displayValue(image, i, display));
}

/**
 * Shares of the image's 99.5th percentile magnitude. Where there is hardly any signal the phase is noise all round the
 * colour circle: it is black up to the first share and has its full colour from the second one on.
 */
export const PHASE_FADE = { black: 0.02, full: 0.1 } as const;
const floors = new WeakMap<Float32Array, number>();

/** Magnitude up to which phase is black. 0 for a real image, which has no phase. Found once per image. */
export function phaseFloor(image: PaneImage): number {
  if (image.dtype !== 'complex64') return 0;
  let floor = floors.get(image.data);
  if (floor === undefined) {
    const { centre, width } = autoWindow(displayValues(image, 'magnitude'));
    floor = PHASE_FADE.black * (centre + width / 2);
    floors.set(image.data, floor);
  }
  return floor;
}

/** Where a colour map is entered, 0–1. `signed` is ± full scale about zero; `phase` one turn. */
export type Mapping =
  | { readonly kind: 'window'; readonly window: ValueWindow; readonly inverted?: boolean }
  | { readonly kind: 'signed'; readonly fullScale: number }
  | { readonly kind: 'phase' };

/** Values at the two ends of the colour map, `[low, high]`; high first where it is inverted. Window: LINEAR_EXACT of DICOM PS3.3 C.11.2.1.3.2, y = (x − c)/w + 0.5. */
export function mappingRange(mapping: Mapping): readonly [number, number] {
  if (mapping.kind === 'phase') return [-Math.PI, Math.PI];
  if (mapping.kind === 'signed') return [-mapping.fullScale, mapping.fullScale];
  const { centre, width } = mapping.window;
  const [low, high] = [centre - width / 2, centre + width / 2];
  return mapping.inverted === true ? [high, low] : [low, high];
}

/** Clamped to 0–1; a value that is not a number gives 0. */
export function mapValue(value: number, mapping: Mapping): number {
  const [low, high] = mappingRange(mapping);
  const t = (value - low) / (high - low);
  return t > 0 ? Math.min(t, 1) : 0;
}
