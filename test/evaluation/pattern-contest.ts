/**
 * Learned sampling patterns against others of as many samples, all with one network as it is: what a person gets who changes nothing
 * but the pattern. (What each pattern would give with a network tuned for it is a training record, in the card.)
 */
import type { LoadedModel } from '../../src/models/load.ts';
import type { StepCall } from '../../src/pipeline/document.ts';
import { rowOf } from './classical.ts';
import type { DevelopmentCase } from './development-set.ts';
import type { Figures, FigureRow } from './figures.ts';
import type { Progress } from './progress.ts';
import type { Place, Scorer } from './scorer.ts';
import { markdown, mean, signed } from './tables.ts';

export const JUDGE = 'unrolled-m';
export const LEARNED = 'learned';
const FAMILY = 'learned family';

export interface Contest {
  readonly id: string;
  readonly title: string;
  readonly patterns: Readonly<Record<string, StepCall>>;
}

/** `centreFraction` of the others is that of the learned design. Low-pass: as many lines, all around the centre. */
function lines(acceleration: number, centreFraction: number): Contest {
  const drawn = { acceleration, centreFraction, seed: 1 };
  return {
    id: `lines-${acceleration}`,
    title: `Lines, R = ${acceleration}`,
    patterns: {
      random: { name: 'random', params: drawn },
      equispaced: { name: 'equispaced', params: drawn },
      Gaussian: { name: 'gaussian', params: drawn },
      'low-pass': { name: 'gaussian', params: { ...drawn, centreFraction: 1 / acceleration } },
      [LEARNED]: { name: 'learned-lines', params: { acceleration } },
      [FAMILY]: { name: 'learned-lines', params: { acceleration, design: 'family' } },
    },
  };
}

export const CONTESTS: readonly Contest[] = [
  lines(4, 0.06),
  lines(6, 0.05),
  lines(8, 0.05),
  {
    id: 'points-8',
    title: 'Points, R = 8',
    patterns: {
      'Poisson-disc, sparser outside': { name: 'poisson-disc', params: { acceleration: 8, centreFraction: 0.05, seed: 1 } },
      'the same, without corners': { name: 'poisson-disc', params: { acceleration: 8, centreFraction: 0.05, elliptical: true, seed: 1 } },
      [LEARNED]: { name: 'learned-points', params: { acceleration: 8 } },
    },
  },
];

/** The first slice of each data set. */
const SLICES_EACH = 1;

interface Run {
  readonly contest: Contest;
  readonly name: string;
  readonly pattern: StepCall;
  readonly place: Place;
}

export function contestRuns(cases: readonly DevelopmentCase[], contests = CONTESTS): readonly Run[] {
  const places = cases.flatMap((item) => item.slices.slice(0, SLICES_EACH).map((slice) => ({ item, slice })));
  return contests.flatMap((contest) => Object.entries(contest.patterns).flatMap(([name, pattern]) => places.map((place) => ({ contest, name, pattern, place }))));
}

export async function contestRows(scorer: Scorer, runs: readonly Run[], progress: Progress): Promise<readonly FigureRow[]> {
  const rows: FigureRow[] = [];
  for (const { contest, name, pattern, place } of runs) {
    progress.begin(contest.id, `${contest.id}, ${name}: ${place.item.name}`);
    const score = await scorer.learned(place, pattern, { name: 'unrolled', params: { model: JUDGE } });
    rows.push(rowOf({ id: contest.id }, place, name, score));
  }
  return rows;
}

/** `judge` is the network's package: other weights, other figures. */
export function contestFigures(patterns: LoadedModel, judge: LoadedModel, rows: readonly FigureRow[]): Figures {
  const graphs = Object.entries(judge.manifest.graphs).map(([key, { sha256 }]) => [`${JUDGE} ${key}`, sha256]);
  const own = Object.entries(patterns.manifest.files).filter(([key]) => key === 'patterns').map(([key, { sha256 }]) => [key, sha256]);
  return { lacunaFigures: 1, model: patterns.manifest.id, version: patterns.manifest.version, graphs: Object.fromEntries([...graphs, ...own]), rows: [...rows], measured: [], trust: [] };
}

const INTRODUCTION = `
Through the product (\`npm run models:evaluate -- --only learned-patterns\`), network M as it is for every pattern: it was trained on random,
equispaced and Gaussian lines and tuned for none of these. The first slice of each held-out data set, PSNR (dB) / SSIM by fastMRI's definitions
against the combined full data, means over slices. Lines keep the same share of k-space whole around its centre as the learned design
(6 % at R = 4, 5 % at 6 and 8). Gaussian, low-pass and learned keep exactly N/R of them, rounded; equispaced comes near; random, which is
fastMRI's draw, keeps 2 to 30 % more on these matrices, to its advantage. One draw of each, seed 1.`;

export function contestText(rows: readonly FigureRow[], contests = CONTESTS): string {
  const sections = contests.filter(({ id }) => rows.some(({ setting }) => setting === id)).map((contest) => `### ${contest.title}\n\n${contestTable(rows, contest)}\n\n${contestVerdict(rows, contest)}`);
  return [INTRODUCTION.trim(), ...sections].join('\n\n');
}

export function contestTable(rows: readonly FigureRow[], { id, patterns }: Contest): string {
  const own = rows.filter(({ setting }) => setting === id);
  const data = [...new Set(own.map((row) => row.data))];
  const cell = (of: readonly FigureRow[]): string => (of.length === 0 ? '–' : `${mean(of.map(({ psnr }) => psnr)).toFixed(2)} / ${mean(of.map(({ ssim }) => ssim)).toFixed(3)}`);
  const lineOf = (name: string): readonly string[] => {
    const of = own.filter(({ method }) => method === name);
    return [name === LEARNED ? `**${name}**` : name, ...data.map((each) => cell(of.filter((row) => row.data === each))), cell(of)];
  };
  return markdown(['pattern', ...data, 'all'], Object.keys(patterns).map(lineOf));
}

/** Learned against the best of the others in the mean. */
export function contestVerdict(rows: readonly FigureRow[], { id, patterns }: Contest): string {
  const of = (name: string): readonly FigureRow[] => rows.filter(({ setting, method }) => setting === id && method === name);
  const psnr = (name: string): number => mean(of(name).map((row) => row.psnr));
  const others = Object.keys(patterns).filter((name) => name !== LEARNED && name !== FAMILY);
  const best = others.reduce((a, b) => (psnr(b) > psnr(a) ? b : a));
  const wins = of(LEARNED).filter((row) => of(best).some((other) => other.data === row.data && other.slice === row.slice && row.psnr > other.psnr)).length;
  return `Learned against the best of the others (${best}): ${signed(psnr(LEARNED) - psnr(best))} dB, better on ${wins} of ${of(LEARNED).length} slices.`;
}
