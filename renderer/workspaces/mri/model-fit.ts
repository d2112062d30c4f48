/** Whether a scan lies inside what a model was trained on: a row for each condition. */
import type { ModelDescription, PatternSummary, SeriesSummary } from '../../../src/host/contract.ts';
import type { SeenConditions } from '../../../src/mri/measurement.ts';
import { networkRefusal } from '../../../src/mri/network-fit.ts';
import { isSimulated, type Recipe } from './recipe.ts';

export interface ConditionRow {
  readonly label: string;
  /** As the card says. */
  readonly trained: string;
  /** Of this scan; '–' until it is known. */
  readonly scan: string;
  readonly outside: boolean;
  /** Where the value comes from, or why there is none. */
  readonly help?: string;
}

type Series = Pick<SeriesSummary, 'coils' | 'rows' | 'columns' | 'domain'>;
type Pattern = Pick<PatternSummary, 'achieved' | 'kind'>;
type Range = readonly [number, number] | undefined;

const NOT_STATED = 'not stated';
const SNR_UNKNOWN = 'not known';

/**
 * What the card states, and the noise in any case: it decides how far a network can be believed. Values are judged as they are
 * shown, so that “10.0” never lies outside of 2–10. `seen` is what the last run gave the network; null before there was one.
 */
export function conditionRows(
  { trained }: Pick<ModelDescription, 'trained'>, series: Series, pattern: Pattern | null, recipe: Pick<Recipe, 'pattern'> | null, seen: SeenConditions | null = null,
): readonly ConditionRow[] {
  const name = recipe === null || recipe.pattern.name === 'file' ? null : recipe.pattern.name;
  const stated = (limits: Range, row: (limits: readonly [number, number]) => ConditionRow): ConditionRow[] => (limits === undefined ? [] : [row(limits)]);
  return [
    ...stated(trained.acceleration, (limits) => accelerationRow(limits, pattern)),
    ...stated(trained.matrix, (limits) => ({
      label: 'Matrix', trained: range(limits), scan: `${series.rows} × ${series.columns}`, outside: [series.rows, series.columns].some((side) => !within(side, limits)),
    })),
    ...stated(trained.coils, (limits) => coilsRow(limits, series, seen)),
    ...(said(trained) ? [snrRow(trained.snr, seen)] : []),
    ...(trained.patterns.length === 0 || name === null ? [] : [{ label: 'Pattern', trained: trained.patterns.join(', '), scan: name, outside: !trained.patterns.includes(name) }]),
  ];
}

/** Achieved, not nominal: a pattern of few lines rounds R. */
function accelerationRow(limits: readonly [number, number], pattern: Pattern | null): ConditionRow {
  const scan = pattern?.achieved.toFixed(1) ?? '–';
  return { label: 'R', trained: range(limits), scan, outside: pattern !== null && !within(Number(scan), limits), help: 'As achieved by the pattern' };
}

/** The card counts coils as the network sees them; how many that are of a compressed or simulated scan, the run says. */
function coilsRow(limits: readonly [number, number], series: Series, seen: SeenConditions | null): ConditionRow {
  const measured = isSimulated(series) ? null : series.coils;
  if (seen === null) return { label: 'Coils', trained: range(limits), scan: measured === null ? '–' : String(measured), outside: false, help: 'Judged when the network has run: it may compress them' };
  const compressed = measured !== null && measured !== seen.coils;
  return {
    label: 'Coils', trained: range(limits), scan: compressed ? `${measured} as ${seen.coils}` : String(seen.coils), outside: !within(seen.coils, limits),
    ...(compressed ? { help: `${measured} channels, compressed to ${seen.coils} for the network` } : {}),
  };
}

function snrRow(limits: Range, seen: SeenConditions | null): ConditionRow {
  const row = { label: 'SNR', trained: limits === undefined ? NOT_STATED : range(limits) };
  if (seen === null) return { ...row, scan: '–', outside: false, help: 'Measured in the outer samples when the network runs' };
  if (seen.snr === null) return { ...row, scan: SNR_UNKNOWN, outside: false, help: 'The noise of this scan could not be measured in its outer samples, so it is not judged' };
  const scan = Number(seen.snr.toPrecision(3));
  return { ...row, scan: String(scan), outside: limits !== undefined && !within(scan, limits), help: 'Mean signal over the standard deviation of the noise, measured in the outer samples' };
}

/** The card says anything at all of conditions. */
const said = ({ acceleration, coils, matrix, snr, patterns }: ModelDescription['trained']): boolean =>
  [acceleration, coils, matrix, snr].some((limits) => limits !== undefined) || patterns.length > 0;

/** Why a network of one's own cannot take this scan, or null. */
export function networkMisfit(model: Pick<ModelDescription, 'network'>, series: Series & Pick<SeriesSummary, 'trajectory'>, pattern: Pattern | null): string | null {
  if (model.network === undefined) return null;
  const { rows, columns } = series;
  // What a simulated acquisition will have is known to the host alone; it says so then.
  const coils = isSimulated(series) ? Number.POSITIVE_INFINITY : series.coils;
  return networkRefusal(model.network, { rows, columns, coils, kind: pattern?.kind ?? 'lines', nonCartesian: series.trajectory !== undefined });
}

const within = (value: number, limits: readonly [number, number]): boolean => value >= limits[0] && value <= limits[1];
const range = ([low, high]: readonly [number, number]): string => (low === high ? `${low}` : `${low}–${high}`);
