/** `lacuna models add FILE.onnx`: by flags, by questions on a terminal, or by both. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { LacunaError } from '../../errors.ts';
import { defaultDataFolder } from '../../library/data-folder.ts';
import { packageAnswers, type PackageAnswers } from '../../models/draft.ts';
import { listModels } from '../../models/find.ts';
import { modelFolders } from '../../models/folders.ts';
import { MAX_GRAPH_BYTES, MODEL_TASKS, TENSOR_ROLES, type TensorRole } from '../../models/manifest.ts';
import { ownModelsFolder } from '../../models/own-packages.ts';
import type { Proposal } from '../../models/propose.ts';
import { addNetwork, inspectNetwork } from '../../pipeline/learned/add-network.ts';
import type { Arguments, Flag } from '../arguments.ts';
import { seconds, table, type Terminal } from '../terminal.ts';
import { askOnTerminal, type Questions } from './models-questions.ts';
import { withEngine } from './with-engine.ts';

export const ADD_FLAGS: readonly Flag[] = [
  { name: 'id', kind: 'text', help: 'add: id of the package; default from the file name' },
  { name: 'title', kind: 'text', help: 'add: as shown in menus; default from the file name' },
  { name: 'summary', kind: 'text', help: 'add: what it is, in a sentence or two' },
  { name: 'release', kind: 'text', value: 'V', help: 'add: version of the weights', default: '1.0.0' },
  { name: 'licence', kind: 'text', help: 'add: licence of the weights', default: 'not stated', aliases: ['license'] },
  { name: 'task', kind: 'text', value: 'TASK', help: 'add: mri-reconstruction or mri-artefact-removal; default by its inputs' },
  { name: 'map', kind: 'text', value: 'TENSOR=ROLE', help: `add: what an input or output holds: ${TENSOR_ROLES.join(', ')}`, repeated: true },
  { name: 'scale', kind: 'text', value: 'HOW', help: 'add: what it divides by: maximum, deviation or none', default: 'maximum' },
  { name: 'multiple', kind: 'number', help: 'add: sides are multiples of N; default found by trying' },
  { name: 'acceleration', kind: 'text', value: 'FROM:TO', help: 'add: R it was trained for' },
  { name: 'coils', kind: 'text', value: 'FROM:TO', help: 'add: coils it was trained for' },
  { name: 'matrix', kind: 'text', value: 'FROM:TO', help: 'add: sides it was trained for' },
  { name: 'snr', kind: 'text', value: 'FROM:TO', help: 'add: signal-to-noise ratios it was trained for' },
  { name: 'noise', kind: 'text', help: 'add: what noise it was trained with' },
  { name: 'patterns', kind: 'text', value: 'A,B', help: 'add: patterns it was trained for' },
  { name: 'data', kind: 'text', help: 'add: what it was trained on', repeated: true },
  { name: 'replace', kind: 'switch', help: 'add: in place of your package of that id' },
  { name: 'yes', kind: 'switch', help: 'add: ask nothing, take what is proposed' },
];

export async function addModel(path: string | undefined, args: Arguments, out: Terminal): Promise<number> {
  if (path === undefined) throw new LacunaError('usage.invalid', 'Name the graph: lacuna models add FILE.onnx.', { field: 'file' });
  const graph = await readGraph(path);
  const { header, proposal } = withFile(path, () => inspectNetwork(graph));
  describe(proposal, header.parameters, out);
  const interactive = !args.on('yes') && !out.json && process.stdin.isTTY === true && process.stderr.isTTY === true;
  const given = answersOfFlags(path, proposal, args);
  const raw = interactive ? await askOnTerminal((questions) => askOpen(questions, proposal, given, args)) : given;
  const answers = checked(raw, proposal);
  const own = ownModelsFolder(defaultDataFolder());
  const taken = (await listModels(modelFolders())).map(({ manifest }) => manifest.id);
  const { model, trial } = await withEngine(({ infer }) => addNetwork(graph, answers, { infer, own, taken, replace: args.on('replace') }));
  const { rows, columns, coils } = trial.size;
  out.say(`Tried at ${coils} × ${rows} × ${columns} on CPU: ${seconds(trial.ms)}, finite, ${trial.difference === 0 ? 'the same bits twice' : `${trial.difference.toExponential(1)} between two runs`}.`);
  if (trial.multiple > 1) out.say(`Its sides are multiples of ${trial.multiple}; other images are padded.`);
  out.say(`Added ${model.manifest.id} in ${model.folder}. Run it with --method network --model ${model.manifest.id}.`);
  out.result({ added: model.manifest, folder: model.folder, trial });
  return 0;
}

/** What the flags and the proposal say; roles that nobody named are missing. */
type Raw = Record<string, unknown> & { readonly inputs: Record<string, TensorRole>; readonly outputs: Record<string, TensorRole> };

function answersOfFlags(path: string, proposal: Proposal, args: Arguments): Raw {
  const stem = basename(path).replace(/\.onnx$/i, '');
  const mapped = roleFlags(args.all('map'));
  const roles = (tensors: Proposal['inputs']) => Object.fromEntries(tensors.flatMap(({ name, role }) => (mapped.get(name) ?? role) === null ? [] : [[name, (mapped.get(name) ?? role) as TensorRole]]));
  const known = new Set([...proposal.inputs, ...proposal.outputs].map(({ name }) => name));
  const unknown = [...mapped.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) throw new LacunaError('usage.invalid', `--map: the graph has no “${unknown}”; it has ${[...known].join(', ')}.`, { field: 'map' });
  const range = (name: string) => rangeFlag(name, args.text(name));
  const optional = { acceleration: range('acceleration'), coils: range('coils'), matrix: range('matrix'), snr: range('snr'), noise: args.text('noise') };
  return {
    id: args.text('id') ?? idOf(stem),
    title: args.text('title') ?? stem,
    ...present({ summary: args.text('summary'), version: args.text('release'), licence: args.text('licence'), scale: args.text('scale'), multiple: args.number('multiple') }),
    task: args.text('task') ?? proposal.task,
    inputs: roles(proposal.inputs),
    outputs: firstImage(roles(proposal.outputs), mapped),
    trained: { ...present(optional), patterns: (args.text('patterns') ?? '').split(',').map((word) => word.trim()).filter((word) => word !== ''), data: [...args.all('data')] },
  };
}

/** Of several outputs the one that was named, else the first that can be an image. */
function firstImage(roles: Record<string, TensorRole>, mapped: ReadonlyMap<string, TensorRole>): Record<string, TensorRole> {
  const names = Object.keys(roles);
  const chosen = names.find((name) => mapped.has(name)) ?? names[0];
  return chosen === undefined ? {} : { [chosen]: roles[chosen] as TensorRole };
}

async function askOpen(questions: Questions, proposal: Proposal, given: Raw, args: Arguments): Promise<Raw> {
  const asked: Record<string, unknown> = {};
  const free = async (name: string, question: string): Promise<void> => {
    if (args.text(name) === undefined) asked[name === 'release' ? 'version' : name] = await questions.text(question, String(given[name] ?? ''));
  };
  await free('id', 'Id of the package');
  await free('title', 'Title');
  const inputs: Record<string, TensorRole> = { ...given.inputs };
  for (const { name, roles, role } of proposal.inputs) {
    if (roleFlags(args.all('map')).has(name)) continue;
    inputs[name] = (await questions.choice(`What is the input ${name}?`, roles, role ?? roles[0] ?? 'adjoint')) as TensorRole;
  }
  const trained: Record<string, unknown> = { ...(given['trained'] as object) };
  for (const [name, what] of [['acceleration', 'R'], ['coils', 'coils'], ['matrix', 'sides']] as const) {
    if (trained[name] !== undefined) continue;
    const text = await questions.text(`Trained for ${what} (FROM:TO, empty where unknown)`, '');
    if (text !== '') trained[name] = rangeFlag(name, text);
  }
  if (args.text('licence') === undefined) asked['licence'] = await questions.text('Licence of the weights', 'not stated');
  return { ...given, ...asked, inputs, trained };
}

function checked(raw: Raw, proposal: Proposal): PackageAnswers {
  const open = proposal.inputs.find(({ name }) => raw.inputs[name] === undefined);
  if (open !== undefined) {
    throw new LacunaError('usage.invalid', `What ${open.name} [${open.shape?.join(', ')}] holds cannot be told: name it with --map ${open.name}=ROLE, one of ${open.roles.join(', ')}.`, { field: 'map' });
  }
  const parsed = packageAnswers.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  const hint = field === 'task' ? ` Networks that can be added are for ${MODEL_TASKS.slice(0, 2).join(' or ')}.` : '';
  throw new LacunaError('usage.invalid', `--${field}: ${issue?.message ?? 'invalid'}.${hint}`, { field });
}

function describe({ inputs, outputs, task }: Proposal, parameters: number, out: Terminal): void {
  out.say(`A graph with ${parameters.toLocaleString('en-GB')} parameters, taken for ${task}.`);
  const row = (what: string) => ({ name, dtype, shape, role }: Proposal['inputs'][number]) => [what, name, `${dtype} [${shape?.join(', ') ?? '?'}]`, role ?? '(not known)'];
  out.say(table(['', 'name', 'shape', 'proposed role'], [...inputs.map(row('input')), ...outputs.map(row('output'))]));
}

function roleFlags(given: readonly string[]): Map<string, TensorRole> {
  return new Map(
    given.map((text) => {
      const at = text.lastIndexOf('=');
      const role = TENSOR_ROLES.find((name) => name === text.slice(at + 1));
      if (at <= 0 || role === undefined) throw new LacunaError('usage.invalid', `--map expects TENSOR=ROLE with a role of ${TENSOR_ROLES.join(', ')}; got “${text}”.`, { field: 'map' });
      return [text.slice(0, at), role] as const;
    }),
  );
}

function rangeFlag(name: string, text: string | undefined): readonly [number, number] | undefined {
  if (text === undefined) return undefined;
  const match = /^\s*([\d.]+)\s*(?::\s*([\d.]+)\s*)?$/.exec(text);
  const [from, to] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
  if (Number.isFinite(from) && Number.isFinite(to) && from <= to) return [from, to];
  throw new LacunaError('usage.invalid', `--${name} expects FROM:TO, the smaller first; got “${text}”.`, { field: name });
}

function present(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** `My U-Net (v2)` → `my-u-net-v2`. */
function idOf(stem: string): string {
  return stem.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 64) || 'network';
}

async function readGraph(path: string): Promise<Uint8Array> {
  const file = basename(path);
  try {
    await using handle = await open(path, 'r');
    const { size } = await handle.stat();
    if (size > MAX_GRAPH_BYTES) throw new LacunaError('input.too-large', `${file} has ${size} bytes; a graph may have ${MAX_GRAPH_BYTES}.`, { file, field: 'bytes' });
    return await handle.readFile();
  } catch (cause) {
    if (cause instanceof LacunaError) throw cause;
    throw new LacunaError('io.read', `${file} cannot be read.`, { file, cause });
  }
}

/** Errors of the graph name the file. */
function withFile<T>(path: string, use: () => T): T {
  try {
    return use();
  } catch (cause) {
    if (!(cause instanceof LacunaError)) throw cause;
    const { code, message, field } = cause;
    throw new LacunaError(code, message, { file: basename(path), ...(field === undefined ? {} : { field }), cause });
  }
}
