/** Cards of ReconResNet and of super-resolution, whose tables their exporter writes: measured again, and compared. */
import type { Engine } from '../../src/cli/engine.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { LoadedModel } from '../../src/models/load.ts';
import { falseCells, statedCells } from './card-tables.ts';
import { evaluateReconResNet, evaluateSuperResolution } from './restoration.ts';

/** The exporter's words (models/training/lacuna_training/restoration_card.py). */
const TITLES = { sinc: 'zero-padded (sinc)', learned: '**learned**', 'l1-wavelet, best λ': 'L1-wavelet, best λ', reconresnet: '**ReconResNet**' };
const SUPER_RESOLUTION = 'super-resolution';
const ARTEFACT_REMOVAL = 'mri-artefact-removal';

export const isRestoration = ({ manifest }: LoadedModel): boolean => manifest.task === SUPER_RESOLUTION || manifest.task === ARTEFACT_REMOVAL;

/** How many complaints there were. */
export async function judgeRestorations(engine: Engine, models: readonly LoadedModel[], out: Terminal): Promise<number> {
  const has = (task: string): boolean => models.some(({ manifest }) => manifest.task === task);
  const say = ({ model, setting, data }: { readonly model: string; readonly setting: string; readonly data: string }): void => out.progress(`${model}, ${setting}: ${data}`);
  const found = [
    ...(has(SUPER_RESOLUTION) ? await evaluateSuperResolution(engine, say) : []),
    ...(has(ARTEFACT_REMOVAL) ? await evaluateReconResNet(engine, say) : []),
  ];
  let count = 0;
  for (const { manifest, card } of models) {
    const rows = found.filter(({ model }) => model === manifest.id);
    const complaints = rows.length === 0 ? ['nothing measures it'] : falseCells(statedCells(card), rows, TITLES);
    for (const complaint of complaints) out.warn(`${manifest.id}: ${complaint}`);
    if (complaints.length === 0) out.say(`${manifest.id}: the card is true.`);
    count += complaints.length;
  }
  return count;
}
