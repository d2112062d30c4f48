/** The receipt in one line of text. */
import type { JobRequest } from '../../../src/host/contract.ts';
import { isCpu, providerTitle } from '../../studio/providers.ts';

export function receiptSummary(
  inputSha256: string,
  request: Pick<JobRequest, 'pattern' | 'method' | 'acquire' | 'prepare' | 'metric'>,
  made: { readonly provider: string | null; readonly model: string | null; readonly reference: string | null },
): string {
  const { acceleration, seed } = request.pattern.params;
  const pattern = [
    request.pattern.name,
    acceleration === undefined ? '' : `R ${acceleration}`,
    seed === undefined ? '' : `seed ${seed}`,
  ].filter((part) => part !== '').join(' ');
  const parts = [
    `input sha256 ${inputSha256.slice(0, 8)}…`,
    ...(request.acquire === undefined ? [] : [`simulated ${request.acquire.name}`]),
    ...(request.prepare ?? []).map(({ name }) => name),
    pattern,
    made.model ?? request.method.name,
    ...(made.reference === null ? [] : [`scored against ${made.reference}`]),
    ...(made.provider === null ? [] : [providerTitle(made.provider)]),
    made.provider !== null && isCpu(made.provider) ? 'reproducible bit for bit' : 'bit for bit when run on CPU',
  ];
  return parts.join(' · ');
}
