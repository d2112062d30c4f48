/** The sampling pattern of a pipeline: from its step, or from the mask that the document carries. */
import type { Series } from '../array/recording.ts';
import { describePattern } from '../sampling/describe.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import type { PipelineDocument } from './document.ts';
import { unpackMask } from '../sampling/mask-bits.ts';
import { checkParams, findStep } from './registry.ts';
import { checkAccepts, isNonCartesian } from './sampling-fit.ts';
import type { PatternContext } from './step.ts';

export async function makePattern(
  document: Pick<PipelineDocument, 'pattern' | 'mask'>,
  series: Series,
  files: Pick<PatternContext, 'readPatternFile' | 'loadModel'> = {},
  frame?: number,
): Promise<SamplingPattern> {
  const { mask } = document;
  if (mask !== undefined) {
    const length = mask.kind === 'lines' ? mask.columns : mask.rows * mask.columns;
    return describePattern({ kind: mask.kind, rows: mask.rows, columns: mask.columns, mask: unpackMask(mask.bits, length) });
  }
  const step = findStep('pattern', document.pattern.name);
  checkAccepts(step, isNonCartesian(series), 'pattern');
  const context: PatternContext = {
    rows: series.rows,
    columns: series.columns,
    output: series.output,
    ...(frame === undefined ? {} : { frame }),
    ...(series.acquired == null ? {} : { acquired: series.acquired }),
    ...(series.acquiredPoints == null ? {} : { acquiredPoints: series.acquiredPoints }),
    ...(files.readPatternFile === undefined ? {} : { readPatternFile: files.readPatternFile.bind(files) }),
    ...(files.loadModel === undefined ? {} : { loadModel: files.loadModel.bind(files) }),
  };
  return step.create(context, checkParams(step, document.pattern.params));
}
