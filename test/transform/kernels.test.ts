import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { Kernels } from '../../src/transform/kernels.ts';
import { compileKernels } from '../../src/transform/kernels.node.ts';
import { RowBlocks } from '../../src/transform/row-blocks.ts';
import { randomComplex } from '../support/random-array.ts';

const made: Kernels[] = [];
function team(threads: number): Kernels {
  const kernels = new Kernels(threads);
  made.push(kernels);
  return kernels;
}
afterEach(async () => {
  await Promise.all(made.splice(0).map((kernels) => kernels.dispose()));
});

/** Large enough that vectors are shared out among the threads. */
const SIZE = [1200, 900] as const;

function sumAndDot(kernels: Kernels): { sum: Float32Array; dot: number } {
  const space = new RowBlocks(kernels, ...SIZE);
  const [x, y] = [space.create(), space.create()];
  space.set(x, randomComplex(SIZE, 1).data);
  space.set(y, randomComplex(SIZE, 2).data);
  const dot = space.dot(x, y);
  for (let i = 0; i < 20; i++) space.combine(y, 0.7, x, 0.9, y);
  return { sum: space.toArray(y).data, dot };
}

describe('a team of threads', () => {
  it('gives the same bits as one thread', () => {
    const alone = sumAndDot(team(1));
    for (const threads of [2, 3, 5]) {
      const shared = sumAndDot(team(threads));
      expect(shared.dot).toBe(alone.dot);
      expect(Buffer.compare(Buffer.from(shared.sum.buffer), Buffer.from(alone.sum.buffer))).toBe(0);
    }
  });

  it('goes on alone after its helpers have been dismissed', async () => {
    const kernels = team(3);
    const before = sumAndDot(kernels);
    await kernels.dispose();
    expect(sumAndDot(kernels).dot).toBe(before.dot);
  });

  it('works inside a worker and lets the process end', async () => {
    const url = new URL('../../src/transform/kernels.ts', import.meta.url).href;
    const space = new URL('../../src/transform/row-blocks.ts', import.meta.url).href;
    const script = `
      const { parentPort } = require('node:worker_threads');
      Promise.all([import('${url}'), import('${space}')]).then(([{ Kernels }, { RowBlocks }]) => {
        const blocks = new RowBlocks(new Kernels(2), 1200, 900);
        const x = blocks.create();
        blocks.set(x, new Float32Array(2 * 1200 * 900).fill(1));
        parentPort.postMessage(blocks.dot(x, x));
      });`;
    const worker = new Worker(script, { eval: true });
    const dot = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    expect(dot).toBe(2 * 1200 * 900);
    // The helper sleeps and is not referenced, so the worker ends by itself.
    expect(await new Promise((resolve) => worker.once('exit', resolve))).toBe(0);
  });
});

it('packs and unpacks images of any size', () => {
  const kernels = team(1);
  for (const [rows, columns] of [[1, 1], [4, 4], [5, 7], [8, 3], [17, 22]] as const) {
    const space = new RowBlocks(kernels, rows, columns);
    const x = space.create();
    const image = randomComplex([rows, columns]);
    space.set(x, image.data);
    expect(space.toArray(x).data).toEqual(image.data);
    space.free(x);
    space.dispose();
  }
});

it('frees all it took', () => {
  const kernels = team(1);
  const before = kernels.heap.used;
  const space = new RowBlocks(kernels, 40, 30);
  space.free(space.createMany(3));
  space.dispose();
  expect(kernels.heap.used).toBe(before);
});

it('says how to build the module where it is missing', () => {
  expect(() => compileKernels(new URL('file:///nowhere/kernels.generated.wasm'))).toThrow(
    expect.objectContaining({ code: 'io.read', file: 'kernels.generated.wasm', message: expect.stringContaining('node build/build-wasm.mjs') }),
  );
});
