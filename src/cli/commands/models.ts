/** `lacuna models`: the learned methods that are installed; adding, checking and removing networks of one's own. */
import { LacunaError } from '../../errors.ts';
import { defaultDataFolder } from '../../library/data-folder.ts';
import { describeModel, modelBytes } from '../../models/describe.ts';
import { surveyModels } from '../../models/find.ts';
import { modelFolders } from '../../models/folders.ts';
import type { LoadedModel } from '../../models/load.ts';
import { ownModelsFolder, removePackage } from '../../models/own-packages.ts';
import type { Arguments } from '../arguments.ts';
import type { Command } from '../command.ts';
import { megabytes, table, type Terminal } from '../terminal.ts';
import { ADD_FLAGS, addModel } from './models-add.ts';
import { verifyModels } from './models-verify.ts';
import { withEngine } from './with-engine.ts';

const ACTIONS = ['list', 'show', 'verify', 'add', 'remove'] as const;
type Action = (typeof ACTIONS)[number];

export const modelsCommand: Command = {
  name: 'models',
  summary: 'List, check, add and remove the networks of learned methods',
  usage: 'list | show ID | verify [ID] | add FILE.onnx | remove ID',
  positionals: 2,
  notes:
    'add: roles of inputs and outputs are proposed from their names and shapes; on a terminal what is left open is asked. The graph is\n' +
    'run once before it is taken. Packages lie in the data folder under models; nothing in them is ever executed but the graph itself.',
  flags: () => [{ name: 'providers', kind: 'switch', help: 'list, verify: the execution providers too' }, ...ADD_FLAGS],
  async run(args, out) {
    const { action, operand } = actionOf(args.positionals);
    if (action === 'add') return addModel(operand, args, out);
    const { models, problems } = await surveyModels(modelFolders(defaultDataFolder()));
    if (action === 'remove') return remove(operand, out);
    for (const { folder, error } of problems) out.warn(`note: ${folder} cannot be used: ${error.message}`);
    const shown = operand === undefined ? models : [named(models, operand)];
    if (action === 'verify') return verifyModels(shown, problems, args, out);
    list(shown, out);
    if (action === 'show') for (const model of shown) out.say(`\n${model.card}`);
    const providers = args.on('providers') ? await withEngine((engine) => engine.infer.providers()) : undefined;
    for (const p of providers ?? []) out.say(`${p.name}: ${p.state}${p.reason === undefined ? '' : ` (${p.reason})`}`);
    const broken = problems.map(({ folder, error }) => ({ folder, code: error.code, message: error.message }));
    out.result({ models: shown.map(describeModel), problems: broken, ...(providers === undefined ? {} : { providers }) });
    return 0;
  },
};

/** A single word that is no action is an id: its card is shown. */
function actionOf([first, second]: Arguments['positionals']): { readonly action: Action; readonly operand: string | undefined } {
  if (first === undefined) return { action: 'list', operand: undefined };
  const action = ACTIONS.find((name) => name === first);
  if (action === undefined && second !== undefined) {
    throw new LacunaError('usage.invalid', `lacuna models knows ${ACTIONS.join(', ')}; got “${first}”.`, { field: 'action' });
  }
  if (action === undefined) return { action: 'show', operand: first };
  if (second === undefined && (action === 'show' || action === 'remove')) throw new LacunaError('usage.invalid', `Name the model: lacuna models ${action} ID.`, { field: 'id' });
  return { action, operand: action === 'list' ? undefined : second };
}

function named(models: readonly LoadedModel[], id: string): LoadedModel {
  const found = models.find(({ manifest }) => manifest.id === id);
  if (found !== undefined) return found;
  const ids = models.map(({ manifest }) => manifest.id).join(', ');
  throw new LacunaError('usage.not-found', `There is no model “${id}”; installed are ${ids || 'none'}.`, { field: 'id' });
}

function list(models: readonly LoadedModel[], out: Terminal): void {
  const rows = models.map(({ manifest }) => [
    manifest.id,
    manifest.version,
    manifest.title,
    manifest.task,
    String(manifest.parameters),
    megabytes(modelBytes(manifest)),
    manifest.trained.acceleration?.join('–') ?? '–',
  ]);
  out.say(table(['id', 'version', 'title', 'task', 'parameters', 'size', 'R'], rows));
}

async function remove(id: string | undefined, out: Terminal): Promise<number> {
  await removePackage(ownModelsFolder(defaultDataFolder()), id ?? '');
  out.say(`Removed ${id}.`);
  out.result({ removed: id });
  return 0;
}
