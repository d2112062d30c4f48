/** What the doctor's page says, as rows and as text. Pure. */
import type { Finding } from '../../../src/array/read-options.ts';
import type { RecordingSummary, SeriesSummary } from '../../../src/host/contract.ts';

export interface Row {
  readonly label: string;
  readonly value: string;
}

const RANK: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2 };
export const SEVERITY_WORDS: Readonly<Record<Finding['severity'], string>> = { error: 'Error', warning: 'Warning', info: 'Note' };

/** The gravest first, else in the reader's order. */
export function sortedFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
}

/** Findings that ask for a look: errors and warnings that are not mended. */
export function openFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity, fix }) => severity !== 'info' && fix?.applied !== true);
}

/** How the series was measured and is read. `titleOf` gives the title of a preparation step. */
export function acquisitionRows(series: SeriesSummary, titleOf: (step: string) => string): readonly Row[] {
  const { axes, domain, dtype, trajectory, fullySampled, output, rows, columns, prepare, axisChoice } = series;
  return [
    { label: 'Holds', value: `${domain === 'kspace' ? 'k-space' : 'images'}, ${dtype === 'complex64' ? 'complex' : 'real'} values` },
    { label: 'Axes', value: axes.map(({ name, length, spacing }) => `${name} ${length}${spacing === undefined ? '' : ` (${Number(spacing.toPrecision(4))} mm)`}`).join(', ') },
    ...(axisChoice === undefined ? [] : [{ label: 'Stored as', value: `${axisChoice.shape.join(' × ')}: ${axisChoice.axes.join(', ')}` }]),
    ...(output.rows === rows && output.columns === columns ? [] : [{ label: 'Image', value: `${output.rows} × ${output.columns}` }]),
    ...(domain === 'image' ? [] : [{ label: 'Samples', value: sampled(trajectory, fullySampled) }]),
    ...prepare.map(({ name, refusal, suggested }) => ({ label: titleOf(name), value: refusal ?? (suggested ? 'possible, and on by default' : 'possible') })),
  ];
}

function sampled(trajectory: SeriesSummary['trajectory'], full: boolean): string {
  if (trajectory !== undefined) return `along a ${trajectory.kind === 'other' ? '' : `${trajectory.kind} `}trajectory, for a matrix of ${trajectory.matrix.rows} × ${trajectory.matrix.columns}`;
  return full ? 'on a grid, complete' : 'on a grid, not all acquired';
}

/** The whole page as plain text. */
export function reportText(recording: RecordingSummary, titleOf: (step: string) => string): string {
  const findings = sortedFindings(recording.findings).flatMap(({ severity, field, stated, found, remedy, fix }) => [
    `${SEVERITY_WORDS[severity].toUpperCase()}  ${field}`,
    `  stated: ${stated}`,
    `  found:  ${found}`,
    `  remedy: ${remedy}`,
    ...(fix === undefined ? [] : [`  fix:    ${fix.title} (${fix.applied ? 'applied' : 'not applied'})`]),
    '',
  ]);
  const series = recording.series.flatMap((one) => [
    one.title,
    ...[...acquisitionRows(one, titleOf), ...one.attributes].map(({ label, value }) => `  ${label}: ${value}`),
    '',
  ]);
  return [
    `${recording.name} (${recording.format})`,
    ...(recording.sha256 === undefined ? [] : [`SHA-256 ${recording.sha256}`]),
    '',
    ...(findings.length === 0 ? ['Nothing contradicts the data.', ''] : findings),
    ...recording.warnings.flatMap((warning) => [`Note: ${warning}`]),
    ...(recording.warnings.length === 0 ? [] : ['']),
    ...series,
  ].join('\n');
}
