/**
 * Phase images in radians, where the manufacturer says what the numbers mean:
 * - Siemens: 12-bit storage with Rescale 2, −4096 spans one turn, −4096…4094 ≙ −π…π (the same span where Rescale is left out);
 * - Philips: rescaled values are milliradians, −3142…3142.
 * Any other maker's phase keeps the file's own unit.
 */
import type { FrameTags } from './frame-tags.ts';
import { TAG } from './tags.ts';

export interface PhaseScale {
  /** Radians per unit of the rescaled value. */
  readonly factor: number;
  /** Rescale to use where the file states none. */
  readonly unscaled?: { readonly slope: number; readonly intercept: number };
}

export function phaseScale(tags: FrameTags): PhaseScale | undefined {
  const manufacturer = tags.text(TAG.Manufacturer)?.toLowerCase() ?? '';
  if (manufacturer.startsWith('siemens')) return { factor: Math.PI / 4096, unscaled: { slope: 2, intercept: -4096 } };
  if (manufacturer.startsWith('philips')) return { factor: 1e-3 };
  return undefined;
}
