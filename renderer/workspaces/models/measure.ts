/** How long a model takes on the slice that is open: one run to warm up, then five; the host remembers and gives the median. */
import type { Client } from '../../api/client.ts';
import type { JobEvent, JobRequest, ModelDescription, StepDescription } from '../../../src/host/contract.ts';
import { LacunaError } from '../../../src/errors.ts';
import { packagesFor } from '../../studio/step-models.ts';
import { callOf } from '../mri/recipe.ts';

export const MEASURED_RUNS = 5;

/** The method that runs a package, with its parameters as they are by default; null where none does. */
export function methodFor(model: Pick<ModelDescription, 'id'>, steps: readonly StepDescription[], models: readonly ModelDescription[]): JobRequest['method'] | null {
  const step = steps.find((each) => packagesFor(each, models)?.includes(model.id) === true);
  if (step === undefined) return null;
  const call = callOf(step);
  return step.params.properties['model'] === undefined ? call : { ...call, params: { ...call.params, model: model.id } };
}

/** Throws the problem of the first run that failed. */
export async function measure(
  client: Pick<Client, 'startJob'>,
  request: Omit<JobRequest, 'purpose' | 'channel'>,
  onRun: (done: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (let run = 0; run <= MEASURED_RUNS; run++) {
    onRun(run);
    let last: JobEvent | null = null;
    for await (const event of client.startJob({ ...request, purpose: 'preview', channel: 'measure' }, signal)) last = event;
    if (last?.type === 'failed') throw new LacunaError(last.error.code, last.error.message, last.error.field === undefined ? {} : { field: last.error.field });
  }
}
