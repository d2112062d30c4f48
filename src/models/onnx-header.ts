/**
 * What an ONNX file says of itself, read from its protocol buffer without running anything and without copying weights.
 * Field numbers are those of github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
import { LacunaError } from '../errors.ts';
import { fieldsOf, integersOf, textOf, type WireField } from './protobuf-reader.ts';

export interface GraphTensor {
  readonly name: string;
  /** `float32`, `int64`, …; 'other' for what is no tensor. */
  readonly dtype: string;
  /** Numbers are fixed sizes, strings symbolic ones, '?' unnamed; null where the graph gives no rank. */
  readonly shape: readonly (number | string)[] | null;
}

export interface OnnxHeader {
  readonly irVersion: number;
  readonly producer: string;
  /** Of the operator sets it imports: '' is ONNX's own. */
  readonly opsets: Readonly<Record<string, number>>;
  /** What has to be fed: initializers are left out. */
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
  /** Operators by domain and name (`com.example.Magic`; plain for ONNX's own), each once, subgraphs included. */
  readonly operators: readonly string[];
  /** Domains of operators that neither ONNX, ONNX Runtime nor the file itself defines. */
  readonly foreignDomains: readonly string[];
  /** Files beside the graph that its weights are in. */
  readonly externalData: readonly string[];
  /** Numbers in its initializers of floating point. */
  readonly parameters: number;
}

/** TensorProto.DataType. */
const DTYPES = [
  'other', 'float32', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string', 'bool', 'float16', 'float64', 'uint32', 'uint64', 'complex64', 'complex128', 'bfloat16',
] as const;
const FLOATS: readonly string[] = ['float32', 'float16', 'float64', 'bfloat16'];
/** ONNX itself, and what the CPU build of ONNX Runtime brings. */
const KNOWN_DOMAINS: readonly string[] = ['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft'];
const DEEPEST_SUBGRAPH = 16;

interface Findings {
  readonly operators: Set<string>;
  readonly domains: Set<string>;
  readonly externalData: Set<string>;
  parameters: number;
}

/** Throws input.malformed. */
export function readOnnxHeader(file: Uint8Array): OnnxHeader {
  let [irVersion, producer] = [0, ''];
  let graph: Uint8Array | null = null;
  const opsets: Record<string, number> = {};
  const own = new Set<string>();
  const found: Findings = { operators: new Set(), domains: new Set(), externalData: new Set(), parameters: 0 };
  for (const field of fieldsOf(file)) {
    if (field.number === 1) irVersion = field.value;
    else if (field.number === 2) producer = textOf(field);
    else if (field.number === 7) graph = field.bytes;
    else if (field.number === 8) {
      const { domain, version } = opset(field.bytes);
      opsets[domain] = version;
    } else if (field.number === 25) own.add(readFunction(field.bytes, found));
  }
  if (graph === null || irVersion === 0 || irVersion > 1000) throw notOnnx();
  const { inputs, outputs } = readGraph(graph, found, 0);
  if (outputs.length === 0) throw notOnnx();
  return {
    irVersion, producer, opsets, inputs, outputs,
    operators: [...found.operators].sort(),
    foreignDomains: [...found.domains].filter((domain) => !KNOWN_DOMAINS.includes(domain) && !own.has(domain)).sort(),
    externalData: [...found.externalData].sort(),
    parameters: found.parameters,
  };
}

/** OperatorSetIdProto. */
function opset(message: Uint8Array): { domain: string; version: number } {
  let [domain, version] = ['', 0];
  for (const field of fieldsOf(message)) {
    if (field.number === 1) domain = textOf(field);
    else if (field.number === 2) version = field.value;
  }
  return { domain, version };
}

/** FunctionProto: its domain is the file's own; its nodes count like those of the graph. */
function readFunction(message: Uint8Array, found: Findings): string {
  let domain = '';
  for (const field of fieldsOf(message)) {
    if (field.number === 7) readNode(field.bytes, found, 1);
    else if (field.number === 10) domain = textOf(field);
  }
  return domain;
}

function readGraph(message: Uint8Array, found: Findings, depth: number): Pick<OnnxHeader, 'inputs' | 'outputs'> {
  if (depth > DEEPEST_SUBGRAPH) throw new LacunaError('input.unsupported', 'The graph nests loops and branches deeper than any network does.');
  const inputs: GraphTensor[] = [];
  const outputs: GraphTensor[] = [];
  const weights = new Set<string>();
  for (const field of fieldsOf(message)) {
    if (field.number === 1) readNode(field.bytes, found, depth);
    else if (field.number === 5) weights.add(readTensor(field, found));
    else if (field.number === 11) inputs.push(valueInfo(field.bytes));
    else if (field.number === 12) outputs.push(valueInfo(field.bytes));
  }
  // Up to IR version 3 weights are listed among the inputs, too.
  return { inputs: inputs.filter(({ name }) => !weights.has(name)), outputs };
}

function readNode(message: Uint8Array, found: Findings, depth: number): void {
  let [operator, domain] = ['', ''];
  for (const field of fieldsOf(message)) {
    if (field.number === 4) operator = textOf(field);
    else if (field.number === 7) domain = textOf(field);
    else if (field.number === 5) readAttribute(field.bytes, found, depth);
  }
  found.domains.add(domain);
  found.operators.add(domain === '' || domain === 'ai.onnx' ? operator : `${domain}.${operator}`);
}

/** AttributeProto: tensors (constants) and subgraphs (bodies of loops) alone. */
function readAttribute(message: Uint8Array, found: Findings, depth: number): void {
  for (const field of fieldsOf(message)) {
    if (field.number === 5 || field.number === 10) readTensor(field, found);
    else if (field.number === 6 || field.number === 11) readGraph(field.bytes, found, depth + 1);
  }
}

/** TensorProto; returns its name. */
function readTensor({ bytes }: WireField, found: Findings): string {
  let [name, type, elements, outside, location] = ['', 0, 1, false, ''];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) for (const length of integersOf(field)) elements *= length;
    else if (field.number === 2) type = field.value;
    else if (field.number === 8) name = textOf(field);
    else if (field.number === 13) location = externalLocation(field.bytes) || location;
    else if (field.number === 14) outside = field.value === 1;
  }
  if (outside || location !== '') found.externalData.add(location || 'unnamed');
  // A scalar tunes an operator; it was not learned.
  if (FLOATS.includes(DTYPES[type] ?? '') && elements > 1) found.parameters += elements;
  return name;
}

/** StringStringEntryProto of external_data. */
function externalLocation(message: Uint8Array): string {
  let [key, value] = ['', ''];
  for (const field of fieldsOf(message)) {
    if (field.number === 1) key = textOf(field);
    else if (field.number === 2) value = textOf(field);
  }
  return key === 'location' ? value : '';
}

function valueInfo(message: Uint8Array): GraphTensor {
  let name = '';
  let type: Pick<GraphTensor, 'dtype' | 'shape'> = { dtype: 'other', shape: null };
  for (const field of fieldsOf(message)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) for (const kind of fieldsOf(field.bytes)) if (kind.number === 1) type = tensorType(kind.bytes);
  }
  return { name, ...type };
}

/** TypeProto.Tensor. */
function tensorType(message: Uint8Array): Pick<GraphTensor, 'dtype' | 'shape'> {
  let dtype = 'other';
  let shape: (number | string)[] | null = null;
  for (const field of fieldsOf(message)) {
    if (field.number === 1) dtype = DTYPES[field.value] ?? 'other';
    else if (field.number === 2) shape = [...fieldsOf(field.bytes)].filter(({ number }) => number === 1).map(({ bytes }) => dimension(bytes));
  }
  return { dtype, shape };
}

function dimension(message: Uint8Array): number | string {
  for (const field of fieldsOf(message)) {
    // Exporters write 0 or −1 where the size is not fixed.
    if (field.number === 1) return field.value > 0 && field.value < 2 ** 31 ? field.value : '?';
    if (field.number === 2) return textOf(field) || '?';
  }
  return '?';
}

function notOnnx(): LacunaError {
  return new LacunaError('input.unrecognised', 'This is not an ONNX graph: it has no operators, inputs and outputs where ONNX keeps them.');
}
