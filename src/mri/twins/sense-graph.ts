/** SENSE by conjugate gradients as one ONNX graph: the same iteration as src/algorithms/cg.ts, for a GPU. */
import { Graph } from '../../graph/onnx.ts';
import { addNormal, dot, type Size } from './normal-graph.ts';

/** A relative residual below this is rounding: the recursion would only divide noise by noise. */
const TINY = 1e-30;

/**
 * Inputs: `b` [row, 2·column] = Aᴴy, `lambda`, `tolerance` (scalars), `iterations` (int64 scalar), and those of `normalInputs`.
 * Outputs: `image` [row, 2·column] and `residuals` [at most iterations], ‖b − N x‖ / ‖b‖ after each.
 */
export function senseGraph(size: Size, kind: 'lines' | 'points'): Uint8Array {
  const { rows, columns } = size;
  const shape = [rows, 2 * columns];
  const graph = new Graph('sense');
  const b = graph.input('b', 'float32', shape);
  const lambda = graph.input('lambda', 'float32', []);
  const tolerance = graph.input('tolerance', 'float32', []);
  const iterations = graph.input('iterations', 'int64', []);
  const normal = addNormal(graph, size, kind);
  const target = graph.op('Max', [dot(graph, b, b), graph.constant(TINY)]);
  const zero = graph.op('Sub', [b, b]);

  const body = new Graph('step');
  body.input('step.iteration', 'int64', []);
  body.input('step.going', 'bool', []);
  const x = body.input('step.x', 'float32', shape);
  const r = body.input('step.r', 'float32', shape);
  const p = body.input('step.p', 'float32', shape);
  const rr = body.input('step.rr', 'float32', []);
  const image = body.op('Add', [normal(body, p), body.op('Mul', [lambda, p])]);
  const step = body.op('Div', [rr, body.op('Max', [dot(body, p, image), body.constant(TINY)])]);
  const nextX = body.op('Add', [x, body.op('Mul', [step, p])]);
  const nextR = body.op('Sub', [r, body.op('Mul', [step, image])]);
  const nextRr = dot(body, nextR, nextR);
  const nextP = body.op('Add', [nextR, body.op('Mul', [body.op('Div', [nextRr, body.op('Max', [rr, body.constant(TINY)])]), p])]);
  const residual = body.op('Sqrt', [body.op('Div', [nextRr, target])]);
  body.output(body.op('GreaterOrEqual', [residual, tolerance]), 'step.goes_on', 'bool', []);
  body.output(nextX, 'step.next_x', 'float32', shape);
  body.output(nextR, 'step.next_r', 'float32', shape);
  body.output(nextP, 'step.next_p', 'float32', shape);
  body.output(nextRr, 'step.next_rr', 'float32', []);
  body.output(residual, 'step.residual', 'float32', []);

  const [found, , , , residuals] = graph.ops('Loop', [iterations, graph.boolean(true), zero, b, b, dot(graph, b, b)], 5, { body });
  if (found === undefined || residuals === undefined) throw new Error('unreachable');
  graph.output(found, 'image', 'float32', shape);
  graph.output(residuals, 'residuals', 'float32', null);
  return graph.finish();
}
