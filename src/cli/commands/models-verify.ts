/** `lacuna models verify`: hashes, and each graph run on a made-up acquisition. */
import { LacunaError, toLacunaError } from '../../errors.ts';
import type { InferPort, InferRequest, ProviderName } from '../../infer/port.ts';
import type { ModelSurvey } from '../../models/find.ts';
import type { LoadedModel } from '../../models/load.ts';
import { graphTrial } from '../../pipeline/learned/graph-trial.ts';
import type { Arguments } from '../arguments.ts';
import { seconds, type Terminal } from '../terminal.ts';
import { withEngine } from './with-engine.ts';

interface Verdict {
  readonly id: string;
  readonly graph: string;
  readonly provider: string;
  readonly ok: boolean;
  readonly text: string;
}

/** Exit code 3 where anything is wrong. */
export async function verifyModels(models: readonly LoadedModel[], problems: ModelSurvey['problems'], args: Arguments, out: Terminal): Promise<number> {
  const verdicts = await withEngine(async ({ infer }) => {
    const providers = args.on('providers') ? (await infer.providers()).filter(({ state, name }) => state === 'verified' && name !== 'cpu').map(({ name }) => name) : [];
    const found: Verdict[] = [];
    for (const model of models) for (const graph of Object.keys(model.graphs)) found.push(...(await verdictsOf(infer, model, graph, providers)));
    return found;
  });
  for (const { id, graph, provider, ok, text } of verdicts) out.say(`${ok ? 'ok    ' : 'FAILED'}  ${id} ${graph} on ${provider}: ${text}`);
  for (const model of models) if (Object.keys(model.graphs).length === 0) out.say(`ok      ${model.manifest.id}: files have the hashes of the manifest; it has no graph`);
  out.result({ verdicts, problems: problems.map(({ folder, error }) => ({ folder, code: error.code, message: error.message })) });
  return problems.length === 0 && verdicts.every(({ ok }) => ok) ? 0 : 3;
}

async function verdictsOf(infer: InferPort, model: LoadedModel, graph: string, providers: readonly ProviderName[]): Promise<readonly Verdict[]> {
  const { id } = model.manifest;
  const verdict = (provider: string, ok: boolean, text: string): Verdict => ({ id, graph, provider, ok, text });
  try {
    const trial = await graphTrial(infer, model, graph);
    if (trial === null) return [verdict('cpu', true, 'hash as promised; not run, its inputs are no measurement')];
    const { report, request } = trial;
    const { rows, columns, coils } = report.size;
    const again = report.difference === 0 ? 'the same bits twice' : `${report.difference.toExponential(1)} between two runs`;
    const verdicts = [verdict('cpu', true, `hash as promised; finite at ${coils} × ${rows} × ${columns}, ${again}, ${seconds(report.ms)}`)];
    for (const provider of providers) verdicts.push(await against(infer, provider, request, verdict));
    return verdicts;
  } catch (error) {
    return [verdict('cpu', false, toLacunaError(error).message)];
  }
}

async function against(
  infer: InferPort,
  provider: ProviderName,
  request: Omit<InferRequest, 'provider'>,
  verdict: (provider: string, ok: boolean, text: string) => Verdict,
): Promise<Verdict> {
  try {
    const { verification } = await infer.run({ ...request, provider });
    if (verification === undefined) return verdict(provider, false, 'it was not compared with CPU');
    return verdict(provider, true, `NRMSE to CPU ${verification.nrmse.toExponential(1)}, max ${verification.maxAbs.toExponential(1)}`);
  } catch (error) {
    if (!(error instanceof LacunaError)) throw error;
    return verdict(provider, false, error.message);
  }
}
