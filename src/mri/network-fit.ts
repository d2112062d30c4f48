/** Whether somebody's network fits a measurement, told by the shapes in its manifest. Pure, so that the page can tell before running. */
import { fixedSize, type TensorAxis, type TensorShape } from '../array/tensor-layout.ts';
import type { TensorRole } from '../models/manifest.ts';

export interface NetworkTensor {
  readonly name: string;
  readonly role: TensorRole;
  readonly shape: TensorShape;
}

export interface NetworkShape {
  readonly inputs: readonly NetworkTensor[];
  readonly outputs: readonly NetworkTensor[];
  /** Sides must be multiples of this. */
  readonly multiple?: number | undefined;
}

export interface MeasuredShape {
  readonly rows: number;
  readonly columns: number;
  readonly coils: number;
  readonly kind: 'lines' | 'points' | 'trajectory';
  readonly nonCartesian?: boolean | undefined;
}

/** Roles that are one image alone: it may be padded, since nothing else has to match it. */
const IMAGE_ROLES: readonly TensorRole[] = ['adjoint', 'magnitude', 'condition'];

/** The network sees an image and no samples: no masks, maps or matrices. */
export function isImageToImage({ inputs }: Pick<NetworkShape, 'inputs'>): boolean {
  return inputs.every(({ role }) => IMAGE_ROLES.includes(role));
}

/** The size of an axis that any of its tensors fixes, or null. */
export function fixedAxis({ inputs, outputs }: Pick<NetworkShape, 'inputs' | 'outputs'>, axis: TensorAxis): number | null {
  for (const { role, shape } of [...inputs, ...outputs]) {
    const size = fixedSize(role, shape, axis);
    if (size !== null) return size;
  }
  return null;
}

/** Why the network cannot take such a measurement, in one sentence, or null where it can. */
export function networkRefusal(network: NetworkShape, { rows, columns, coils, kind, nonCartesian }: MeasuredShape): string | null {
  if (nonCartesian === true || kind === 'trajectory') return 'Own networks are given Cartesian samples; this measurement runs along a trajectory.';
  const lines = network.inputs.find(({ role }) => role === 'mask-lines' || role === 'dft-lines');
  if (lines !== undefined && kind !== 'lines') return `It takes whole lines (its input ${lines.name}); this pattern keeps single points.`;
  const [height, width] = [fixedAxis(network, 'rows') ?? fixedAxis(network, 'spectrum_rows'), fixedAxis(network, 'columns') ?? fixedAxis(network, 'spectrum_columns')];
  if ((height !== null && height !== rows) || (width !== null && width !== columns)) {
    return `It takes ${height ?? 'any number of'} × ${width ?? 'any number of'} samples (rows × columns); this slice has ${rows} × ${columns}.`;
  }
  const channels = fixedAxis(network, 'coils');
  if (channels !== null && channels > coils) return `It takes ${channels} coils; this recording has ${coils}.`;
  const multiple = network.multiple ?? 1;
  if (!isImageToImage(network) && (rows % multiple !== 0 || columns % multiple !== 0)) {
    return `Its sides must be multiples of ${multiple}; this slice has ${rows} × ${columns}.`;
  }
  return null;
}
