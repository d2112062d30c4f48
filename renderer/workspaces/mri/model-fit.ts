/** Whether a scan lies inside what a model was trained on, in one sentence. */
import type { ModelDescription, PatternSummary, SeriesSummary } from '../../../src/host/contract.ts';
import { isSimulated, type Recipe } from './recipe.ts';

export interface ModelFit {
  readonly inside: boolean;
  readonly text: string;
}

export function modelFit(
  model: Pick<ModelDescription, 'trained'>,
  series: Pick<SeriesSummary, 'coils' | 'rows' | 'columns' | 'domain'>,
  pattern: Pick<PatternSummary, 'achieved' | 'kind'> | null,
  recipe: Pick<Recipe, 'pattern'> | null,
): ModelFit {
  const { acceleration, coils, matrix, patterns } = model.trained;
  const outside: string[] = [];
  // A simulated acquisition sets its coils itself.
  if (!isSimulated(series) && !within(series.coils, coils)) outside.push(`${series.coils} coils`);
  if (!within(series.rows, matrix) || !within(series.columns, matrix)) outside.push(`a matrix of ${series.rows} × ${series.columns}`);
  if (pattern !== null && !within(pattern.achieved, acceleration)) outside.push(`R ${pattern.achieved.toFixed(1)}`);
  if (recipe !== null && patterns.length > 0 && recipe.pattern.name !== 'file' && !patterns.includes(recipe.pattern.name)) {
    outside.push(`the pattern “${recipe.pattern.name}”`);
  }
  const trained = `Trained at R ${range(acceleration)}, ${range(coils)} coils, matrix ${range(matrix)}.`;
  return outside.length === 0
    ? { inside: true, text: `${trained} This scan is inside those limits.` }
    : { inside: false, text: `${trained} Outside those limits: ${outside.join(', ')}. The result may be wrong in ways that look right.` };
}

type Range = readonly [number, number] | undefined;
const within = (value: number, limits: Range): boolean => limits === undefined || (value >= limits[0] && value <= limits[1]);
const range = (limits: Range): string => (limits === undefined ? '?' : limits[0] === limits[1] ? `${limits[0]}` : limits.join('–'));
