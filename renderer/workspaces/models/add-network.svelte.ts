/** The dialog that adds a network: file, roles, conditions; then it is tried by the host and added. */
import type { Client } from '../../api/client.ts';
import type { ModelDescription, ModelInspection } from '../../../src/host/contract.ts';
import type { PackageAnswers } from '../../../src/models/draft.ts';
import type { TensorRole } from '../../../src/models/manifest.ts';

type Task = PackageAnswers['task'];
type Range = readonly [number, number];

/** Roles in words. */
export const ROLE_TITLES: Readonly<Record<TensorRole, string>> = {
  adjoint: 'Zero-filled image, complex',
  magnitude: 'Zero-filled image, magnitude',
  kspace: 'k-space',
  maps: 'Coil maps',
  'mask-lines': 'Mask of lines',
  weights: 'Mask of points',
  'dft-lines': 'DFT of the acquired lines',
  'dft-rows': 'DFT along rows',
  'dft-columns': 'DFT along columns',
  condition: 'Acquired fraction and noise',
  image: 'Image, complex',
  'image-magnitude': 'Image, magnitude',
};

export class AddNetwork {
  phase = $state<'choosing' | 'reading' | 'asking' | 'trying'>('choosing');
  problem = $state.raw<unknown>(null);
  fileName = $state('');
  inspection = $state.raw<ModelInspection | null>(null);
  /** Role by name; '' where a person has to say. */
  inputs = $state<Record<string, string>>({});
  output = $state('');
  outputRole = $state('');
  id = $state('');
  title = $state('');
  licence = $state('');
  data = $state('');
  task = $state<Task>('mri-artefact-removal');
  scale = $state<PackageAnswers['scale']>('maximum');
  replace = $state(false);
  /** As typed: `2–8`, `2:8`, `4`; empty where unknown. */
  ranges = $state<Record<'acceleration' | 'matrix' | 'coils', string>>({ acceleration: '', matrix: '', coils: '' });

  readonly #client: Pick<Client, 'inspectModel' | 'addModel'>;

  constructor(client: Pick<Client, 'inspectModel' | 'addModel'>) {
    this.#client = client;
  }

  /** What keeps it from being added, in one sentence, or null. */
  readonly missing = $derived.by((): string | null => {
    const open = this.inspection?.inputs.find(({ name }) => (this.inputs[name] ?? '') === '');
    if (open !== undefined) return `Say what ${open.name} holds.`;
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(this.id)) return 'The id takes small letters, digits and hyphens.';
    if (this.title.trim() === '') return 'Give it a title.';
    const wrong = Object.entries(this.ranges).find(([, text]) => text.trim() !== '' && parseRange(text) === null);
    return wrong === undefined ? null : `“${wrong[1]}” is no range: write 2–8, the smaller first.`;
  });

  async choose(file: File): Promise<void> {
    this.phase = 'reading';
    this.problem = null;
    try {
      const inspection = await this.#client.inspectModel(file);
      this.inspection = inspection;
      this.fileName = file.name;
      this.inputs = Object.fromEntries(inspection.inputs.map(({ name, role }) => [name, role ?? '']));
      const image = inspection.outputs.find(({ role }) => role !== null);
      this.output = image?.name ?? '';
      this.outputRole = image?.role ?? '';
      this.task = inspection.task;
      const stem = file.name.replace(/\.onnx$/i, '');
      this.title = stem;
      this.id = stem.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 64);
      this.phase = 'asking';
    } catch (error) {
      this.problem = error;
      this.phase = 'choosing';
    }
  }

  /** Null where it was refused; `problem` says why then. */
  async add(): Promise<ModelDescription | null> {
    if (this.inspection === null || this.missing !== null) return null;
    this.phase = 'trying';
    this.problem = null;
    try {
      return await this.#client.addModel(this.inspection.token, this.#answers(), this.replace);
    } catch (error) {
      this.problem = error;
      this.phase = 'asking';
      return null;
    }
  }

  #answers(): PackageAnswers {
    const trained: Record<string, Range> = {};
    for (const [name, text] of Object.entries(this.ranges)) {
      const range = parseRange(text);
      if (range !== null) trained[name] = range;
    }
    return {
      id: this.id, title: this.title.trim(), summary: '', version: '1.0.0', licence: this.licence.trim() || 'not stated', task: this.task,
      inputs: this.inputs as Record<string, TensorRole>,
      outputs: { [this.output]: this.outputRole as TensorRole },
      scale: this.scale,
      trained: { ...trained, patterns: [], data: this.data.trim() === '' ? [] : [this.data.trim()] },
    };
  }
}

/** `2–8`, `2-8`, `2:8`, `2 to 8`, `4`; null for anything else, and for the larger first. */
export function parseRange(text: string): Range | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(?:(?:–|-|:|to)\s*(\d+(?:\.\d+)?)\s*)?$/.exec(text);
  if (match === null) return null;
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
  return from <= to ? [from, to] : null;
}
