/** Asks every provider, each in a process of its own, whether it works on this machine. Answers are kept until the driver changes. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { InferConnection } from './connection.ts';
import { driverFingerprint } from './driver-fingerprint.ts';
import type { ProviderName, ProviderReport } from './port.ts';
import { PROVIDER_NAMES } from './protocol.ts';
import type { ProbeReply } from './protocol.ts';
import { describeExit } from './supervisor.ts';
import type { ChildHandle, ProcessAdapter } from './supervisor.ts';

export interface ProbeOptions {
  readonly adapter: ProcessAdapter<string>;
  readonly threads: number;
  /** Where `providers.json` is kept; nothing is kept when absent. */
  readonly cacheFolder?: string;
  /** One provider's time to answer; default `LONGEST_PROBE_MS`. */
  readonly timeoutMs?: number;
  readonly platform?: NodeJS.Platform;
}

/** A first shader compilation takes seconds, on a busy machine many; a wrong verdict would be believed for a day. */
const LONGEST_PROBE_MS = 60_000;
/** A failure may be temporary (memory, a busy device), so it is believed for a day only. */
const FAILURE_TTL_MS = 24 * 3600 * 1000;

/** DESIGN's order of preference; CPU, the oracle, is last and always there. */
export function providerOrder(platform: NodeJS.Platform): readonly ProviderName[] {
  if (platform === 'win32') return ['cuda', 'dml', 'webgpu', 'cpu'];
  if (platform === 'darwin') return ['coreml', 'webgpu', 'cpu'];
  return ['cuda', 'webgpu', 'cpu'];
}

/** One report a provider, in order of preference. Never rejects. */
export async function probeProviders(options: ProbeOptions): Promise<readonly ProviderReport[]> {
  const cacheFile = options.cacheFolder === undefined ? null : join(options.cacheFolder, 'providers.json');
  const key = await driverFingerprint();
  const kept = cacheFile === null ? null : await readCache(cacheFile, key);
  if (kept !== null) return kept;
  const reports: ProviderReport[] = [];
  for (const name of providerOrder(options.platform ?? process.platform)) reports.push(await probeOne(name, options));
  if (cacheFile !== null) await writeCache(cacheFile, key, reports);
  return reports;
}

async function probeOne(name: ProviderName, options: ProbeOptions): Promise<ProviderReport> {
  const start = performance.now();
  try {
    const reply = await askChild(options.adapter.spawn(), name, options);
    return toReport(name, reply, performance.now() - start);
  } catch (error) {
    const reason = `Its probe failed: ${error instanceof Error ? error.message : String(error)}.`;
    return { name, state: 'failed', preferred: false, reason, ms: performance.now() - start };
  }
}

async function askChild(child: ChildHandle<string>, provider: ProviderName, options: ProbeOptions): Promise<ProbeReply> {
  const limit = options.timeoutMs ?? LONGEST_PROBE_MS;
  let timer: NodeJS.Timeout | undefined;
  const ended = child.exited.then((exit) => Promise.reject(new Error(`the probe process ended ${describeExit(exit)}`)));
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limit / 1000} s`)), limit);
  });
  try {
    // A lost connection is told better by how the process ended, which follows it.
    const answer = exchange(child, provider, options.threads).catch(() => ended);
    return await Promise.race([answer, ended, late]);
  } finally {
    clearTimeout(timer);
    ended.catch(() => undefined);
    child.kill();
  }
}

async function exchange(child: ChildHandle<string>, provider: ProviderName, threads: number): Promise<ProbeReply> {
  const connection = await InferConnection.open(await child.ready);
  try {
    const { reply } = await connection.request({ type: 'probe', provider, threads });
    if (reply.type !== 'probed') throw new Error('an answer of another kind');
    return reply;
  } finally {
    connection.close();
  }
}

function toReport(name: ProviderName, reply: ProbeReply, ms: number): ProviderReport {
  const { outcome: state, difference, speed } = reply;
  const slower = speed !== undefined && speed.ms >= speed.cpuMs;
  const reason = reply.reason ?? (slower ? slowerThanCpu(speed) : undefined);
  return {
    name,
    state,
    preferred: state === 'verified' && !slower,
    ms,
    ...(difference === undefined ? {} : { maxAbs: difference.maxAbs }),
    ...(speed === undefined ? {} : { speed }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function slowerThanCpu(speed: { ms: number; cpuMs: number; size: number }): string {
  return `Works, but is slower than CPU here (${speed.size}×${speed.size} matrix product: ${speed.ms.toFixed(1)} ms against ${speed.cpuMs.toFixed(1)} ms), so it is used only when chosen.`;
}

const cacheSchema = z.object({
  key: z.string(),
  at: z.number(),
  reports: z.array(
    z.object({
      name: z.enum(PROVIDER_NAMES),
      state: z.enum(['verified', 'failed', 'absent']),
      maxAbs: z.number().optional(),
      reason: z.string().optional(),
      preferred: z.boolean().optional(),
      speed: z.object({ ms: z.number(), cpuMs: z.number(), size: z.number() }).optional(),
      ms: z.number().optional(),
    }),
  ),
});

/** Null where there is nothing usable: a damaged cache only costs a new probe. */
async function readCache(file: string, key: string): Promise<readonly ProviderReport[] | null> {
  try {
    const cached = cacheSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    const failed = cached.reports.some((report) => report.state === 'failed');
    if (cached.key !== key || (failed && Date.now() - cached.at > FAILURE_TTL_MS)) return null;
    return cached.reports as readonly ProviderReport[];
  } catch {
    return null;
  }
}

async function writeCache(file: string, key: string, reports: readonly ProviderReport[]): Promise<void> {
  try {
    await mkdir(join(file, '..'), { recursive: true });
    const temporary = `${file}.${process.pid}.tmp`;
    await writeFile(temporary, JSON.stringify({ key, at: Date.now(), reports }, null, 2));
    await rename(temporary, file);
  } catch {
    // A full disk or read-only folder costs a probe at the next start, nothing more.
  }
}
