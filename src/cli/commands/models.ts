/** `lacuna models`: the learned methods that are installed, and whether their files are what their manifests say. */
import { LacunaError } from '../../errors.ts';
import type { Command } from '../command.ts';
import { surveyModels } from '../../models/find.ts';
import { modelFolders } from '../../models/folders.ts';
import { defaultDataFolder } from '../../library/data-folder.ts';
import { describeModel, modelBytes } from '../../models/describe.ts';
import { Engine } from '../engine.ts';
import { megabytes, table } from '../terminal.ts';

export const modelsCommand: Command = {
  name: 'models',
  summary: 'List the learned methods and the execution providers of this machine',
  usage: '[ID]',
  positionals: 1,
  notes: 'With an ID the model card is printed. Every graph is checked against the SHA-256 of its manifest.',
  flags: () => [{ name: 'providers', kind: 'switch', help: 'probe the execution providers too' }],
  async run(args, out) {
    const { models, problems } = await surveyModels(modelFolders(defaultDataFolder()));
    for (const { folder, error } of problems) out.warn(`note: ${folder} cannot be used: ${error.message}`);
    const id = args.positionals[0];
    const shown = id === undefined ? models : models.filter((m) => m.manifest.id === id);
    if (shown.length === 0 && id !== undefined) {
      const ids = models.map((m) => m.manifest.id).join(', ');
      throw new LacunaError('usage.not-found', `There is no model “${id}”; installed are ${ids || 'none'}.`, { field: 'id' });
    }
    out.say(
      table(
        ['id', 'version', 'title', 'parameters', 'size', 'R'],
        shown.map(({ manifest }) => [
          manifest.id,
          manifest.version,
          manifest.title,
          String(manifest.parameters),
          megabytes(modelBytes(manifest)),
          manifest.trained.acceleration?.join('–') ?? '–',
        ]),
      ),
    );
    if (id !== undefined) for (const model of shown) out.say(`\n${model.card}`);
    const engine = new Engine(navigator.hardwareConcurrency);
    try {
      const providers = args.on('providers') ? await engine.infer.providers() : undefined;
      for (const p of providers ?? []) out.say(`${p.name}: ${p.state}${p.reason === undefined ? '' : ` (${p.reason})`}`);
      out.result({ models: shown.map(describeModel), ...(providers === undefined ? {} : { providers }) });
    } finally {
      await engine.close();
    }
    return 0;
  },
};
