/** The size of k-space and of the image, from what the protocol says and what the counters of the readouts hold. */
import type { Finding } from '../../array/read-options.ts';
import type { TwixHeader } from './header.ts';
import type { Scan } from './mdh.ts';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** The line counter that lies on column ⌊columns/2⌋. */
  readonly centreLine: number;
  readonly output: { readonly rows: number; readonly columns: number };
  readonly findings: readonly Finding[];
}

/** `suffix` keeps ids apart where a file holds several measurements. `imaging`: at least one. */
export function matrixOf(imaging: readonly Scan[], header: TwixHeader, fixes: ReadonlySet<string>, suffix: string): Matrix {
  const readout = readoutOf(imaging, header, fixes, suffix);
  const phase = linesOf(imaging, header, suffix);
  return {
    rows: readout.rows,
    columns: phase.columns,
    centreLine: phase.centre,
    output: { rows: readout.output, columns: Math.max(1, Math.round(phase.columns / (1 + header.phaseOversampling))) },
    findings: [...readout.findings, ...phase.findings],
  };
}

interface Readout {
  readonly rows: number;
  readonly output: number;
  readonly findings: readonly Finding[];
}

function readoutOf(imaging: readonly Scan[], header: TwixHeader, fixes: ReadonlySet<string>, suffix: string): Readout {
  const samples = imaging.reduce((most, scan) => Math.max(most, scan.samples), 1);
  const { baseResolution: base, oversampling } = header;
  const whole = { rows: samples, output: samples, findings: [] };
  if (base === null) return whole;
  const factor = oversampling ?? 1;
  const full = Math.round(base * factor);
  const centre = imaging.find((scan) => scan.samples === samples)?.centreColumn ?? 0;
  if (samples === full) return { rows: samples, output: base, findings: [] };
  // Asymmetric echo: the part before the centre was cut short.
  if (samples < full && centre < samples / 2 - 1 && full - samples <= full / 2) return { rows: full, output: base, findings: [] };
  const stated = `The header says ${base} pixels along the readout, oversampled ${factor}-fold: ${full} samples.`;
  if (samples === base) {
    return {
      ...whole,
      findings: [{
        id: `readout-oversampling${suffix}`,
        severity: 'warning',
        field: 'flReadoutOSFactor',
        stated,
        found: `The readouts have ${samples} samples: no oversampling.`,
        remedy: 'The whole field of view of the data is shown; nothing is cropped.',
      }],
    };
  }
  if (samples === 2 * base) {
    const id = `readout-oversampling${suffix}`;
    const applied = fixes.has(id);
    return {
      rows: samples,
      output: applied ? base : samples,
      findings: [{
        id,
        severity: 'warning',
        field: 'flReadoutOSFactor',
        stated,
        found: `The readouts have ${samples} samples, twice the base resolution, as oversampled ones have.`,
        remedy: `The image is cropped to its central ${base} rows.`,
        fix: { title: 'Take the readout as oversampled twofold', applied },
      }],
    };
  }
  return {
    ...whole,
    findings: [{
      id: `readout-size${suffix}`,
      severity: 'warning',
      field: 'sKSpace.lBaseResolution',
      stated,
      found: `The readouts have ${samples} samples.`,
      remedy: 'The image has as many rows as the readouts have samples; the field of view is taken to be the one of the header.',
    }],
  };
}

interface Lines {
  readonly columns: number;
  readonly centre: number;
  readonly findings: readonly Finding[];
}

function linesOf(imaging: readonly Scan[], header: TwixHeader, suffix: string): Lines {
  const [lowest, highest] = imaging.reduce(([low, high], { line }) => [Math.min(low, line), Math.max(high, line)], [Number.POSITIVE_INFINITY, 0]);
  const stated = imaging[0]?.centreLine ?? 0;
  const counted = highest - lowest + 1;
  const findings: Finding[] = [];
  let centre = stated;
  // Some writers leave the centre at 0, or one off the middle of a full matrix: lines would fall out of it.
  const full = header.lines !== null && lowest === 0 && counted >= header.lines;
  if (full ? stated !== Math.floor(counted / 2) : stated < lowest || stated > highest || (stated === 0 && counted > 1)) {
    centre = full || header.lines === null ? lowest + Math.floor(counted / 2) : Math.floor(header.lines / 2);
    findings.push({
      id: `centre-line${suffix}`,
      severity: 'info',
      field: 'MDH ushKSpaceCentreLineNo',
      stated: `The readouts say that line ${stated} is the centre of k-space.`,
      found: `The lines are counted from ${lowest} to ${highest}.`,
      remedy: `Line ${centre} was taken as the centre.`,
    });
  }
  // The centre goes to ⌊N/2⌋, so N must hold what lies on either side.
  const below = centre - lowest;
  const above = highest - centre;
  const needed = Math.max(2 * below, 2 * above + 1, 1);
  const fits = header.lines !== null && below <= Math.floor(header.lines / 2) && above < header.lines - Math.floor(header.lines / 2);
  const columns = fits ? (header.lines as number) : full ? counted : needed;
  if (header.lines !== null && columns !== header.lines) {
    findings.push({
      id: `matrix-size${suffix}`,
      severity: 'warning',
      field: 'sKSpace.lPhaseEncodingLines',
      stated: `The header says ${header.lines} phase-encoding lines.`,
      found: `The readouts count lines from ${lowest} to ${highest}.`,
      remedy: `k-space was given ${columns} columns.`,
    });
  }
  return { columns, centre, findings };
}
