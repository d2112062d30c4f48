/** The package of learned patterns, for the pattern steps that draw from it. */
import { LacunaError } from '../errors.ts';
import { readModelFile } from '../models/load.ts';
import { type LearnedPatterns, readLearnedPatterns } from '../sampling/learned-file.ts';
import type { PatternContext } from './step.ts';

const PACKAGE = 'learned-patterns';
const KEY = 'patterns';

/** The file that was read last: a slider asks for it with every step. */
let latest: { readonly sha256: string; readonly patterns: LearnedPatterns } | null = null;

/** Throws `usage.unsupported` where packages cannot be read, `usage.not-found` where there is none, input.* where it is broken. */
export async function learnedPatterns({ loadModel }: Pick<PatternContext, 'loadModel'>): Promise<LearnedPatterns> {
  if (loadModel === undefined) throw new LacunaError('usage.unsupported', 'Model packages cannot be read here.', { field: 'pattern' });
  const model = await loadModel(PACKAGE);
  const sha256 = model.files[KEY]?.sha256;
  if (latest !== null && latest.sha256 === sha256) return latest.patterns;
  const bytes = await readModelFile(model, KEY);
  const patterns = readLearnedPatterns(bytes, model.manifest.files[KEY]?.file ?? KEY);
  if (sha256 !== undefined) latest = { sha256, patterns };
  return patterns;
}

/** The design of that name. Throws `input.mismatch` where the package lacks it. */
export function designNamed<T extends { readonly name: string }>(designs: readonly T[], name: string): T {
  const design = designs.find((candidate) => candidate.name === name);
  if (design !== undefined) return design;
  const known = designs.map((candidate) => candidate.name).join(', ');
  throw new LacunaError('input.mismatch', `The package ${PACKAGE} has no design ${name}; it has ${known}.`, { field: 'design' });
}
