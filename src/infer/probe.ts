/**
 * Does a provider work here? Run inside a child of its own, because a listed provider may throw, hang or crash as soon as
 * a session is made. It counts as verified when the probe graph's outputs match CPU's.
 */
import ort from 'onnxruntime-node';
import type { NdArray } from '../array/nd-array.ts';
import { elementCount } from '../array/nd-array.ts';
import { toLacunaError } from '../errors.ts';
import { compareOutputs, isWithin } from './difference.ts';
import type { Difference } from './difference.ts';
import type { ProviderName } from './port.ts';
import { PROBE_GRAPH } from './probe-graph.ts';
import type { ProbeReply } from './protocol.ts';
import { createSession, runSession } from './sessions.ts';
import type { Tensors } from './tensors.ts';

type Outcome = Omit<ProbeReply, 'type' | 'id' | 'rss'>;

/** float32 sums of 24 products of values in [-1, 1], in any order, stay far inside; a wrong layout or half precision does not. */
const TOLERANCE: Difference = { maxAbs: 1e-4, nrmse: 1e-5 };
const SMALL = 24;
/** First a size at which a software adapter is told apart within 0.1 s, then one large enough for a GPU to pay off. */
const SPEED_SIZES = [256, 1024] as const;
/** A warm 256³ product takes a GPU a few milliseconds at most; SwiftShader takes 60. */
const SOFTWARE_MS = 25;

/** Never throws: a refusal is an outcome. */
export async function probeProvider(provider: ProviderName, threads: number): Promise<Outcome> {
  if (!ort.listSupportedBackends().some((backend) => backend.name === provider)) {
    return { outcome: 'absent', reason: `This build of ONNX Runtime for ${process.platform} ${process.arch} has no ${provider} provider.` };
  }
  try {
    const cpu = await createSession(PROBE_GRAPH, 'cpu', threads, 'probe');
    const session = provider === 'cpu' ? cpu : await createSession(PROBE_GRAPH, provider, threads, 'probe');
    const small = probeInputs(SMALL);
    const difference = compareOutputs((await runSession(session, small, undefined, 'probe')).outputs, await expected(cpu, provider, small));
    if (!isWithin(difference, TOLERANCE)) {
      return { outcome: 'failed', difference, reason: `Its results differ from CPU's by up to ${difference.maxAbs.toPrecision(2)}.` };
    }
    return { outcome: 'verified', difference, ...(provider === 'cpu' ? {} : { speed: await compareSpeed(session, cpu) }) };
  } catch (error) {
    return refusal(toLacunaError(error).message);
  }
}

/** CPU itself is checked against the definition in float64, so that a broken build does not verify itself. */
async function expected(cpu: ort.InferenceSession, provider: ProviderName, inputs: Tensors): Promise<Tensors> {
  const outputs = (await runSession(cpu, inputs, undefined, 'probe')).outputs;
  if (provider !== 'cpu') return outputs;
  const product = matrixProduct(inputs['a'] as NdArray<'float32'>, inputs['b'] as NdArray<'float32'>);
  return { ...outputs, y: product };
}

function matrixProduct(a: NdArray<'float32'>, b: NdArray<'float32'>): NdArray<'float32'> {
  const [rows, inner] = a.shape as [number, number];
  const columns = b.shape[1] as number;
  const data = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += (a.data[r * inner + k] as number) * (b.data[k * columns + c] as number);
      data[r * columns + c] = sum;
    }
  }
  return { dtype: 'float32', shape: [rows, columns], data };
}

/** Warm times of the same matrix product; the larger size is left out where the smaller one already showed a software adapter. */
async function compareSpeed(
  session: ort.InferenceSession,
  cpu: ort.InferenceSession,
): Promise<{ ms: number; cpuMs: number; size: number }> {
  let speed = { ms: 0, cpuMs: 0, size: 0 };
  for (const size of SPEED_SIZES) {
    const inputs = probeInputs(size);
    speed = { ms: await warmTime(session, inputs), cpuMs: await warmTime(cpu, inputs), size };
    if (speed.ms > SOFTWARE_MS && speed.ms > speed.cpuMs) break;
  }
  return speed;
}

async function warmTime(session: ort.InferenceSession, inputs: Tensors): Promise<number> {
  await runSession(session, inputs, ['y'], 'probe');
  return (await runSession(session, inputs, ['y'], 'probe')).ms;
}

function probeInputs(size: number): Tensors {
  const wave = (phase: number, shape: readonly number[]): NdArray<'float32'> => ({
    dtype: 'float32',
    shape,
    data: Float32Array.from({ length: elementCount(shape) }, (_, i) => Math.sin(phase + 1.7 * i)),
  });
  return {
    a: wave(0, [size, size]),
    b: wave(1, [size, size]),
    x: wave(2, [1, 2, SMALL, SMALL]),
    w: wave(3, [4, 2, 3, 3]),
  };
}

/** What ONNX Runtime says where the machine lacks hardware or driver; anything else means that something is broken. */
const MISSING: readonly (readonly [RegExp, string])[] = [
  [/failed to load (shared )?library|cannot open shared object/i, 'Its libraries are not installed.'],
  [/no supported adapters|failed to get a webgpu adapter/i, 'No graphics adapter with a Vulkan, Metal or Direct3D 12 driver was found.'],
];

function refusal(message: string): Outcome {
  const missing = MISSING.find(([pattern]) => pattern.test(message));
  return missing === undefined ? { outcome: 'failed', reason: message } : { outcome: 'absent', reason: missing[1] };
}
