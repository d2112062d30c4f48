/** Providers in words. */
import type { ProviderName, ProviderReport } from '../../src/infer/port.ts';

export const PROVIDER_TITLES: Readonly<Record<ProviderName, string>> = {
  cpu: 'CPU', cuda: 'CUDA', dml: 'DirectML', coreml: 'Core ML', webgpu: 'WebGPU',
};

/** Of a provider's name, also with an addition: `cpu (TypeScript)` is `CPU (TypeScript)`. */
export function providerTitle(name: string): string {
  const [word = '', ...rest] = name.split(' ');
  return [PROVIDER_TITLES[word as ProviderName] ?? word, ...rest].join(' ');
}

/** Only the CPU, in ONNX Runtime or in the studio's own code, gives the same bits again. */
export const isCpu = (name: string): boolean => name.split(' ')[0] === 'cpu';

/** One line for the chip. */
export function providerChip(report: ProviderReport, threads: number): string {
  if (report.name === 'cpu') return `CPU · ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return report.state === 'verified' ? `${providerTitle(report.name)} verified` : `${providerTitle(report.name)} failed`;
}

/** What is known of a provider, and how. */
export function providerSentence(report: ProviderReport): string {
  if (report.state === 'absent') return 'Not on this machine.';
  if (report.state === 'failed') return 'Not used: it did not start, or its answer to the test graph was wrong.';
  if (report.name === 'cpu') return 'The oracle: every other provider is compared with it.';
  const difference = report.maxAbs === undefined ? '' : ` within ${report.maxAbs.toExponential(1)} of CPU`;
  const time = report.ms === undefined ? '' : `, in ${Math.round(report.ms)} ms`;
  return `Ran a test graph${difference}${time}. Each model is compared with CPU again before it is used.`;
}
