import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gpuProvider } from '../../src/infer/gpu-choice.ts';
import { keepGraph } from '../../src/infer/graph-folder.ts';

describe('gpuProvider', () => {
  const cpu = { name: 'cpu', state: 'verified', preferred: true } as const;
  it('is the one that was named, and none for CPU', () => {
    expect(gpuProvider('webgpu', [])).toBe('webgpu');
    expect(gpuProvider('cpu', [{ name: 'cuda', state: 'verified', preferred: true }])).toBeNull();
  });
  it('is, left to itself, the one that the probe prefers', () => {
    expect(gpuProvider('auto', [{ name: 'cuda', state: 'absent' }, { name: 'webgpu', state: 'verified', preferred: true }, cpu])).toBe('webgpu');
    expect(gpuProvider('auto', [{ name: 'webgpu', state: 'verified', preferred: false }, cpu])).toBeNull();
    expect(gpuProvider('auto', [])).toBeNull();
  });
});

describe('keepGraph', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lacuna-graph-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes a graph once under its hash', async () => {
    const graph = Uint8Array.of(1, 2, 3);
    const first = await keepGraph(graph, join(folder, 'graphs'));
    expect(await keepGraph(graph, join(folder, 'graphs'))).toEqual(first);
    expect([...readFileSync(first.path)]).toEqual([1, 2, 3]);
    expect(readdirSync(join(folder, 'graphs'))).toEqual([`${first.sha256}.onnx`]);
  });
});
