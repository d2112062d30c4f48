/** Inference and model packages of image-to-image networks in memory: a function stands for the network. */
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import type { NdArray } from '../../src/array/nd-array.ts';
import type { InferRequest } from '../../src/infer/port.ts';
import type { LoadedModel } from '../../src/models/load.ts';
import { modelManifestSchema } from '../../src/models/manifest.ts';
import type { InferContext } from '../../src/pipeline/restoration/magnitude-graph.ts';

interface About {
  readonly task: 'super-resolution' | 'mri-artefact-removal';
  readonly multiple?: number;
  readonly passes?: number;
  readonly trained?: object;
}

export function magnitudeModel(id: string, { task, multiple, passes, trained = {} }: About): LoadedModel {
  const tensor = (name: string, role: string) => ({ name, role, dtype: 'float32', shape: [1, 1, 'rows', 'columns'], help: 'h' });
  const manifest = modelManifestSchema.parse({
    lacunaModel: 2,
    id,
    version: '1.2.3',
    title: id,
    summary: 's',
    licence: 'MIT',
    task,
    graphs: { image: { file: 'image.onnx', sha256: 'b'.repeat(64), bytes: 9, inputs: [tensor('in', 'magnitude')], outputs: [tensor('out', 'image-magnitude')] } },
    ...(multiple === undefined && passes === undefined ? {} : { inference: { multiple, passes } }),
    parameters: 1,
    trained,
  });
  return { manifest, folder: '/', graphs: { image: { path: '/image.onnx', sha256: 'b'.repeat(64) } }, files: {}, card: '' };
}

/** `network` gets the tensor of the graph's input and gives its output; every request is kept. */
export function magnitudeContext(model: LoadedModel, network: (x: NdArray<'float32'>) => NdArray<'float32'>): InferContext & { readonly requests: InferRequest[] } {
  const requests: InferRequest[] = [];
  return {
    requests,
    signal: NEVER_CANCELLED,
    loadModel: async (id) => {
      if (id !== model.manifest.id) throw new Error(`asked for ${id}`);
      return model;
    },
    infer: {
      providers: async () => [],
      run: async (request) => {
        requests.push(request);
        return { outputs: { out: network(request.inputs['in'] as NdArray<'float32'>) }, provider: 'cpu', ms: 1, threads: 1 };
      },
    },
  };
}

/** Each pixel repeated `factor` times in both directions: [1, 1, row, column]. */
export function repeated(factor: number): (x: NdArray<'float32'>) => NdArray<'float32'> {
  return ({ shape, data }) => {
    const [, , rows, columns] = shape as [number, number, number, number];
    const out = new Float32Array(factor ** 2 * data.length);
    for (let i = 0; i < out.length; i++) {
      const [r, c] = [Math.floor(i / (factor * columns)), i % (factor * columns)];
      out[i] = data[Math.floor(r / factor) * columns + Math.floor(c / factor)] as number;
    }
    return { dtype: 'float32', shape: [1, 1, factor * rows, factor * columns], data: out };
  };
}
