/** Runs an ONNX model in memory on ONNX Runtime's CPU provider. */
import ort from 'onnxruntime-node';
import type { NdArray } from '../../src/array/nd-array.ts';

type Input = NdArray<'float32'> | NdArray<'int64'>;

export async function runGraph(bytes: Uint8Array, inputs: Readonly<Record<string, Input>>): Promise<(name: string) => NdArray<'float32'>> {
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['cpu'], intraOpNumThreads: 1, logSeverityLevel: 4 });
  try {
    const feeds = Object.fromEntries(Object.entries(inputs).map(([name, { dtype, shape, data }]) => [name, new ort.Tensor(dtype, data, shape)]));
    const results = await session.run(feeds);
    return (name) => {
      const result = results[name];
      if (result === undefined) throw new Error(`no output ${name}`);
      return { dtype: 'float32', shape: result.dims, data: result.data as Float32Array };
    };
  } finally {
    await session.release();
  }
}

export const scalar = (value: number): NdArray<'float32'> => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });
