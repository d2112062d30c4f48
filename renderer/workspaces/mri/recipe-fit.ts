/** What of a recipe a series can take: a pattern that suits it, a method that takes its samples and is installed. Pure. */
import type { ModelDescription, SeriesSummary, StepDescription } from '../../../src/host/contract.ts';
import { callOf, type Params, type Recipe, startRecipe } from './recipe.ts';
import { fitting, isAlongTrajectory, unfitForSamples } from './sampling-fit.ts';

export interface Steps {
  readonly steps: readonly StepDescription[];
  readonly models: readonly Pick<ModelDescription, 'id'>[];
  step(kind: StepDescription['kind'], name: string): StepDescription | null;
}

/** Which method takes over where the chosen one cannot take the samples. */
const PREFERRED_METHODS = ['sense', 'zero-filled'];

/** A method that cannot take the samples of the chosen pattern gives way to one that can, with its `remembered` parameters. */
export function fittedRecipe(recipe: Recipe, series: SeriesSummary | null, catalogue: Steps, remembered: (method: string) => Params | undefined): Recipe {
  const along = isAlongTrajectory(series, catalogue.step('pattern', recipe.pattern.name));
  const runs = catalogue.steps.filter(({ kind, model }) => kind === 'method' && (model === undefined || catalogue.models.some(({ id }) => id === model)));
  const present = catalogue.step('method', recipe.method.name);
  if (present !== null && unfitForSamples(present, along) === null) return recipe;
  const method = fitting(runs, recipe.method.name, (step) => unfitForSamples(step, along), PREFERRED_METHODS);
  return method === null ? recipe : { ...recipe, method: callOf(method, remembered(method.name)) };
}

/** What the scanner left out already is not thinned out again unless the person asks for it, and the other way round. */
export function patternFor(series: SeriesSummary | undefined, recipe: Recipe, catalogue: Steps): Partial<Recipe> {
  const full = catalogue.step('pattern', 'full');
  if (series === undefined || full === null) return {};
  if (!series.fullySampled) return { pattern: callOf(full) };
  if (recipe.pattern.name !== full.name) return {};
  const pattern = startRecipe(catalogue.steps, catalogue.models)?.pattern;
  return pattern === undefined ? {} : { pattern };
}

/** The method of `recipe` is there, with the network that it names. */
export function hasMethod({ method }: Recipe, catalogue: Steps): boolean {
  const step = catalogue.step('method', method.name);
  const choices = step?.params.properties['model']?.enum;
  const chosen = method.params['model'];
  return step !== null && (choices === undefined || typeof chosen !== 'string' || choices.includes(chosen));
}
