/** Opens what a pipeline starts from: a file or folder, read in one way or another, or one of the studio's own samples. */
import { type ReadOptions, readOptionsSchema } from '../array/read-options.ts';
import type { Recording, Series } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import { openPath } from '../formats/registry.ts';
import { heatedRecording } from '../mri/thermometry/heated-recording.ts';
import { canonicalJson, sha256Hex } from './canonical-json.ts';
import type { StepCall } from './document.ts';
import { checkParams, findStep } from './registry.ts';

export type InputRef =
  | { readonly kind: 'path'; readonly path: string; readonly read?: ReadOptions }
  | { readonly kind: 'sample'; readonly sample: StepCall };

/**
 * Throws what the reader throws, and usage.invalid where `read` names a fix that the raw-data doctor does not offer. A file
 * read in its own way has an id of its own, made of the id of its bytes and the options: it is another recording.
 */
export async function openInput(input: InputRef): Promise<Recording> {
  if (input.kind === 'sample') {
    const step = findStep('sample', input.sample.name);
    return step.run(checkParams(step, input.sample.params));
  }
  const read = input.read === undefined ? undefined : normalisedOptions(input.read);
  const recording = await openPath(input.path, read);
  if (read === undefined) return recording;
  try {
    checkFixes(recording, read);
    const made = read.heating === undefined ? recording : heatedRecording(recording, read.heating);
    return { ...made, id: await readingId(recording.id, read), read };
  } catch (error) {
    await recording.close();
    throw error;
  }
}

/** Without what says nothing; undefined where nothing is left, which is the reader's own judgement. */
export function normalisedOptions({ axes, domains, fixes, heating }: ReadOptions): ReadOptions | undefined {
  const some = (given: object | undefined) => given !== undefined && Object.keys(given).length > 0;
  const options = readOptionsSchema.parse({
    ...(some(axes) ? { axes } : {}),
    ...(some(domains) ? { domains } : {}),
    ...(some(fixes) ? { fixes: [...new Set(fixes)].sort() } : {}),
    ...(heating === undefined ? {} : { heating }),
  });
  return some(options) ? options : undefined;
}

function readingId(contentId: string, read: ReadOptions): Promise<string> {
  return sha256Hex(canonicalJson([contentId, read]));
}

function checkFixes({ findings = [], name }: Recording, { fixes = [] }: ReadOptions): void {
  const offered = findings.filter((finding) => finding.fix !== undefined).map((finding) => finding.id);
  const unknown = fixes.find((id) => !offered.includes(id));
  if (unknown === undefined) return;
  const known = offered.length === 0 ? 'it offers none' : `it offers ${offered.join(', ')}`;
  throw new LacunaError('usage.invalid', `The raw-data doctor offers no fix “${unknown}” for ${name}; ${known}.`, { field: 'fixes', file: name });
}

/** The named series, or the first one when `id` is absent. */
export function findSeries(recording: Recording, id?: string): Series {
  const found = id === undefined ? recording.series[0] : recording.series.find((s) => s.id === id);
  if (found !== undefined) return found;
  const ids = recording.series.map((s) => s.id).join(', ');
  throw new LacunaError('usage.not-found', `${recording.name} has no series “${id ?? ''}”; it has ${ids || 'none'}.`, { field: 'series' });
}
