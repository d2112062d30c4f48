import type { ProviderName, ProviderReport } from './port.ts';

export type GpuProvider = Exclude<ProviderName, 'cpu'>;

/** Where graph twins of classical methods run: on the provider named, with 'auto' on the one the probe prefers to CPU; null for nowhere. */
export function gpuProvider(wanted: ProviderName | 'auto', reports: readonly ProviderReport[]): GpuProvider | null {
  if (wanted === 'cpu') return null;
  if (wanted !== 'auto') return wanted;
  const preferred = reports.find((report) => report.preferred === true && report.name !== 'cpu');
  return (preferred?.name as GpuProvider | undefined) ?? null;
}
