/** The document with every parameter written out and, where a file decides the pattern, the mask itself. */
import type { SamplingPattern } from '../sampling/pattern.ts';
import type { PipelineDocument } from './document.ts';
import { packMask } from '../sampling/mask-bits.ts';
import { completeCall, findStep } from './registry.ts';

export function completeDocument(document: PipelineDocument, pattern: SamplingPattern): PipelineDocument {
  const { input, acquire, prepare, metric } = document;
  const carried = findStep('pattern', document.pattern.name).maskInReceipts === true || document.mask !== undefined;
  return {
    ...document,
    input: { ...input, ...(input.sample === undefined ? {} : { sample: completeCall('sample', input.sample) }) },
    ...(acquire === undefined ? {} : { acquire: completeCall('acquire', acquire) }),
    ...(prepare === undefined ? {} : { prepare: prepare.map((call) => completeCall('prepare', call)) }),
    pattern: completeCall('pattern', document.pattern),
    method: completeCall('method', document.method),
    metric: completeCall('metric', metric ?? { name: 'fastmri', params: {} }),
    ...(carried && pattern.kind !== 'trajectory' ? { mask: { kind: pattern.kind, rows: pattern.rows, columns: pattern.columns, bits: packMask(pattern.mask) } } : {}),
  };
}
