/** What somebody's network is fed: values by role, divided by one scale, padded where its sides must be multiples, laid out as its graph has them. */
import { zeros, type NdArray } from '../array/nd-array.ts';
import { arrange, arrangeBack, layoutOf } from '../array/tensor-layout.ts';
import { LacunaError } from '../errors.ts';
import { isImageToImage, type NetworkShape, type NetworkTensor } from './network-fit.ts';
import { asComplex, asReal, dftMatrix, largestMagnitude, type DftSource, roleValues, type UnrolledProblem } from './unrolled.ts';

export type NetworkScale = 'maximum' | 'deviation' | 'none';

export interface NetworkFeed {
  readonly inputs: Readonly<Record<string, NdArray<'float32'>>>;
  /** What image and samples were divided by. */
  readonly scale: number;
  /** The network's output as an image of the problem, [row, column], on the problem's scale. Throws infer.failed where it is none. */
  image(outputs: Readonly<Record<string, NdArray<'float32'>>>): NdArray<'complex64'>;
}

export interface NetworkSpec extends NetworkShape {
  readonly id: string;
  readonly scale: NetworkScale;
}

/** `kspace` is masked, [coil, row, column]. Throws usage.unsupported for roles that the measurement cannot serve. */
export function networkFeed(spec: NetworkSpec, problem: UnrolledProblem, kspace: NdArray<'complex64'>, dft: DftSource = dftMatrix): NetworkFeed {
  const scale = scaleOf(problem.adjoint, spec.scale);
  const by = 1 / scale;
  const values = roleValues({ ...problem, adjoint: scaled(problem.adjoint, by), noise: problem.noise * by }, dft);
  const pad = isImageToImage(spec) ? paddingFor(problem.adjoint.shape as [number, number], spec.multiple ?? 1) : NO_PADDING;
  const value = (role: NetworkTensor['role']): NdArray<'float32'> => {
    if (role === 'magnitude') return padded(scaledMagnitude(problem.adjoint, by), pad, 1);
    if (role === 'kspace') return asReal(scaled(kspace, by));
    const make = values[role];
    if (make === undefined) throw new LacunaError('usage.unsupported', `The model ${spec.id} wants ${role}, which this measurement does not have.`, { field: 'model' });
    return role === 'adjoint' ? padded(make(), pad, 2) : make();
  };
  const inputs = Object.fromEntries(spec.inputs.map(({ name, role, shape }) => [name, arrange(value(role), layoutOf(role, shape) ?? [])]));
  return { inputs, scale, image: (outputs) => imageOf(outputs, spec, problem.adjoint, pad, scale) };
}

/** Largest magnitude, or standard deviation of the magnitudes; 1 for a silent image. */
export function scaleOf(image: NdArray<'complex64'>, scale: NetworkScale): number {
  if (scale === 'none') return 1;
  if (scale === 'maximum') return largestMagnitude(image);
  let [sum, power] = [0, 0];
  const count = image.data.length / 2;
  for (let i = 0; i < image.data.length; i += 2) {
    const energy = (image.data[i] as number) ** 2 + (image.data[i + 1] as number) ** 2;
    sum += Math.sqrt(energy);
    power += energy;
  }
  const deviation = Math.sqrt(Math.max(0, power / count - (sum / count) ** 2));
  return deviation > 0 ? deviation : 1;
}

function imageOf(outputs: NetworkFeed['inputs'], spec: NetworkSpec, adjoint: NdArray<'complex64'>, pad: Padding, scale: number): NdArray<'complex64'> {
  const tensor = spec.outputs[0];
  const given = tensor === undefined ? undefined : outputs[tensor.name];
  const layout = tensor === undefined ? null : layoutOf(tensor.role, tensor.shape);
  const [rows, columns] = adjoint.shape as [number, number];
  const parts = tensor?.role === 'image' ? 2 : 1;
  const size = (rows + pad.rows) * (columns + pad.columns) * parts;
  if (given === undefined || layout === null || given.shape.length !== layout.length || given.data.length !== size) {
    const found = given === undefined ? 'nothing' : `[${given.shape.join(', ')}]`;
    throw new LacunaError('infer.failed', `The model ${spec.id} gave ${found} where an image of ${rows + pad.rows} × ${columns + pad.columns} was promised.`, { field: tensor?.name ?? 'output' });
  }
  const image = cropped(arrangeBack(given, layout).data, pad, [rows, columns], parts);
  return parts === 2 ? asComplex({ dtype: 'float32', shape: [rows, columns, 2], data: times(image, scale) }) : withPhase(times(image, scale), adjoint);
}

/** A network of magnitudes leaves the phase as it was measured. */
function withPhase(magnitude: Float32Array, adjoint: NdArray<'complex64'>): NdArray<'complex64'> {
  const out = zeros('complex64', adjoint.shape);
  for (let i = 0; i < magnitude.length; i++) {
    const [re, im] = [adjoint.data[2 * i] as number, adjoint.data[2 * i + 1] as number];
    const length = Math.hypot(re, im);
    const factor = length > 0 ? (magnitude[i] as number) / length : 0;
    out.data[2 * i] = length > 0 ? re * factor : (magnitude[i] as number);
    out.data[2 * i + 1] = im * factor;
  }
  return out;
}

interface Padding {
  /** Rows and columns that are added, half of them (rounded down) before the first. */
  readonly rows: number;
  readonly columns: number;
}
const NO_PADDING: Padding = { rows: 0, columns: 0 };

function paddingFor([rows, columns]: readonly [number, number], multiple: number): Padding {
  const more = (n: number): number => (multiple - (n % multiple)) % multiple;
  return { rows: more(rows), columns: more(columns) };
}

/** Mirrored at the edges, so that no edge appears where there is none. `parts` numbers a pixel. */
function padded(value: NdArray<'float32'>, pad: Padding, parts: number): NdArray<'float32'> {
  if (pad.rows === 0 && pad.columns === 0) return value;
  const [rows, columns] = value.shape as [number, number];
  const out = zeros('float32', [rows + pad.rows, columns + pad.columns, ...value.shape.slice(2)]);
  const [down, across] = [pad.rows >> 1, pad.columns >> 1];
  for (let r = 0; r < rows + pad.rows; r++) {
    const from = mirror(r - down, rows);
    for (let c = 0; c < columns + pad.columns; c++) {
      const at = (from * columns + mirror(c - across, columns)) * parts;
      const to = (r * (columns + pad.columns) + c) * parts;
      for (let p = 0; p < parts; p++) out.data[to + p] = value.data[at + p] as number;
    }
  }
  return out;
}

/** … 1 0 | 0 1 2 … n−1 | n−1 n−2 …, however far outside. */
function mirror(i: number, n: number): number {
  const turn = ((i % (2 * n)) + 2 * n) % (2 * n);
  return turn < n ? turn : 2 * n - 1 - turn;
}

function cropped(data: Float32Array, pad: Padding, [rows, columns]: readonly [number, number], parts: number): Float32Array {
  if (pad.rows === 0 && pad.columns === 0) return data.slice();
  const out = new Float32Array(rows * columns * parts);
  const width = (columns + pad.columns) * parts;
  for (let r = 0; r < rows; r++) {
    const from = (r + (pad.rows >> 1)) * width + (pad.columns >> 1) * parts;
    out.set(data.subarray(from, from + columns * parts), r * columns * parts);
  }
  return out;
}

function scaled(array: NdArray<'complex64'>, by: number): NdArray<'complex64'> {
  return { ...array, data: times(array.data.slice(), by) };
}

function scaledMagnitude(image: NdArray<'complex64'>, by: number): NdArray<'float32'> {
  const out = zeros('float32', image.shape);
  for (let i = 0; i < out.data.length; i++) out.data[i] = by * Math.hypot(image.data[2 * i] as number, image.data[2 * i + 1] as number);
  return out;
}

function times(data: Float32Array, by: number): Float32Array {
  for (let i = 0; i < data.length; i++) data[i] = by * (data[i] as number);
  return data;
}
