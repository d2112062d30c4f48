/** Which installed packages a learned method can run. A method without any is not shown. */
import type { ModelDescription, StepDescription } from '../../src/host/contract.ts';

type Package = Pick<ModelDescription, 'id' | 'task' | 'graphs'>;

/** Ids in the order of the list; the step's own package first. Null for steps that run none. */
export function packagesFor(step: Pick<StepDescription, 'kind' | 'model' | 'params'>, models: readonly Package[]): readonly string[] | null {
  if (step.kind !== 'method' || step.model === undefined) return null;
  const own = step.model;
  if (step.params.properties['model'] === undefined) return models.filter(({ id }) => id === own).map(({ id }) => id);
  // The method for networks of one's own names none: it runs what has their graph. Others run what is built like theirs.
  const like = models.find(({ id }) => id === own);
  const fits = own === '' ? ({ graphs }: Package) => graphs.includes('network') : ({ task, graphs }: Package) => task === (like?.task ?? 'mri-reconstruction') && !graphs.includes('network');
  return models.filter(fits).map(({ id }) => id).sort((a, b) => Number(b === own) - Number(a === own));
}

/** Steps as pickers show them: without methods that have no package, and with a choice where a parameter names the package. */
export function withModels(steps: readonly StepDescription[], models: readonly Package[]): readonly StepDescription[] {
  return steps.flatMap((step) => {
    const ids = packagesFor(step, models);
    const choice = step.params.properties['model'];
    if (ids === null) return [step];
    const [first] = ids;
    if (first === undefined) return [];
    if (choice === undefined) return [step];
    return [{ ...step, params: { ...step.params, properties: { ...step.params.properties, model: { ...choice, enum: ids, default: first } } } }];
  });
}
