/** Unrolled networks and classical methods on the development data: rows, tables, and what the cards say of them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../src/cli/engine.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { LoadedModel } from '../../src/models/load.ts';
import { bars } from './bars.ts';
import { figuresText, type Picture, statedFigures, withFigures, writeFigures } from './card.ts';
import { barsTable, cardText, CLASSICAL } from './card-text.ts';
import { classicalRows, residualOf, rowOf, senseResidual } from './classical.ts';
import { ROOT } from './code-version.ts';
import type { DevelopmentCase } from './development-set.ts';
import { type Figures, type FigureRow, lies, type MeasuredRow } from './figures.ts';
import { failurePicture } from './pictures.ts';
import { Progress } from './progress.ts';
import type { Place, Scorer } from './scorer.ts';
import { type Setting, settings } from './settings.ts';
import { duels, measuredTable, rssTable, settingTable, verdict } from './tables.ts';
import { evaluateTrust, trustRuns } from './trust.ts';
import { roundedTrust, type TrustFigure } from './trust-figures.ts';
import { trustTable, trustVerdict } from './trust-text.ts';

/** Pictures are of the worst slices of these, one each. */
const PICTURED = ['random-8', 'random-4', 'radial-4'];
const TRUST = 'predicted error';

/** What is measured; parts of it may be left out. */
export interface Scope {
  readonly cases: readonly DevelopmentCase[];
  readonly undersampled: readonly DevelopmentCase[];
  readonly settings: readonly Setting[];
  readonly trust: boolean;
}

export class UnrolledEvaluation {
  readonly #rows: FigureRow[] = [];
  readonly #measured: MeasuredRow[] = [];
  readonly #trust = new Map<string, TrustFigure[]>();
  readonly #engine: Engine;
  readonly #scorer: Scorer;
  readonly #scope: Scope;
  readonly #out: Terminal;

  constructor(engine: Engine, scorer: Scorer, scope: Scope, out: Terminal) {
    this.#engine = engine;
    this.#scorer = scorer;
    this.#scope = scope;
    this.#out = out;
  }

  /** `residuals`: of SENSE on what was measured undersampled, too. */
  async classical({ residuals }: { readonly residuals: boolean }): Promise<void> {
    const places = [...this.#places()];
    const progress = new Progress(this.#out, places.map(({ setting }) => setting.id));
    for (const { setting, place } of places) {
      progress.begin(setting.id, `classical, ${setting.id}: ${place.item.name}, slice ${place.slice}`);
      this.#rows.push(...(await classicalRows(this.#scorer, setting, place)));
    }
    progress.end();
    if (residuals) for (const item of this.#scope.undersampled) this.#measured.push(await senseResidual(this.#scorer, item));
  }

  async learned(models: readonly LoadedModel[]): Promise<void> {
    const places = [...this.#places()];
    const { cases, undersampled, trust } = this.#scope;
    const planned = models.flatMap(({ manifest: { id } }) => [
      ...places.map(({ setting }) => `${id} ${setting.id}`),
      ...undersampled.map(() => id),
      ...Array<string>(trust ? trustRuns(cases) : 0).fill(`${id} ${TRUST}`),
    ]);
    const progress = new Progress(this.#out, planned);
    for (const { manifest } of models) await this.#learnedBy(manifest.id, places, progress);
    progress.end();
  }

  async #learnedBy(id: string, places: readonly { readonly setting: Setting; readonly place: Place }[], progress: Progress): Promise<void> {
    const call = { name: 'unrolled', params: { model: id } };
    for (const { setting, place } of places) {
      progress.begin(`${id} ${setting.id}`, `${id}, ${setting.id}: ${place.item.name}, slice ${place.slice}`);
      this.#rows.push(rowOf(setting, place, id, await this.#scorer.learned(place, setting.pattern, call)));
    }
    for (const item of this.#scope.undersampled) {
      progress.begin(id, `${id}: ${item.name}`);
      this.#measured.push(await residualOf(this.#scorer, item, id, call));
    }
    if (!this.#scope.trust) return;
    const found: TrustFigure[] = [];
    for await (const row of evaluateTrust(this.#engine, this.#scope.cases, id, { onBegin: (label) => progress.begin(`${id} ${TRUST}`, label) })) found.push(roundedTrust(row));
    this.#trust.set(id, found);
  }

  /** Tables of all models together, printed and as Markdown for the benchmarks. */
  report(models: readonly LoadedModel[]): string {
    const ids = models.map(({ manifest }) => manifest.id);
    const methods = [...CLASSICAL, ...ids];
    const measured = this.#scope.settings.filter(({ id }) => this.#rows.some((row) => row.setting === id));
    const parts = measured.map((setting) => {
      const verdicts = ids.map((id) => `${id}: ${verdict(duels(this.#rows, id, setting.id))}`);
      return [`### ${setting.title}`, settingTable(setting, this.#rows, methods), ...verdicts].join('\n\n');
    });
    if (measured.length > 0) parts.push(`### Against the root-sum-of-squares\n\n${rssTable(measured, this.#rows, methods)}`);
    if (this.#measured.length > 0) parts.push(`### Residual on measured undersampled recordings\n\n${measuredTable(this.#measured, [...CLASSICAL.slice(1, 2), ...ids])}`);
    for (const [id, rows] of this.#trust) if (rows.length > 0) parts.push(`### Predicted error, ${id}\n\n${trustTable(rows)}\n\n${trustVerdict(rows)}`);
    const reached = Object.fromEntries(ids.map((id) => [id, bars(this.#rows, this.#measured, id, this.#scope.settings, this.#trust.get(id))]));
    for (const [id, found] of Object.entries(reached)) if (found.length > 0) parts.push(`### Bars, ${id}\n\n${barsTable(found)}`);
    const text = parts.join('\n\n');
    this.#out.say(text);
    mkdirSync('test-results', { recursive: true });
    writeFileSync('test-results/evaluation.md', `${text}\n`);
    writeFileSync('test-results/evaluation.json', `${JSON.stringify({ rows: this.#rows, measured: this.#measured, trust: Object.fromEntries(this.#trust), bars: reached }, null, 1)}\n`);
    return text;
  }

  /** Says what the card states otherwise; how often. */
  judge(model: LoadedModel): number {
    const { id } = model.manifest;
    const stated = statedFigures(model.folder);
    if (stated === null) {
      this.#out.warn(`${id}: the card states no figures; run with --write.`);
      return 1;
    }
    const complaints = [...lies(stated, this.#figures(model))];
    const pictures = picturesIn(figuresText(model.card) ?? '');
    if (figuresText(model.card) !== cardText(stated, settings(), pictures)) complaints.push('the tables of CARD.md are not those of figures.json');
    for (const complaint of complaints) this.#out.warn(`${id}: ${complaint}`);
    if (complaints.length === 0) this.#out.say(`${id}: the card is true.`);
    return complaints.length;
  }

  async write(model: LoadedModel): Promise<number> {
    const figures = this.#figures(model);
    const pictures = await this.#pictures(model.manifest.id);
    writeFigures(model.folder, figures, cardText(figures, this.#scope.settings, pictures), pictures);
    this.#out.say(`${model.manifest.id}: figures and card written.`);
    return 0;
  }

  /** Of the slice with the lowest SSIM in each of a few settings. */
  async #pictures(id: string): Promise<readonly Picture[]> {
    const pictures: Picture[] = [];
    for (const setting of this.#scope.settings.filter((each) => PICTURED.includes(each.id))) {
      const [worst] = this.#rows.filter((row) => row.method === id && row.setting === setting.id).sort((a, b) => a.ssim - b.ssim);
      const item = this.#scope.cases.find(({ name }) => name === worst?.data);
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
      trust: this.#trust.get(manifest.id) ?? [],
    };
  }

  *#places(): Generator<{ readonly setting: Setting; readonly place: Place }> {
    for (const setting of this.#scope.settings) {
      for (const item of this.#scope.cases) {
        for (const slice of item.slices.slice(0, setting.slicesEach)) yield { setting, place: { item, slice } };
      }
    }
  }
}

/** The tables of all packages take the place of those in the benchmarks. */
export function writeBenchmarks(text: string): void {
  const path = join(ROOT, 'docs', 'benchmarks.md');
  writeFileSync(path, withFigures(readFileSync(path, 'utf8'), text));
}

function picturesIn(text: string): readonly Pick<Picture, 'key' | 'caption'>[] {
  return [...text.matchAll(/^!\[(.*)\]\((failure-\d+)\.png\)$/gm)].map(([, caption = '', key = '']) => ({ key, caption }));
}
