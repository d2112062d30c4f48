/**
 * How the cost of the methods grows with coils, matrix and iterations: through their steps, maps included, on two threads. One
 * JSON line a figure; with LACUNA_PLOT=FILE.svg the same as a plot. `npm run bench growth` redraws docs/cost-growth.svg.
 */
import { writeFileSync } from 'node:fs';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { zeros } from '../../src/array/nd-array.ts';
import type { MriMeasurement } from '../../src/mri/measurement.ts';
import { measure } from '../../src/pipeline/measure.ts';
import { checkParams, findStep } from '../../src/pipeline/registry.ts';
import type { MethodContext } from '../../src/pipeline/step.ts';
import { coils } from '../../src/operators/coils.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { equispacedLines } from '../../src/sampling/fastmri.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { Kernels, useKernels } from '../../src/transform/kernels.ts';
import { logPlot, type Panel } from '../support/log-plot.ts';

const THREADS = 2;
const ROUNDS = 2;
const METHODS = ['zero-filled', 'sense', 'l1-wavelet', 'tv', 'grappa'];
/** Where the other two stay while one grows. */
const [COILS, MATRIX, ITERATIONS] = [8, 256, 40];

function problem(count: number, n: number): MriMeasurement {
  const image = zeros('complex64', [n, n]);
  const maps = zeros('complex64', [count, n, n]);
  for (let i = 0; i < n * n; i++) {
    const [x, v] = [((i % n) / n) * 2 - 1, (Math.floor(i / n) / n) * 2 - 1];
    image.data[2 * i] = x * x + v * v < 0.7 ? 0.6 + 0.4 * Math.sin(20 * x * v) : 0;
    for (let c = 0; c < count; c++) {
      const angle = (2 * Math.PI * c) / count;
      const size = Math.exp(-((x - Math.cos(angle)) ** 2 + (v - Math.sin(angle)) ** 2));
      maps.data.set([size * Math.cos(angle + x), size * Math.sin(angle + x)], 2 * (c * n * n + i));
    }
  }
  const pattern = describePattern({ kind: 'lines', rows: n, columns: n, mask: equispacedLines(n, { acceleration: 4, centreFraction: 0.08, seed: 1 }) });
  return measure(fft2c(coils(maps).apply(image)), pattern, { output: { rows: n, columns: n } });
}

/** Shortest of a few runs, each with an empty cache, ms. */
async function timeOf(name: string, measurement: MriMeasurement, iterations: number): Promise<number> {
  const step = findStep('method', name);
  const params = checkParams(step, 'iterations' in step.params.shape ? { iterations } : {});
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    const steps = step.run(measurement, params, context());
    while ((await steps.next()).done !== true);
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

function context(): MethodContext {
  const refuse = () => Promise.reject(new Error('no inference in this bench'));
  return { signal: NEVER_CANCELLED, cache: new Map(), infer: { providers: async () => [], run: refuse }, loadModel: refuse };
}

async function panel(title: string, x: string, values: readonly number[], of: (value: number) => { measurement: MriMeasurement; iterations: number }, names: readonly string[]): Promise<Panel> {
  const curves = names.map((name) => ({ name: findStep('method', name).title, points: [] as [number, number][] }));
  for (const value of values) {
    const { measurement, iterations } = of(value);
    for (const [i, name] of names.entries()) {
      const ms = Number((await timeOf(name, measurement, iterations)).toPrecision(3));
      curves[i]?.points.push([value, ms]);
      process.stdout.write(`${JSON.stringify({ figure: `cost of ${name} against ${x}`, [x]: value, ms, threads: THREADS })}\n`);
    }
  }
  return { title, x, y: 'ms', curves };
}

useKernels(new Kernels(THREADS));
const fixed = problem(COILS, MATRIX);
const iterative = METHODS.filter((name) => 'iterations' in findStep('method', name).params.shape);
const panels = [
  await panel(`${MATRIX}², ${ITERATIONS} iterations`, 'coils', [1, 2, 4, 8, 16], (value) => ({ measurement: problem(value, MATRIX), iterations: ITERATIONS }), METHODS),
  await panel(`${COILS} coils, ${ITERATIONS} iterations`, 'matrix', [64, 128, 256, 512], (value) => ({ measurement: problem(COILS, value), iterations: ITERATIONS }), METHODS),
  await panel(`${COILS} coils, ${MATRIX}²`, 'iterations', [8, 16, 32, 64, 128], (value) => ({ measurement: fixed, iterations: value }), iterative),
];
const file = process.env['LACUNA_PLOT'];
if (file !== undefined) writeFileSync(file, logPlot(panels));
