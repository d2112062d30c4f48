/** What a command runs on, as its flags say. */
import { LacunaError } from '../errors.ts';
import { pipelineSchema } from '../pipeline/document.ts';
import type { Arguments } from './arguments.ts';

export function threadsOf(args: Arguments, fallback: number = navigator.hardwareConcurrency): number {
  const threads = args.number('threads') ?? fallback;
  if (Number.isInteger(threads) && threads >= 1 && threads <= 64) return threads;
  throw new LacunaError('usage.invalid', `--threads expects a whole number from 1 to 64, got ${threads}.`, { field: 'threads' });
}

export function providerOf(args: Arguments): string {
  const provider = args.text('provider') ?? 'auto';
  const known = pipelineSchema.shape.provider.unwrap().options;
  if ((known as readonly string[]).includes(provider)) return provider;
  throw new LacunaError('usage.invalid', `--provider expects one of ${known.join(', ')}, got “${provider}”.`, { field: 'provider' });
}
