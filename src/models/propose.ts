/** What the tensors of somebody's ONNX graph may hold, told by their names and shapes; and why a graph cannot be taken. */
import { fixedSize, layoutOf, openBatchAxes, type TensorAxis } from '../array/tensor-layout.ts';
import { LacunaError } from '../errors.ts';
import type { TensorRole } from './manifest.ts';
import type { GraphTensor, OnnxHeader } from './onnx-header.ts';

export interface TensorProposal extends GraphTensor {
  /** Every role that its shape allows, in the order of likelihood. */
  readonly roles: readonly TensorRole[];
  /** The most likely; null where a person has to say, or the graph is of no use here. */
  readonly role: TensorRole | null;
}

export interface Proposal {
  readonly inputs: readonly TensorProposal[];
  readonly outputs: readonly TensorProposal[];
  readonly task: 'mri-reconstruction' | 'mri-artefact-removal';
}

export const INPUT_ROLES: readonly TensorRole[] = ['adjoint', 'magnitude', 'kspace', 'maps', 'mask-lines', 'weights', 'dft-lines', 'dft-rows', 'dft-columns', 'condition'];
export const OUTPUT_ROLES: readonly TensorRole[] = ['image', 'image-magnitude'];
/** Roles by which a network knows how the samples were taken. */
export const PHYSICS_ROLES: readonly TensorRole[] = ['maps', 'kspace', 'mask-lines', 'weights', 'dft-lines', 'dft-rows', 'dft-columns'];

const IMAGES: readonly TensorRole[] = ['adjoint', 'magnitude', 'image', 'image-magnitude'];
const MOST_TENSORS = 16;
/** Sides of images and k-space; what fixes others holds something else. */
const SMALLEST_SIDE = 16;
const LARGEST_SIDE = 4096;
const MOST_COILS = 256;
/** Names as people give them, by the role they speak for. */
const NAMES: readonly (readonly [RegExp, readonly TensorRole[]])[] = [
  [/sens|csm|smap|coil|maps?$/i, ['maps']],
  [/mask|weights|sampling/i, ['mask-lines', 'weights']],
  [/(dft|fourier).*row/i, ['dft-rows']],
  [/(dft|fourier).*col/i, ['dft-columns']],
  [/(dft|fourier)(?!.*(row|col))/i, ['dft-lines']],
  [/k_?-?space|ksp|^y$|meas/i, ['kspace']],
  [/cond|sigma|noise_?level|accel/i, ['condition']],
  [/mag(?!e)|abs/i, ['magnitude', 'image-magnitude']],
];
const STATE = /cache|state|hidden|^[hc]_?\d*$|memory|prev/i;

/** Throws input.unsupported where nothing could be made of the graph whatever a person says. */
export function proposeRoles(header: OnnxHeader): Proposal {
  refuseUnfit(header);
  const inputs = header.inputs.map((tensor) => propose(tensor, INPUT_ROLES));
  const outputs = header.outputs.map((tensor) => propose(tensor, OUTPUT_ROLES));
  for (const input of inputs) if (input.roles.length === 0) throw unfit(describeMisfit(input, 'input'), input.name);
  if (outputs.every(({ roles }) => roles.length === 0)) {
    const [first] = outputs as [TensorProposal];
    throw unfit(describeMisfit(first, 'output'), first.name);
  }
  const physics = inputs.some(({ role }) => role !== null && PHYSICS_ROLES.includes(role));
  return { inputs: distinct(inputs), outputs, task: physics ? 'mri-reconstruction' : 'mri-artefact-removal' };
}

function refuseUnfit({ externalData, foreignDomains, inputs, outputs }: OnnxHeader): void {
  if (externalData.length > 0) {
    throw unfit(`Its weights lie in other files (${externalData.slice(0, 3).join(', ')}). Export it as one file, for instance with onnx.save(model, path, save_as_external_data=False).`, 'external_data');
  }
  if (foreignDomains.length > 0) {
    throw unfit(`It needs operators of ${foreignDomains.join(', ')}, which ONNX Runtime does not have. Packages hold no code; export it with standard operators.`, 'domain');
  }
  if (inputs.length === 0) throw unfit('It takes no input.', 'input');
  if (inputs.length > MOST_TENSORS || outputs.length > MOST_TENSORS) throw unfit(`It has ${inputs.length} inputs and ${outputs.length} outputs; at most ${MOST_TENSORS} are expected.`, 'input');
  for (const tensor of inputs) {
    if (tensor.dtype !== 'float32') throw unfit(`The input ${tensor.name} is ${tensor.dtype}; images and samples are given as float32. Export it in float32.`, tensor.name);
    if (tensor.shape === null) throw unfit(`The graph does not say how many axes the input ${tensor.name} has.`, tensor.name);
  }
  if (outputs.every(({ dtype }) => dtype !== 'float32')) throw unfit(`Its outputs are ${[...new Set(outputs.map(({ dtype }) => dtype))].join(', ')}; an image must be float32.`, 'output');
}

function propose(tensor: GraphTensor, allowed: readonly TensorRole[]): TensorProposal {
  const { name, shape, dtype } = tensor;
  const fitting = shape === null || dtype !== 'float32' ? [] : allowed.filter((role) => couldBe(role, shape));
  const open = (role: TensorRole): number => openBatchAxes(layoutOf(role, shape ?? []) ?? [], shape ?? []);
  fitting.sort((a, b) => open(a) - open(b));
  const named = NAMES.filter(([pattern]) => pattern.test(name)).flatMap(([, roles]) => roles);
  const rank = (role: TensorRole): number => (named.includes(role) ? 0 : IMAGES.includes(role) ? 1 : 2);
  const roles = fitting.toSorted((a, b) => rank(a) - rank(b));
  // A shape alone tells an image, no more: maps and k-space look alike, and so do masks and weights. Open channels do not tell even that.
  const [first] = roles;
  const sure = first !== undefined && (named.includes(first) || (IMAGES.includes(first) && open(first) < 2));
  return { ...tensor, roles, role: sure || (first !== undefined && OUTPUT_ROLES.includes(first)) ? first : null };
}

/** The layout fits, and fixed sizes are such as images have. */
function couldBe(role: TensorRole, shape: readonly (number | string)[]): boolean {
  if (layoutOf(role, shape) === null) return false;
  const size = (axis: TensorAxis): number | null => fixedSize(role, shape, axis);
  const sides = (['rows', 'columns', 'spectrum_rows', 'spectrum_columns'] as const).map(size);
  return sides.every((side) => side === null || (side >= SMALLEST_SIDE && side <= LARGEST_SIDE)) && (size('coils') ?? 1) <= MOST_COILS;
}

/** Nothing is fed twice the same: a second image input has to be named by a person. */
function distinct(inputs: readonly TensorProposal[]): readonly TensorProposal[] {
  const taken = new Set<TensorRole>();
  return inputs.map((input) => {
    const role = input.role !== null && !taken.has(input.role) ? input.role : (input.roles.find((other) => !taken.has(other) && input.role !== null) ?? null);
    if (role !== null) taken.add(role);
    return { ...input, role };
  });
}

function describeMisfit({ name, shape, dtype }: GraphTensor, what: 'input' | 'output'): string {
  const size = shape === null ? 'of unknown shape' : `${dtype} [${shape.join(', ')}]`;
  if (what === 'output') return `Its output ${name} is ${size}: no image of rows × columns, as an MRI reconstruction gives.`;
  const state = STATE.test(name) ? ' It looks like the state of a network that runs along time, as for audio.' : '';
  return `Its input ${name} is ${size}: neither an image, nor k-space, coil maps, a mask or a DFT matrix has such a shape.${state}`;
}

function unfit(reason: string, field: string): LacunaError {
  return new LacunaError('input.unsupported', `This network cannot be used for MRI. ${reason}`, { field });
}
