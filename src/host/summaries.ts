/** Recordings, patterns and steps in the words of the wire. */
import type { Recording, Series } from '../array/recording.ts';
import { allSteps, paramsJsonSchema } from '../pipeline/registry.ts';
import { isFullySampled } from '../pipeline/slice-cache.ts';
import type { StepCall } from '../pipeline/document.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import type { ArrayStore } from './array-store.ts';
import type { JsonSchemaObject, PatternSummary, RecordingSummary, SeriesSummary, StepDescription } from './contract.ts';

export function summariseRecording(recording: Recording, openedAt: string, sample?: StepCall): RecordingSummary {
  return {
    id: recording.sha256,
    name: recording.name,
    bytes: recording.bytes,
    format: recording.format,
    ...(sample === undefined ? {} : { sample }),
    series: recording.series.map(summariseSeries),
    warnings: recording.warnings,
    openedAt,
  };
}

function summariseSeries(series: Series): SeriesSummary {
  const { id, title, domain, dtype, axes, slices, coils, rows, columns, output, attributes, window, geometry } = series;
  const orientation = geometry === undefined ? {} : { orientation: { rowDirection: geometry.rowDirection, columnDirection: geometry.columnDirection } };
  const fullySampled = domain === 'image' || isFullySampled(series);
  return { id, title, domain, dtype, axes, slices, coils, rows, columns, output, fullySampled, attributes, ...(window === undefined ? {} : { window }), ...orientation };
}

export function summarisePattern(pattern: SamplingPattern, arrays: ArrayStore): PatternSummary {
  const { kind, rows, columns, nominal, achieved, kept, total, centre, mask } = pattern;
  const shape = kind === 'lines' ? [columns] : [rows, columns];
  return { kind, rows, columns, nominal, achieved, kept, total, centre, mask: arrays.put({ dtype: 'uint8', shape, data: mask }) };
}

export function describeSteps(): readonly StepDescription[] {
  return allSteps().map((step) => ({
    kind: step.kind,
    name: step.name,
    title: step.title,
    help: step.help,
    ...(step.reference === undefined ? {} : { reference: step.reference }),
    params: paramsJsonSchema(step) as JsonSchemaObject,
    ...(step.kind === 'export' ? { extensions: step.extensions } : {}),
    ...(step.kind === 'method' && step.model !== undefined ? { model: step.model } : {}),
  }));
}
