import { describe, expect, it } from 'vitest';
import type { GraphTensor, OnnxHeader } from '../../src/models/onnx-header.ts';
import { readOnnxHeader } from '../../src/models/onnx-header.ts';
import { proposeRoles } from '../../src/models/propose.ts';
import { folding, physics } from '../support/networks.ts';

const tensor = (name: string, shape: GraphTensor['shape'], dtype = 'float32'): GraphTensor => ({ name, dtype, shape });
const header = (inputs: readonly GraphTensor[], outputs: readonly GraphTensor[], more: Partial<OnnxHeader> = {}): OnnxHeader => ({
  irVersion: 8, producer: '', opsets: { '': 17 }, inputs, outputs, operators: [], foreignDomains: [], externalData: [], parameters: 1, ...more,
});
const IMAGE = tensor('y', [1, 1, 'h', 'w']);

describe('proposeRoles', () => {
  it('tells images from their shapes', () => {
    expect(proposeRoles(readOnnxHeader(folding(2)))).toMatchObject({ task: 'mri-artefact-removal', inputs: [{ role: 'adjoint' }], outputs: [{ role: 'image' }] });
    expect(proposeRoles(header([tensor('x', [1, 1, 320, 320])], [IMAGE]))).toMatchObject({ inputs: [{ role: 'magnitude' }], outputs: [{ role: 'image-magnitude' }] });
  });

  it('tells maps, masks and k-space from their names, where the shape allows it', () => {
    expect(proposeRoles(readOnnxHeader(physics())).inputs.map(({ role }) => role)).toEqual(['adjoint', 'maps', 'mask-lines']);
    const { inputs, task } = proposeRoles(header([tensor('kspace', [1, 'c', 'h', 'w', 2]), tensor('mask', [1, 1, 'h', 'w'])], [IMAGE]));
    expect(inputs.map(({ role }) => role)).toEqual(['kspace', 'weights']);
    expect(task).toBe('mri-reconstruction');
  });

  it('asks where nothing tells', () => {
    const [a] = proposeRoles(header([tensor('a', [1, 'c', 'h', 'w', 2]), tensor('kspace', [1, 'c', 'h', 'w', 2])], [IMAGE])).inputs;
    expect(a?.roles).toEqual(expect.arrayContaining(['kspace', 'maps']));
  });

  it('gives no role twice', () => {
    const roles = proposeRoles(header([tensor('a', ['h', 'w', 2]), tensor('b', ['h', 'w', 2])], [IMAGE])).inputs.map(({ role }) => role);
    expect(new Set(roles.filter((role) => role !== null)).size).toBe(roles.filter((role) => role !== null).length);
  });

  it.each([
    ['weights elsewhere', header([tensor('x', ['h', 'w'])], [IMAGE], { externalData: ['w.bin'] }), /other files \(w\.bin\)/],
    ['operators of its own', header([tensor('x', ['h', 'w'])], [IMAGE], { foreignDomains: ['org.magic'] }), /operators of org\.magic/],
    ['half precision', header([tensor('x', ['h', 'w'], 'float16')], [IMAGE]), /x is float16/],
    ['an output in integers', header([tensor('x', ['h', 'w'])], [tensor('y', ['h', 'w'], 'int64')]), /int64; an image must be float32/],
    ['no input', header([], [IMAGE]), /takes no input/],
    ['no rank', header([tensor('x', null)], [IMAGE]), /does not say how many axes/],
    ['a waveform', header([tensor('audio', ['N', 144160])], [tensor('score', ['N', 3])]), /audio is float32 \[N, 144160\]: neither an image/],
    ['spectra of one frame', header([tensor('mix', [1, 257, 1, 2])], [IMAGE]), /mix is float32 \[1, 257, 1, 2\]/],
    ['a recurrent state', header([tensor('conv_cache', [2, 1, 3, 16, 8, 8])], [IMAGE]), /state of a network that runs along time/],
    ['a score', header([tensor('x', [1, 1, 'h', 'w'])], [tensor('score', ['n', 1])]), /no image of rows × columns/],
  ])('refuses %s', (_name, given, reason) => {
    expect(() => proposeRoles(given)).toThrow(reason);
  });
});
