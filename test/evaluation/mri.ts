/**
 * `npm run models:evaluate`: every figure that cards and benchmarks state, measured again on the development data through the
 * product's own pipeline. Exits 1 where one of them lies; `--write` puts the figures there instead. Writes
 * test-results/evaluation.json and evaluation.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Engine } from '../../src/cli/engine.ts';
import { terminal } from '../../src/cli/terminal.ts';
import { surveyModels } from '../../src/models/find.ts';
import type { LoadedModel } from '../../src/models/load.ts';
import { figuresText, statedFigures, writeFigures } from './card.ts';
import { ROOT } from './code-version.ts';
import { DATA, type DevelopmentCase, developmentSet, undersampledSet } from './development-set.ts';
import { lies } from './figures.ts';
import { contestFigures, contestRows, contestRuns, contestText, JUDGE } from './pattern-contest.ts';
import { Progress } from './progress.ts';
import { fillRestorationBaselines, isRestoration, judgeRestorations } from './restoration-cards.ts';
import { ScoreCache } from './score-cache.ts';
import { Scorer } from './scorer.ts';
import { settings } from './settings.ts';
import { evaluateThermometry, thermometryRuns } from './thermometry.ts';
import { statedMethods, thermometryLies, withThermometry } from './thermometry-figures.ts';
import { UnrolledEvaluation, writeBenchmarks } from './unrolled-evaluation.ts';

const THERMOMETRY = 'thermometry';
const BENCHMARKS = join(ROOT, 'docs', 'benchmarks.md');
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    settings: { type: 'string', default: '' },
    data: { type: 'string', default: '' },
    'no-trust': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    classical: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    cache: { type: 'string', default: 'test-results/classical-scores.json' },
    help: { type: 'boolean', default: false },
  },
});
const HELP = `npm run models:evaluate -- [--only NAME]… [--settings ID,ID] [--data TEXT] [--no-trust] [--write] [--classical] [--fresh] [--cache FILE]
  --only       these packages alone, or ${THERMOMETRY} (default: all packages with measured figures, and ${THERMOMETRY})
  --settings   unrolled networks alone, on these patterns: ${settings().map(({ id }) => id).join(', ')}
  --data       only data sets whose name contains this text (unrolled networks and learned patterns)
  --no-trust   leaves the predicted error of unrolled networks out
  --write      puts figures.json, pictures and tables into the packages, instead of comparing; where no unrolled network is left out, into docs/benchmarks.md too. Tables of
               image networks (ESPCN, ReconResNet) are written by their exporter and only compared here
  --classical  only fills the file of classical scores
  --fresh      computes classical scores again
  --cache      that file (test-results/classical-scores.json)`;

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
  const models = await chosenModels();
  if (cases.length + undersampled.length === 0 && flags.only.join() !== THERMOMETRY) {
    out.warn(`No development data${flags.data === '' ? '' : ` named “${flags.data}”`} under ${DATA}; set LACUNA_TEST_DATA.`);
    return 3;
  }
  const narrowed = flags.settings !== '' || flags.data !== '';
  if (flags.write && (narrowed || flags['no-trust'])) throw new Error('A card states everything: leave --settings, --data and --no-trust out to write it.');
  const engine = new Engine(navigator.hardwareConcurrency);
  const cache = new ScoreCache(flags.cache, flags.fresh);
  const scorer = new Scorer(engine, cache);
  try {
    const unrolled = models.filter(({ manifest }) => manifest.task === 'mri-reconstruction');
    const evaluation = new UnrolledEvaluation(engine, scorer, { cases, undersampled, settings: chosen, trust: !flags['no-trust'] }, out);
    if (flags.classical || unrolled.length > 0) await evaluation.classical({ residuals: !flags.classical });
    if (flags.classical && !narrowed) await fillRestorationBaselines({ engine, scorer, cases, out });
    cache.save();
    out.say(`classical scores: ${cache.counts.kept} kept, ${cache.counts.computed} computed, ${cache.counts.checked} computed again as a check`);
    if (flags.classical) return 0;
    let complaints = 0;
    if (unrolled.length > 0) {
      await evaluation.learned(unrolled);
      const report = evaluation.report(unrolled);
      if (flags.write && (await everyUnrolled())) writeBenchmarks(report);
      for (const model of unrolled) complaints += flags.write ? await evaluation.write(model) : evaluation.judge(model);
    }
    if (flags.settings !== '') return complaints === 0 ? 0 : 1;
    for (const model of models.filter(({ manifest }) => manifest.task === 'sampling-pattern')) complaints += await patterns(scorer, cases, model);
    if (narrowed) return complaints === 0 ? 0 : 1;
    complaints += await judgeRestorations({ engine, scorer, cases, out }, models.filter(isRestoration));
    if (wants(THERMOMETRY)) complaints += await thermometry(engine);
    return complaints === 0 ? 0 : 1;
  } finally {
    cache.save();
    await engine.close();
  }
}

const wants = (name: string): boolean => flags.only.length === 0 || flags.only.includes(name);

/** Whether no unrolled network is left out: the tables of the benchmarks hold all of them. */
async function everyUnrolled(): Promise<boolean> {
  return (await surveyModels()).models.every(({ manifest }) => manifest.task !== 'mri-reconstruction' || wants(manifest.id));
}

/** Throws for a name there is no package of. */
async function chosenModels(): Promise<readonly LoadedModel[]> {
  if (flags.classical) return [];
  const { models, problems } = await surveyModels();
  for (const { folder, error } of problems) out.warn(`${folder}: ${error.message}`);
  for (const id of flags.only) if (id !== THERMOMETRY && !models.some(({ manifest }) => manifest.id === id)) throw new Error(`There is no package ${id}.`);
  return models.filter(({ manifest }) => wants(manifest.id));
}

/** Learned patterns against others, with the network that they were learned with; how many complaints there were. */
async function patterns(scorer: Scorer, cases: readonly DevelopmentCase[], model: LoadedModel): Promise<number> {
  const { id } = model.manifest;
  const judge = (await surveyModels()).models.find(({ manifest }) => manifest.id === JUDGE);
  if (judge === undefined) {
    out.warn(`${id}: there is no package ${JUDGE} to measure patterns with.`);
    return 1;
  }
  const runs = contestRuns(cases);
  const progress = new Progress(out, runs.map(({ contest }) => contest.id));
  const figures = contestFigures(model, judge, await contestRows(scorer, runs, progress));
  progress.end();
  out.say(contestText(figures.rows));
  if (flags.write) {
    writeFigures(model.folder, figures, contestText(figures.rows), []);
    out.say(`${id}: figures and card written.`);
    return 0;
  }
  const stated = statedFigures(model.folder);
  const complaints = stated === null ? ['the card states no figures; run with --write'] : [...lies(stated, figures)];
  if (stated !== null && figuresText(model.card) !== contestText(stated.rows)) complaints.push('the tables of CARD.md are not those of figures.json');
  return complained(id, complaints);
}

/** Of the methods that docs/benchmarks.md has; to write it, of all. */
async function thermometry(engine: Engine): Promise<number> {
  const page = readFileSync(BENCHMARKS, 'utf8');
  const methods = flags.write ? undefined : statedMethods(page);
  const scores = await evaluateThermometry(engine, { ...(methods === undefined ? {} : { methods }), progress: new Progress(out, thermometryRuns(methods)), onRefusal: (name, reason) => out.warn(`${name}: ${reason}`) });
  if (!flags.write) return complained(THERMOMETRY, thermometryLies(page, scores));
  writeFileSync(BENCHMARKS, withThermometry(page, scores));
  out.say('docs/benchmarks.md: thermometry written.');
  return 0;
}

function complained(id: string, complaints: readonly string[]): number {
  for (const complaint of complaints) out.warn(`${id}: ${complaint}`);
  if (complaints.length === 0) out.say(`${id}: what is stated is true.`);
  return complaints.length;
}

process.exitCode = await main();
