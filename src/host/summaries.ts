/** Recordings, patterns and steps in the words of the wire. */
import type { Recording, Series } from '../array/recording.ts';
import type { Trajectory } from '../array/trajectory.ts';
import { allSteps, listSteps, paramsJsonSchema } from '../pipeline/registry.ts';
import { isFullySampled } from '../pipeline/slice-cache.ts';
import type { StepCall } from '../pipeline/document.ts';
import type { Step } from '../pipeline/step.ts';
import { packMask } from '../sampling/mask-bits.ts';
import { trajectorySketch } from '../sampling/trajectory-sketch.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import type { ArrayStore } from './array-store.ts';
import type { JsonSchemaObject, PatternSummary, RecordingSummary, SeriesSummary, StepDescription } from './contract.ts';

export function summariseRecording(recording: Recording, openedAt: string, sample?: StepCall): RecordingSummary {
  return {
    id: recording.id,
    name: recording.name,
    bytes: recording.bytes,
    format: recording.format,
    ...(sample === undefined ? {} : { sample }),
    series: recording.series.map(summariseSeries),
    warnings: recording.warnings,
    findings: recording.findings ?? [],
    ...(recording.read === undefined ? {} : { read: recording.read }),
    openedAt,
  };
}

function summariseSeries(series: Series): SeriesSummary {
  const { id, title, domain, dtype, axes, slices, coils, rows, columns, output, attributes, window, geometry } = series;
  const orientation = geometry === undefined ? {} : { orientation: { rowDirection: geometry.rowDirection, columnDirection: geometry.columnDirection } };
  const fullySampled = domain === 'image' || isFullySampled(series);
  const { trajectory, axisChoice } = series;
  return {
    id,
    title,
    domain,
    dtype,
    axes,
    slices,
    coils,
    rows,
    columns,
    output,
    fullySampled,
    ...(trajectory === undefined ? {} : { trajectory: { kind: trajectory.kind, matrix: trajectory.matrix } }),
    ...acquiredSamples(series),
    prepare: domain === 'image' ? [] : describePreparation(series),
    ...(axisChoice === undefined ? {} : { axisChoice }),
    attributes,
    ...(window === undefined ? {} : { window }),
    ...orientation,
  };
}

function acquiredSamples({ acquired, acquiredPoints }: Series): Pick<SeriesSummary, 'acquired'> {
  if (acquiredPoints != null) return { acquired: { kind: 'points', bits: packMask(acquiredPoints) } };
  return acquired == null ? {} : { acquired: { kind: 'lines', bits: packMask(acquired) } };
}

function describePreparation(series: Series): SeriesSummary['prepare'] {
  return listSteps('prepare').map((step) => {
    const refusal = step.refuses(series);
    return { name: step.name, refusal, suggested: refusal === null && step.suggested(series) };
  });
}

export function summarisePattern(pattern: SamplingPattern, arrays: ArrayStore, trajectory?: Trajectory): PatternSummary {
  const { kind, rows, columns, nominal, achieved, kept, total, centre, mask } = pattern;
  const shape = kind === 'points' ? [rows, columns] : [columns];
  return {
    kind, rows, columns, nominal, achieved, kept, total, centre,
    mask: arrays.put({ dtype: 'uint8', shape, data: kind === 'trajectory' ? mask.subarray(0, columns) : mask }),
    ...(trajectory === undefined ? {} : { trajectory: { points: arrays.put(trajectorySketch(trajectory)), matrix: trajectory.matrix } }),
  };
}

export function describeSteps(): readonly StepDescription[] {
  return allSteps().map((step) => ({
    kind: step.kind,
    name: step.name,
    title: step.title,
    help: step.help,
    ...(step.reference === undefined ? {} : { reference: step.reference }),
    ...groupOf(step),
    params: paramsJsonSchema(step) as JsonSchemaObject,
    ...(step.kind === 'pattern' || step.kind === 'method' || step.kind === 'view' ? { accepts: step.accepts ?? 'cartesian' } : {}),
    ...(step.kind === 'pattern' && step.makes !== undefined ? { makes: step.makes } : {}),
    ...(step.kind === 'view' ? { of: step.of } : {}),
    ...(step.kind === 'export' ? { extensions: step.extensions } : {}),
    ...(step.kind === 'method' && step.model !== undefined ? { model: step.model } : {}),
  }));
}

function groupOf(step: Step): { readonly group?: string } {
  if (step.group !== undefined) return { group: step.group };
  if (step.kind !== 'method') return {};
  return { group: step.model === undefined ? 'Classical' : 'Learned' };
}
