/** Cards of ReconResNet and of super-resolution, whose tables their exporter writes: measured again, and compared. */
import type { Engine } from '../../src/cli/engine.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { LoadedModel } from '../../src/models/load.ts';
import { falseCells, statedCells } from './card-tables.ts';
import type { DevelopmentCase } from './development-set.ts';
import { Progress } from './progress.ts';
import { evaluateReconResNet, evaluateSuperResolution, RECONRESNET_SETTINGS, reconResNetBaselines, reconResNetRuns, superResolutionRuns } from './restoration.ts';
import type { Scorer } from './scorer.ts';

/** The exporter's words (models/training/lacuna_training/restoration_card.py). */
const TITLES = { sinc: 'zero-padded (sinc)', learned: '**learned**', 'l1-wavelet, best λ': 'L1-wavelet, best λ', reconresnet: '**ReconResNet**' };
const SUPER_RESOLUTION = 'super-resolution';
const ARTEFACT_REMOVAL = 'mri-artefact-removal';

export const isRestoration = ({ manifest }: LoadedModel): boolean => manifest.task === SUPER_RESOLUTION || manifest.task === ARTEFACT_REMOVAL;

export interface RestorationScope {
  readonly engine: Engine;
  readonly scorer: Scorer;
  readonly cases: readonly DevelopmentCase[];
  readonly out: Terminal;
}

/** How many complaints there were. ReconResNet is measured in the settings that its card has; a card without any is a complaint. */
export async function judgeRestorations({ engine, scorer, cases, out }: RestorationScope, models: readonly LoadedModel[]): Promise<number> {
  const sharper = models.some(({ manifest }) => manifest.task === SUPER_RESOLUTION) ? superResolutionRuns(cases) : [];
  const stated = models.filter(({ manifest }) => manifest.task === ARTEFACT_REMOVAL).flatMap(({ card }) => statedSettings(card));
  const cleaner = stated.length === 0 ? [] : reconResNetRuns(cases, stated);
  const progress = new Progress(out, [...sharper, ...cleaner.map(({ setting }) => setting)]);
  const found = [
    ...(sharper.length === 0 ? [] : await evaluateSuperResolution(engine, cases, () => {}, progress)),
    ...(await evaluateReconResNet(scorer, cleaner, () => {}, progress)),
  ];
  progress.end();
  let count = 0;
  for (const { manifest, card } of models) {
    const rows = found.filter(({ model }) => model === manifest.id);
    const complaints = rows.length === 0 ? ['the card states no figures that could be measured'] : falseCells(statedCells(card), rows, TITLES);
    for (const complaint of complaints) out.warn(`${manifest.id}: ${complaint}`);
    if (complaints.length === 0) out.say(`${manifest.id}: the card is true.`);
    count += complaints.length;
  }
  return count;
}

/** Fills the file of classical scores for all settings, so that a later evaluation need not wait. */
export async function fillRestorationBaselines({ scorer, cases, out }: RestorationScope): Promise<void> {
  const runs = reconResNetRuns(cases);
  const progress = new Progress(out, runs.map(({ setting }) => setting));
  for (const { setting, pattern, place } of runs) {
    progress.begin(setting, `classical, ${setting}: ${place.item.name}, slice ${place.slice}`);
    await reconResNetBaselines(scorer, pattern, place);
  }
  progress.end();
}

function statedSettings(card: string): readonly string[] {
  return RECONRESNET_SETTINGS.filter((name) => statedCells(card).some(({ setting }) => setting === name));
}
