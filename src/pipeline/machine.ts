/** The machine in a receipt's words. */
import type { ReceiptEnvironment } from './receipt.ts';

export function machineOf(threads: number): Pick<ReceiptEnvironment, 'runtime' | 'platform' | 'threads'> {
  return { runtime: `node ${process.versions.node}`, platform: `${process.platform} ${process.arch}`, threads };
}
