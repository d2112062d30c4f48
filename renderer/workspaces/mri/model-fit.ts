/** Whether a scan lies inside what a model was trained on: a row for each condition, and one sentence. */
import type { ModelDescription, PatternSummary, SeriesSummary } from '../../../src/host/contract.ts';
import { networkRefusal } from '../../../src/mri/network-fit.ts';
import { isSimulated, type Recipe } from './recipe.ts';

export interface ModelFit {
  readonly inside: boolean;
  readonly text: string;
}

export interface ConditionRow {
  readonly label: string;
  /** As the card says. */
  readonly trained: string;
  /** Of this scan; '–' where it is not known. */
  readonly scan: string;
  readonly outside: boolean;
}

type Series = Pick<SeriesSummary, 'coils' | 'rows' | 'columns' | 'domain'>;
type Pattern = Pick<PatternSummary, 'achieved' | 'kind'>;
type Range = readonly [number, number] | undefined;

/** What the last run said of the noise, from its notes: the host measures it in the samples. */
const SNR_NOTE = /signal-to-noise ratio (\d+(?:\.\d+)?(?:e[+-]?\d+)?)/i;

export function conditionRows(
  model: Pick<ModelDescription, 'trained'>, series: Series, pattern: Pattern | null, recipe: Pick<Recipe, 'pattern'> | null, notes: readonly string[] = [],
): readonly ConditionRow[] {
  const { acceleration, coils, matrix, snr, patterns } = model.trained;
  // A simulated acquisition sets its coils itself.
  const channels = isSimulated(series) ? null : series.coils;
  const name = recipe === null || recipe.pattern.name === 'file' ? null : recipe.pattern.name;
  const measured = Number(SNR_NOTE.exec(notes.find((note) => SNR_NOTE.test(note)) ?? '')?.[1] ?? Number.NaN);
  const row = (label: string, limits: Range, values: readonly (number | null)[], scan: string): ConditionRow[] =>
    limits === undefined ? [] : [{ label, trained: range(limits), scan, outside: values.some((value) => value !== null && !within(value, limits)) }];
  return [
    ...row('R', acceleration, [pattern?.achieved ?? null], pattern === null ? '–' : pattern.achieved.toFixed(1)),
    ...row('Matrix', matrix, [series.rows, series.columns], `${series.rows} × ${series.columns}`),
    ...row('Coils', coils, [channels], channels === null ? 'simulated' : String(channels)),
    ...(Number.isFinite(measured) ? row('SNR', snr, [measured], measured.toPrecision(3)) : []),
    ...(patterns.length === 0 || name === null ? [] : [{ label: 'Pattern', trained: patterns.join(', '), scan: name, outside: !patterns.includes(name) }]),
  ];
}

export function modelFit(model: Pick<ModelDescription, 'trained'>, series: Series, pattern: Pattern | null, recipe: Pick<Recipe, 'pattern'> | null): ModelFit {
  const { acceleration, coils, matrix } = model.trained;
  const outside = conditionRows(model, series, pattern, recipe).filter((row) => row.outside).map(inWords);
  const said = [
    ...(acceleration === undefined ? [] : [`R ${range(acceleration)}`]),
    ...(coils === undefined ? [] : [`${range(coils)} coils`]),
    ...(matrix === undefined ? [] : [`matrix ${range(matrix)}`]),
  ];
  const trained = said.length === 0 ? 'The card does not say what it was trained for.' : `Trained at ${said.join(', ')}.`;
  if (outside.length > 0) return { inside: false, text: `${trained} Outside those limits: ${outside.join(', ')}. The result may be wrong in ways that look right.` };
  return { inside: true, text: said.length === 0 ? trained : `${trained} This scan is inside those limits.` };
}

/** Why a network of one's own cannot take this scan, or null. */
export function networkMisfit(model: Pick<ModelDescription, 'network'>, series: Series & Pick<SeriesSummary, 'trajectory'>, pattern: Pattern | null): string | null {
  if (model.network === undefined) return null;
  const { rows, columns } = series;
  // What a simulated acquisition will have is known to the host alone; it says so then.
  const coils = isSimulated(series) ? Number.POSITIVE_INFINITY : series.coils;
  return networkRefusal(model.network, { rows, columns, coils, kind: pattern?.kind ?? 'lines', nonCartesian: series.trajectory !== undefined });
}

function inWords({ label, scan }: ConditionRow): string {
  if (label === 'Coils') return `${scan} coils`;
  if (label === 'Matrix') return `a matrix of ${scan}`;
  return label === 'Pattern' ? `the pattern “${scan}”` : `${label} ${scan}`;
}

const within = (value: number, limits: readonly [number, number]): boolean => value >= limits[0] && value <= limits[1];
const range = ([low, high]: readonly [number, number]): string => (low === high ? `${low}` : `${low}–${high}`);
