/** How far a provider's outputs are from CPU's. */
import type { Tensors } from './tensors.ts';

export interface Difference {
  /** Largest absolute difference over all outputs; NaN and infinities on one side only count as Infinity. */
  readonly maxAbs: number;
  /** ‖a − b‖ / ‖b‖ over all outputs together, with b from CPU. */
  readonly nrmse: number;
}

/** Compares float32 outputs by name; a missing or differently shaped output counts as Infinity. */
export function compareOutputs(outputs: Tensors, reference: Tensors): Difference {
  let maxAbs = 0;
  let error = 0;
  let energy = 0;
  for (const [name, b] of Object.entries(reference)) {
    const a = outputs[name];
    if (a === undefined || a.data.length !== b.data.length) return { maxAbs: Infinity, nrmse: Infinity };
    for (let i = 0; i < b.data.length; i++) {
      const expected = Number(b.data[i]);
      const distance = Math.abs(Number(a.data[i]) - expected);
      // A NaN compares false with everything, so it must be caught by name.
      if (!Number.isFinite(distance)) return { maxAbs: Infinity, nrmse: Infinity };
      if (distance > maxAbs) maxAbs = distance;
      error += distance * distance;
      energy += expected * expected;
    }
  }
  return { maxAbs, nrmse: energy === 0 ? (error === 0 ? 0 : Infinity) : Math.sqrt(error / energy) };
}

export function isWithin(difference: Difference, tolerance: Difference): boolean {
  return difference.maxAbs <= tolerance.maxAbs && difference.nrmse <= tolerance.nrmse;
}
