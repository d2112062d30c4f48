/** L1-wavelet by FISTA as one ONNX graph: the same iteration as src/algorithms/fista.ts, for a GPU. */
import { Graph } from '../../graph/onnx.ts';
import { addNormal, dot, type Size } from './normal-graph.ts';
import { addShrink } from './shrink-graph.ts';

const TINY = 1e-30;

/**
 * Inputs: `b` [row, 2·column] = Aᴴy, `threshold`, `tolerance` (scalars), `iterations` (int64 scalar), `shifts` (int64
 * [iterations, 2]: down and right of each), and those of `normalInputs` and `shrinkInputs`.
 * Outputs: `image` [row, 2·column] and `residuals` [at most iterations], ‖x⁺ − x‖ / ‖x⁺‖ of each.
 */
export function l1WaveletGraph(size: Size, kind: 'lines' | 'points', levels: number, iterations: number): Uint8Array {
  const { rows, columns } = size;
  const shape = [rows, 2 * columns];
  const graph = new Graph('l1');
  const b = graph.input('b', 'float32', shape);
  const threshold = graph.input('threshold', 'float32', []);
  const tolerance = graph.input('tolerance', 'float32', []);
  const count = graph.input('iterations', 'int64', []);
  const shifts = graph.input('shifts', 'int64', [iterations, 2]);
  const normal = addNormal(graph, size, kind);
  const shrink = addShrink(graph, { rows, columns, levels });

  const body = new Graph('step');
  const iteration = body.input('step.iteration', 'int64', []);
  body.input('step.going', 'bool', []);
  const x = body.input('step.x', 'float32', shape);
  const z = body.input('step.z', 'float32', shape);
  const t = body.input('step.t', 'float32', []);
  const [down, right] = [0, 1].map((column) => body.op('Gather', [body.op('Gather', [shifts, iteration], { axis: { int: 0 } }), body.integers(column)], { axis: { int: 0 } }));
  if (down === undefined || right === undefined) throw new Error('unreachable');
  const moved = body.op('Add', [body.op('Sub', [z, normal(body, z)]), b]);
  const next = shrink(body, moved, threshold, down, right);
  const one = body.constant(1);
  const root = body.op('Sqrt', [body.op('Add', [one, body.op('Mul', [body.constant(4), body.op('Mul', [t, t])])])]);
  const following = body.op('Mul', [body.op('Add', [one, root]), body.constant(0.5)]);
  const change = body.op('Sub', [next, x]);
  const momentum = body.op('Div', [body.op('Sub', [t, one]), following]);
  const nextZ = body.op('Add', [next, body.op('Mul', [momentum, change])]);
  const residual = body.op('Sqrt', [body.op('Div', [dot(body, change, change), body.op('Max', [dot(body, next, next), body.constant(TINY)])])]);
  body.output(body.op('GreaterOrEqual', [residual, tolerance]), 'step.goes_on', 'bool', []);
  body.output(next, 'step.next_x', 'float32', shape);
  body.output(nextZ, 'step.next_z', 'float32', shape);
  body.output(following, 'step.next_t', 'float32', []);
  body.output(residual, 'step.residual', 'float32', []);

  const [found, , , residuals] = graph.ops('Loop', [count, graph.boolean(true), b, b, graph.constant(1)], 4, { body });
  if (found === undefined || residuals === undefined) throw new Error('unreachable');
  graph.output(found, 'image', 'float32', shape);
  graph.output(residuals, 'residuals', 'float32', null);
  return graph.finish();
}
