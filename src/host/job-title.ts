/** A job or result in a few words: `L1-wavelet · 4×`. */
import { findStep } from '../pipeline/registry.ts';
import type { JobRequest } from './contract.ts';

export function jobTitle(request: Pick<JobRequest, 'method' | 'pattern'>): string {
  const acceleration = request.pattern.params['acceleration'];
  const method = findStep('method', request.method.name).title;
  return typeof acceleration === 'number' ? `${method} · ${Number(acceleration.toFixed(1))}×` : method;
}
