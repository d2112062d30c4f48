import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LacunaError } from '../../src/errors.ts';
import { Graph } from '../../src/graph/onnx.ts';
import { Message } from '../../src/graph/protobuf.ts';
import { loadModel } from '../../src/models/load.ts';
import { readOnnxHeader } from '../../src/models/onnx-header.ts';
import { proposeRoles } from '../../src/models/propose.ts';
import { folding, halving, physics } from '../support/networks.ts';

const shipped = fileURLToPath(new URL('../../models/unrolled-s', import.meta.url));

/** A model around one node. */
function model(node: Message, extra: (graph: Message) => void = () => undefined, domain = ''): Uint8Array {
  const graph = new Message().message(1, node).text(2, 'g');
  extra(graph);
  const dims = new Message().message(1, new Message().text(2, 'h')).message(1, new Message().text(2, 'w'));
  const type = new Message().message(1, new Message().integer(1, 1).message(2, dims));
  for (const [field, name] of [[11, 'x'], [12, 'y']] as const) graph.message(field, new Message().text(1, name).message(2, type));
  return new Message().integer(1, 8).text(2, 'test').message(7, graph).message(8, new Message().text(1, domain).integer(2, 17)).finish();
}
const node = (operator: string, domain = ''): Message => new Message().text(1, 'x').text(2, 'y').text(4, operator).text(7, domain);

describe('readOnnxHeader', () => {
  it('reads names, types and shapes as the manifest of the shipped network has them', async () => {
    const { manifest, graphs } = await loadModel(shipped);
    for (const [key, { path }] of Object.entries(graphs)) {
      const header = readOnnxHeader(await readFile(path));
      const declared = manifest.graphs[key]?.inputs ?? [];
      expect(header.inputs).toEqual(declared.map(({ name, shape }) => ({ name, dtype: 'float32', shape })));
      expect(header).toMatchObject({ producer: 'pytorch', opsets: { '': 17 }, foreignDomains: [], externalData: [] });
      // Constants of the export are counted, scalars are not: near, not equal.
      expect(Math.abs(header.parameters - manifest.parameters)).toBeLessThan(0.01 * manifest.parameters);
    }
  });

  it('reads what our own writer makes, bodies of loops included', () => {
    const body = new Graph('body');
    body.input('i', 'int64', []);
    const go = body.input('go', 'bool', []);
    body.output(body.op('Identity', [go]), 'again', 'bool', []);
    body.output(body.op('Erf', [body.constant([1, 2, 3], [3])]), 'v', 'float32', [3]);
    const graph = new Graph('loop');
    graph.output(graph.op('Loop', [graph.integers(2), graph.boolean(true)], { body }), 'out', 'float32', ['n', 3]);
    const header = readOnnxHeader(graph.finish());
    expect(header.operators).toEqual(['Erf', 'Identity', 'Loop']);
    expect(header.outputs).toEqual([{ name: 'out', dtype: 'float32', shape: ['n', 3] }]);
    expect(header.parameters).toBe(3);
  });

  it('finds operators that nobody has, and those that the file brings itself', () => {
    expect(readOnnxHeader(model(node('Magic', 'com.example'))).foreignDomains).toEqual(['com.example']);
    const own = new Message().text(1, 'Magic').message(7, node('Relu')).text(10, 'com.example');
    const bytes = model(node('Magic', 'com.example'));
    expect(readOnnxHeader(Buffer.concat([bytes, new Message().message(25, own).finish()])).foreignDomains).toEqual([]);
  });

  it('finds weights that lie elsewhere', () => {
    const location = new Message().text(1, 'location').text(2, 'weights.bin');
    const tensor = new Message().integer(1, 4).integer(2, 1).text(8, 'w').message(13, location).integer(14, 1);
    expect(readOnnxHeader(model(node('Relu'), (graph) => graph.message(5, tensor))).externalData).toEqual(['weights.bin']);
  });

  it('leaves weights out that old files list among the inputs', () => {
    const weight = new Message().integer(1, 4).integer(2, 1).text(8, 'x').bytes(9, new Uint8Array(16));
    expect(readOnnxHeader(model(node('Relu'), (graph) => graph.message(5, weight))).inputs).toEqual([]);
  });

  it.each([new Uint8Array(0), new Uint8Array(64), new Uint8Array(64).fill(255), new TextEncoder().encode('<!doctype html>')])('refuses what is no graph', (bytes) => {
    expect(() => readOnnxHeader(bytes)).toThrow(LacunaError);
  });

  it('ends in an answer or a typed error for any damaged file', () => {
    const sound = [folding(4), physics(), halving()];
    let state = 12345;
    const random = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    let refused = 0;
    for (let i = 0; i < 3000; i++) {
      const bytes = Uint8Array.from(sound[i % sound.length] as Uint8Array);
      for (let n = 0; n <= i % 4; n++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const cut = random() < 0.3 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
      try {
        proposeRoles(readOnnxHeader(cut));
      } catch (error) {
        expect(error).toBeInstanceOf(LacunaError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(300);
  });
});
