/** What the memo of views takes for the same view. */
import { describe, expect, it } from 'vitest';
import { type PipelineDocument, pipelineSchema } from '../../src/pipeline/document.ts';
import { viewKey } from '../../src/pipeline/run-view.ts';

const document = pipelineSchema.parse({
  lacuna: 1, input: { name: 'x', sha256: '0'.repeat(64), series: 's' }, slices: [0, 1],
  pattern: { name: 'random' }, method: { name: 'sense' }, provider: 'cpu',
});
const key = (view: string, changed: Partial<PipelineDocument>): string => viewKey({ ...document, ...changed }, { name: view, params: {} });

describe('viewKey', () => {
  it('of a reconstruction tells methods and providers apart; of a measurement it does not', () => {
    for (const changed of [{ provider: 'webgpu' }, { method: { name: 'grappa', params: {} } }] as const) {
      expect(key('residual', changed)).not.toBe(key('residual', {}));
      expect(key('psf', changed)).toBe(key('psf', {}));
    }
    expect(key('psf', { pattern: { name: 'full', params: {} } })).not.toBe(key('psf', {}));
  });
});
