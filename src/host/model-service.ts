/** Model packages as the studio has them: found, added, removed, timed. */
import { randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { LacunaError } from '../errors.ts';
import type { InferPort } from '../infer/port.ts';
import { describeModel } from '../models/describe.ts';
import type { PackageAnswers } from '../models/draft.ts';
import { findModel, type ModelSurvey, surveyModels } from '../models/find.ts';
import { modelFolders } from '../models/folders.ts';
import type { LoadedModel } from '../models/load.ts';
import { ownModelsFolder, removePackage } from '../models/own-packages.ts';
import { readInside } from '../models/package-file.ts';
import { addNetwork, inspectNetwork } from '../pipeline/learned/add-network.ts';
import { OWN_GRAPH } from '../pipeline/learned/own-network.ts';
import type { ModelDescription, ModelInspection, ModelProblem } from './contract.ts';
import type { ModelTimes } from './model-times.ts';

/** A graph that was sent and awaits its answers; an older one is let go. */
interface Sent {
  readonly token: string;
  readonly graph: Uint8Array;
}

const MAX_PICTURE_BYTES = 4 * 2 ** 20;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface ModelServices {
  readonly dataFolder: string;
  readonly infer: InferPort;
  readonly times: ModelTimes;
}

export class ModelService {
  readonly #services: ModelServices;
  readonly #folders: readonly string[];
  readonly #own: string;
  /** Hashing a model's files takes a moment; once is enough while the studio runs. A failure is not remembered. */
  readonly #loaded = new Map<string, Promise<LoadedModel>>();
  #sent: Sent | null = null;

  constructor(services: ModelServices) {
    this.#services = services;
    this.#folders = modelFolders(services.dataFolder);
    this.#own = ownModelsFolder(services.dataFolder);
  }

  load(id: string): Promise<LoadedModel> {
    let model = this.#loaded.get(id);
    if (model === undefined) {
      model = findModel(id, this.#folders);
      this.#loaded.set(id, model);
      model.catch(() => this.#loaded.delete(id));
    }
    return model;
  }

  async list(): Promise<readonly ModelDescription[]> {
    return (await this.#survey()).models.map((model) => this.#describe(model));
  }

  /** Packages that are there and cannot be used. Folders are told by name alone. */
  async problems(): Promise<readonly ModelProblem[]> {
    return (await this.#survey()).problems.map(({ folder, error }) => ({
      id: basename(folder),
      own: dirname(folder) === this.#own,
      code: error.code,
      message: error.message,
    }));
  }

  /** Throws input.* where the graph is of no use. */
  inspect(graph: Uint8Array): ModelInspection {
    const { header, proposal } = inspectNetwork(graph);
    const token = randomUUID();
    this.#sent = { token, graph };
    const { irVersion, producer, opsets, operators, parameters } = header;
    return { token, bytes: graph.length, irVersion, producer, opset: opsets[''] ?? opsets['ai.onnx'] ?? null, operators, parameters, ...proposal };
  }

  /** Throws usage.not-found for a graph that was not sent, or was followed by another; else as addNetwork. */
  async add(token: string, answers: PackageAnswers, replace: boolean): Promise<ModelDescription> {
    if (this.#sent?.token !== token) throw new LacunaError('usage.not-found', 'Choose the file again: another one was sent since.', { field: 'token' });
    const taken = (await this.#survey()).models.filter((model) => !this.#isOwn(model)).map(({ manifest }) => manifest.id);
    const { model } = await addNetwork(this.#sent.graph, answers, { infer: this.#services.infer, own: this.#own, taken, replace });
    this.#loaded.delete(model.manifest.id);
    this.#sent = null;
    return this.#describe(model);
  }

  async remove(id: string): Promise<void> {
    await removePackage(this.#own, id);
    this.#loaded.delete(id);
  }

  /** A picture of the card: a PNG file of the package. Throws usage.not-found, input.malformed, input.too-large. */
  async picture(id: string, name: string): Promise<Buffer> {
    const { folder } = await this.load(id);
    if (!/^[\w-][\w.-]{0,63}\.png$/.test(name)) throw new LacunaError('usage.not-found', 'Cards show PNG files of their own package alone.', { field: 'name' });
    const bytes = await readInside(folder, name, MAX_PICTURE_BYTES);
    if (!bytes.subarray(0, PNG.length).equals(PNG)) throw new LacunaError('input.malformed', `${name} is not a PNG picture`, { file: name });
    return bytes;
  }

  #survey(): Promise<ModelSurvey> {
    return surveyModels(this.#folders);
  }

  #isOwn({ folder }: Pick<LoadedModel, 'folder'>): boolean {
    return dirname(folder) === this.#own;
  }

  #describe(model: LoadedModel): ModelDescription {
    const { manifest } = model;
    const graph = manifest.graphs[OWN_GRAPH];
    const network = graph === undefined ? {} : { network: { inputs: graph.inputs, outputs: graph.outputs, ...(manifest.inference?.multiple === undefined ? {} : { multiple: manifest.inference.multiple }) } };
    return { ...describeModel(model), ...network, own: this.#isOwn(model), times: this.#services.times.of(manifest.id, manifest.version) };
  }
}
