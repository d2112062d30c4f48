/** The document with every parameter written out and, where the pattern came from a file, the mask itself. */
import type { SamplingPattern } from '../sampling/pattern.ts';
import type { PipelineDocument } from './document.ts';
import { packMask } from '../sampling/mask-bits.ts';
import { completeCall } from './registry.ts';

export function completeDocument(document: PipelineDocument, pattern: SamplingPattern): PipelineDocument {
  const { input, acquire, metric } = document;
  const fromFile = document.pattern.name === 'file' || document.mask !== undefined;
  return {
    ...document,
    input: { ...input, ...(input.sample === undefined ? {} : { sample: completeCall('sample', input.sample) }) },
    ...(acquire === undefined ? {} : { acquire: completeCall('acquire', acquire) }),
    pattern: completeCall('pattern', document.pattern),
    method: completeCall('method', document.method),
    metric: completeCall('metric', metric ?? { name: 'fastmri', params: {} }),
    ...(fromFile ? { mask: { kind: pattern.kind, rows: pattern.rows, columns: pattern.columns, bits: packMask(pattern.mask) } } : {}),
  };
}
