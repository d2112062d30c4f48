/**
 * `npm run models:evaluate`: unrolled networks and classical methods on the development data, through the product's own pipeline.
 * Compares what the packages' figures.json and cards state with what is found, and exits 1 where a card lies; `--write` puts the
 * figures there instead. Writes test-results/evaluation.json and evaluation.md.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Engine } from '../../src/cli/engine.ts';
import { terminal } from '../../src/cli/terminal.ts';
import { surveyModels } from '../../src/models/find.ts';
import type { LoadedModel } from '../../src/models/load.ts';
import { bars } from './bars.ts';
import { figuresText, type Picture, statedFigures, withFigures, writeFigures } from './card.ts';
import { barsTable, cardText, CLASSICAL } from './card-text.ts';
import { classicalRows, residualOf, rowOf, senseResidual } from './classical.ts';
import { ROOT } from './code-version.ts';
import { DATA, type DevelopmentCase, developmentSet, undersampledSet } from './development-set.ts';
import { type Figures, type FigureRow, lies, type MeasuredRow } from './figures.ts';
import { failurePicture } from './pictures.ts';
import { isRestoration, judgeRestorations } from './restoration-cards.ts';
import { ScoreCache } from './score-cache.ts';
import { type Place, Scorer } from './scorer.ts';
import { type Setting, settings } from './settings.ts';
import { duels, measuredTable, rssTable, settingTable, verdict } from './tables.ts';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    settings: { type: 'string', default: '' },
    data: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
    classical: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    cache: { type: 'string', default: 'test-results/classical-scores.json' },
    help: { type: 'boolean', default: false },
  },
});
const HELP = `npm run models:evaluate -- [--only MODEL]… [--settings ID,ID] [--data TEXT] [--write] [--classical] [--fresh] [--cache FILE]
  --only       these packages alone (default: all with measured figures)
  --settings   these patterns alone: ${settings().map(({ id }) => id).join(', ')}
  --data       only data sets whose name contains this text
  --write      puts figures.json, pictures and tables into the packages, instead of comparing; and, for all packages, into docs/benchmarks.md
  --classical  only fills the file of classical scores
  --fresh      computes classical scores again
  --cache      that file (test-results/classical-scores.json)`;
/** Pictures are of the worst slices of these, one each. */
const PICTURED = ['random-8', 'random-4', 'radial-4'];

const out = terminal({ json: false, quiet: false });
async function main(): Promise<number> {
  if (flags.help) {
    out.say(HELP);
    return 0;
  }
  const chosen = settings(flags.settings.split(',').filter((id) => id !== ''));
  const named = ({ name }: DevelopmentCase): boolean => name.includes(flags.data);
  const cases = (await developmentSet()).filter(named);
  const undersampled = (await undersampledSet()).filter(named);
  if (cases.length + undersampled.length === 0) {
    out.warn(`No development data${flags.data === '' ? '' : ` named “${flags.data}”`} under ${DATA}; set LACUNA_TEST_DATA.`);
    return 3;
  }
  if (flags.write && (flags.settings !== '' || flags.data !== '')) throw new Error('A card states everything: leave --settings and --data out to write it.');
  const engine = new Engine(navigator.hardwareConcurrency);
  const cache = new ScoreCache(flags.cache, flags.fresh);
  try {
    const evaluation = new Evaluation(new Scorer(engine, cache), cases, undersampled, chosen);
    const { unrolled: models, restorations } = await chosenModels();
    if (flags.classical || models.length > 0) await evaluation.classical();
    cache.save();
    out.say(`classical scores: ${cache.counts.kept} kept, ${cache.counts.computed} computed, ${cache.counts.checked} computed again as a check`);
    for (const model of models) await evaluation.learned(model);
    if (flags.classical || models.length > 0) {
      const report = evaluation.report(models);
      if (flags.write && flags.only.length === 0) writeBenchmarks(report);
    }
    let complaints = 0;
    for (const model of models) complaints += flags.write ? await evaluation.write(model) : evaluation.judge(model);
    complaints += await judgeRestorations(engine, restorations, out);
    return complaints === 0 ? 0 : 1;
  } finally {
    cache.save();
    await engine.close();
  }
}

interface Chosen {
  /** Packages that the method `unrolled` runs. */
  readonly unrolled: readonly LoadedModel[];
  /** Measured on settings of their own, so only where nothing narrows them down. */
  readonly restorations: readonly LoadedModel[];
}

/** Throws for a name there is no package of. */
async function chosenModels(): Promise<Chosen> {
  if (flags.classical) return { unrolled: [], restorations: [] };
  const { models, problems } = await surveyModels();
  for (const { folder, error } of problems) out.warn(`${folder}: ${error.message}`);
  for (const id of flags.only) if (!models.some(({ manifest }) => manifest.id === id)) throw new Error(`There is no package ${id}.`);
  const wanted = models.filter(({ manifest }) => flags.only.length === 0 || flags.only.includes(manifest.id));
  return {
    unrolled: wanted.filter(({ manifest }) => manifest.task === 'mri-reconstruction'),
    restorations: flags.settings === '' && flags.data === '' ? wanted.filter(isRestoration) : [],
  };
}

class Evaluation {
  readonly #rows: FigureRow[] = [];
  readonly #measured: MeasuredRow[] = [];
  readonly #scorer: Scorer;
  readonly #cases: readonly DevelopmentCase[];
  readonly #undersampled: readonly DevelopmentCase[];
  readonly #settings: readonly Setting[];

  constructor(scorer: Scorer, cases: readonly DevelopmentCase[], undersampled: readonly DevelopmentCase[], chosen: readonly Setting[]) {
    this.#scorer = scorer;
    this.#cases = cases;
    this.#undersampled = undersampled;
    this.#settings = chosen;
  }

  async classical(): Promise<void> {
    for (const { setting, place } of this.#places()) {
      out.progress(`${setting.id}: ${place.item.name}, slice ${place.slice}`);
      this.#rows.push(...(await classicalRows(this.#scorer, setting, place)));
    }
    if (flags.classical) return;
    for (const item of this.#undersampled) this.#measured.push(await senseResidual(this.#scorer, item));
  }

  async learned({ manifest }: LoadedModel): Promise<void> {
    const call = { name: 'unrolled', params: { model: manifest.id } };
    for (const { setting, place } of this.#places()) {
      out.progress(`${manifest.id}, ${setting.id}: ${place.item.name}, slice ${place.slice}`);
      this.#rows.push(rowOf(setting, place, manifest.id, await this.#scorer.learned(place, setting.pattern, call)));
    }
    for (const item of this.#undersampled) this.#measured.push(await residualOf(this.#scorer, item, manifest.id, call));
  }

  /** Tables of all models together, printed and as Markdown for the benchmarks. */
  report(models: readonly LoadedModel[]): string {
    const ids = models.map(({ manifest }) => manifest.id);
    const methods = [...CLASSICAL, ...ids];
    const measured = this.#settings.filter(({ id }) => this.#rows.some((row) => row.setting === id));
    const parts = measured.map((setting) => {
      const verdicts = ids.map((id) => `${id}: ${verdict(duels(this.#rows, id, setting.id))}`);
      return [`### ${setting.title}`, settingTable(setting, this.#rows, methods), ...verdicts].join('\n\n');
    });
    if (measured.length > 0) parts.push(`### Against the root-sum-of-squares\n\n${rssTable(measured, this.#rows, methods)}`);
    if (this.#measured.length > 0) parts.push(`### Residual on measured undersampled recordings\n\n${measuredTable(this.#measured, [...CLASSICAL.slice(1, 2), ...ids])}`);
    const reached = Object.fromEntries(ids.map((id) => [id, bars(this.#rows, this.#measured, id, this.#settings)]));
    for (const [id, found] of Object.entries(reached)) parts.push(`### Bars, ${id}\n\n${barsTable(found)}`);
    const text = parts.join('\n\n');
    out.say(text);
    mkdirSync('test-results', { recursive: true });
    writeFileSync('test-results/evaluation.md', `${text}\n`);
    writeFileSync('test-results/evaluation.json', `${JSON.stringify({ rows: this.#rows, measured: this.#measured, bars: reached }, null, 1)}\n`);
    return text;
  }

  /** Says what the card states otherwise; how often. */
  judge(model: LoadedModel): number {
    const { id } = model.manifest;
    const stated = statedFigures(model.folder);
    if (stated === null) {
      out.warn(`${id}: the card states no figures; run with --write.`);
      return 1;
    }
    const complaints = [...lies(stated, this.#figures(model))];
    const pictures = picturesIn(figuresText(model.card) ?? '');
    if (figuresText(model.card) !== cardText(stated, settings(), pictures)) complaints.push('the tables of CARD.md are not those of figures.json');
    for (const complaint of complaints) out.warn(`${id}: ${complaint}`);
    if (complaints.length === 0) out.say(`${id}: the card is true.`);
    return complaints.length;
  }

  async write(model: LoadedModel): Promise<number> {
    const figures = this.#figures(model);
    const pictures = await this.#pictures(model.manifest.id);
    writeFigures(model.folder, figures, cardText(figures, this.#settings, pictures), pictures);
    out.say(`${model.manifest.id}: figures and card written.`);
    return 0;
  }

  /** Of the slice with the lowest SSIM in each of a few settings. */
  async #pictures(id: string): Promise<readonly Picture[]> {
    const pictures: Picture[] = [];
    for (const setting of this.#settings.filter((each) => PICTURED.includes(each.id))) {
      const [worst] = this.#rows.filter((row) => row.method === id && row.setting === setting.id).sort((a, b) => a.ssim - b.ssim);
      const item = this.#cases.find(({ name }) => name === worst?.data);
      if (worst === undefined || item === undefined) continue;
      const place = { item, slice: worst.slice };
      const { outcome } = await this.#scorer.reconstruct(place, await this.#scorer.document(place, setting.pattern, { name: 'unrolled', params: { model: id } }));
      if (outcome.reference === null) continue;
      const caption = `${setting.title}; ${worst.data}, slice ${worst.slice + 1}: PSNR ${worst.psnr.toFixed(2)} dB, SSIM ${worst.ssim.toFixed(3)}`;
      pictures.push({ key: `failure-${pictures.length + 1}`, caption, png: failurePicture(outcome.reference, outcome.volume, `${id}: ${caption}`) });
    }
    return pictures;
  }

  /** What was found of a model, with the classical methods beside it. */
  #figures({ manifest }: LoadedModel): Figures {
    const mine = ({ method }: { readonly method: string }): boolean => CLASSICAL.includes(method) || method === manifest.id;
    return {
      lacunaFigures: 1,
      model: manifest.id,
      version: manifest.version,
      graphs: Object.fromEntries(Object.entries(manifest.graphs).map(([key, { sha256 }]) => [key, sha256])),
      rows: this.#rows.filter(mine),
      measured: this.#measured.filter(mine),
    };
  }

  *#places(): Generator<{ readonly setting: Setting; readonly place: Place }> {
    for (const setting of this.#settings) {
      for (const item of this.#cases) {
        for (const slice of item.slices) yield { setting, place: { item, slice } };
      }
    }
  }
}

/** The tables of all packages take the place of those in the benchmarks. */
function writeBenchmarks(text: string): void {
  const path = join(ROOT, 'docs', 'benchmarks.md');
  writeFileSync(path, withFigures(readFileSync(path, 'utf8'), text));
}

function picturesIn(text: string): readonly Pick<Picture, 'key' | 'caption'>[] {
  return [...text.matchAll(/^!\[(.*)\]\((failure-\d+)\.png\)$/gm)].map(([, caption = '', key = '']) => ({ key, caption }));
}

process.exitCode = await main();
