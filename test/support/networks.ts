/** Small ONNX networks as people might bring them, made by the studio's own writer. */
import { Graph } from '../../src/graph/onnx.ts';

/** Halves what it is given: [1, 1, H, W] of any size. */
export function halving(shape: readonly (number | string)[] = ['batch', 'channel', 'height', 'width'], names = { input: 'x', output: 'y' }): Uint8Array {
  const graph = new Graph('halving');
  const x = graph.input(names.input, 'float32', shape);
  graph.output(graph.op('Mul', [x, graph.constant(0.5)]), names.output, 'float32', shape);
  return graph.finish();
}

/** Needs sides that are multiples of `block`: what is folded into channels is unfolded again. */
export function folding(block: number): Uint8Array {
  const graph = new Graph('folding');
  const shape = [1, 2, 'height', 'width'];
  const folded = graph.op('SpaceToDepth', [graph.input('image', 'float32', shape)], { blocksize: { int: block } });
  graph.output(graph.op('DepthToSpace', [folded], { blocksize: { int: block } }), 'restored', 'float32', shape);
  return graph.finish();
}

/** The adjoint times the share of lines that its mask keeps; maps are fed and count for nothing. */
export function physics(coils: number | string = 'coils'): Uint8Array {
  const graph = new Graph('physics');
  const adjoint = graph.input('zero_filled', 'float32', ['h', 'w', 2]);
  const maps = graph.input('sens_maps', 'float32', [1, coils, 'h', 'w', 2]);
  const mask = graph.input('mask', 'float32', [1, 1, 1, 'w']);
  const share = graph.op('ReduceMean', [mask], { keepdims: { int: 0 } });
  const nothing = graph.op('Mul', [graph.op('ReduceSum', [maps], { keepdims: { int: 0 } }), graph.constant(0)]);
  graph.output(graph.op('Add', [graph.op('Mul', [adjoint, share]), nothing]), 'out', 'float32', ['h', 'w', 2]);
  return graph.finish();
}

/** Gives no finite number anywhere. */
export function notFinite(): Uint8Array {
  const graph = new Graph('not-finite');
  const shape = [1, 1, 'h', 'w'];
  const x = graph.input('x', 'float32', shape);
  graph.output(graph.op('Log', [graph.op('Sub', [x, graph.constant(1e6)])]), 'y', 'float32', shape);
  return graph.finish();
}

/** Leaves a border away. */
export function shrinking(): Uint8Array {
  const graph = new Graph('shrinking');
  const x = graph.input('x', 'float32', [1, 1, 'h', 'w']);
  graph.output(graph.op('AveragePool', [x], { kernel_shape: [3, 3] }), 'y', 'float32', [1, 1, 'h2', 'w2']);
  return graph.finish();
}
