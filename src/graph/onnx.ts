/**
 * Builds ONNX models in memory: what a classical reconstruction needs to run as one graph on a GPU. Field numbers are those of
 * onnx.proto (IR version 8); operators those of opset 17 (github.com/onnx/onnx/blob/main/docs/Operators.md).
 */
import { Message } from './protobuf.ts';

const IR_VERSION = 8;
const OPSET = 17;
const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;
const TYPES = { float32: FLOAT, int64: INT64, bool: BOOL } as const;
export type GraphDType = keyof typeof TYPES;

/** The name of a tensor inside a graph. */
export type Value = string & { readonly __value: unique symbol };
export type Attribute = number | readonly number[] | { readonly int: number } | Graph;

/** One graph, or the body of a loop: nodes in the order they were added. */
export class Graph {
  readonly #name: string;
  readonly #nodes: Message[] = [];
  readonly #constants: Message[] = [];
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];
  #count = 0;

  /** Names inside start with `name`, so that a body may use the tensors of the graph around it. */
  constructor(name: string) {
    this.#name = name;
  }

  /** Names in `shape` are sizes that are left open. */
  input(name: string, dtype: GraphDType, shape: readonly (number | string)[]): Value {
    this.#inputs.push(valueInfo(name, dtype, shape));
    return name as Value;
  }

  /** `shape` is null where it is known only after running. */
  output(value: Value, name: string, dtype: GraphDType, shape: readonly (number | string)[] | null): void {
    this.#nodes.push(new Message().text(1, value).text(2, name).text(4, 'Identity'));
    this.#outputs.push(valueInfo(name, dtype, shape));
  }

  /** float32 constant; a scalar where no shape is given. */
  constant(values: readonly number[] | number, shape: readonly number[] = []): Value {
    const list = typeof values === 'number' ? [values] : values;
    return this.#initializer(FLOAT, shape, new Uint8Array(Float32Array.from(list).buffer));
  }

  /** int64 constant of rank 1, as shapes, axes and slice bounds want it; a scalar for a single number. */
  integers(values: readonly number[] | number): Value {
    const list = typeof values === 'number' ? [values] : values;
    return this.#initializer(INT64, typeof values === 'number' ? [] : [list.length], new Uint8Array(BigInt64Array.from(list, BigInt).buffer));
  }

  boolean(value: boolean): Value {
    return this.#initializer(BOOL, [], Uint8Array.of(value ? 1 : 0));
  }

  /** The only output of an operator. */
  op(operator: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    return this.ops(operator, inputs, 1, attributes)[0] as Value;
  }

  /** All `outputs` of an operator. */
  ops(operator: string, inputs: readonly Value[], outputs: number, attributes: Readonly<Record<string, Attribute>> = {}): readonly Value[] {
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    const names = Array.from({ length: outputs }, () => this.#fresh());
    for (const name of names) node.text(2, name);
    node.text(4, operator);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    this.#nodes.push(node);
    return names;
  }

  /** GraphProto. */
  message(): Message {
    const graph = new Message();
    for (const node of this.#nodes) graph.message(1, node);
    graph.text(2, this.#name);
    for (const constant of this.#constants) graph.message(5, constant);
    for (const input of this.#inputs) graph.message(11, input);
    for (const output of this.#outputs) graph.message(12, output);
    return graph;
  }

  /** The whole file. */
  finish(): Uint8Array {
    return new Message()
      .integer(1, IR_VERSION)
      .text(2, 'lacuna')
      .message(7, this.message())
      .message(8, new Message().text(1, '').integer(2, OPSET))
      .finish();
  }

  #fresh(): Value {
    return `${this.#name}/${this.#count++}` as Value;
  }

  #initializer(type: number, shape: readonly number[], raw: Uint8Array): Value {
    const name = this.#fresh();
    const tensor = new Message();
    for (const n of shape) tensor.integer(1, n);
    this.#constants.push(tensor.integer(2, type).text(8, name).bytes(9, raw));
    return name;
  }
}

/** ValueInfoProto of a tensor. */
function valueInfo(name: string, dtype: GraphDType, shape: readonly (number | string)[] | null): Message {
  const tensor = new Message().integer(1, TYPES[dtype]);
  if (shape !== null) {
    const dimensions = new Message();
    for (const n of shape) dimensions.message(1, typeof n === 'number' ? new Message().integer(1, n) : new Message().text(2, n));
    tensor.message(2, dimensions);
  }
  return new Message().text(1, name).message(2, new Message().message(1, tensor));
}

/** AttributeProto: FLOAT 1, INT 2, GRAPH 5, INTS 7. */
function attribute(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if (value instanceof Graph) return message.message(6, value.message()).integer(20, 5);
  if (typeof value === 'number') return message.float(2, value).integer(20, 1);
  if ('int' in value) return message.integer(3, value.int).integer(20, 2);
  for (const n of value) message.integer(8, n);
  return message.integer(20, 7);
}
