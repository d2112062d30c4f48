/** How a file is read: the flags that say what it does not say itself, as the options that go into the receipt. */
import { AXIS_NAMES, type AxisName, type ReadOptions, readOptionsSchema } from '../array/read-options.ts';
import { LacunaError } from '../errors.ts';
import { findSeries, openInput } from '../pipeline/open-input.ts';
import type { Arguments, Flag } from './arguments.ts';

export const READING_FLAGS: readonly Flag[] = [
  { name: 'axes', kind: 'text', value: 'NAME,NAME,…', help: 'role of each axis of the array as stored, slowest first, for files that do not say: coil,row,column' },
  { name: 'domain', kind: 'text', value: 'kspace|image', help: 'what the array holds, for files that do not say' },
  { name: 'fix', kind: 'text', value: 'ID,ID,…', help: "fixes of the raw-data doctor to apply, as lacuna doctor lists them" },
  { name: 'heat', kind: 'text', value: 'KEY=VALUE,…', help: 'simulate heating on the measured phase: peak (°C), width, x, y (shares of the image), frames, drift (Hz), interval (s), noise, seed, fieldStrength (T), echoTimes (ms, with + between)' },
];

/** What the flags say of `path`; undefined where they say nothing. Without --series the axes are those of the first series. */
export async function readingOf(path: string, args: Arguments): Promise<ReadOptions | undefined> {
  const axes = args.text('axes');
  const domain = args.text('domain');
  const fixes = words(args.text('fix') ?? '');
  const heat = args.text('heat');
  if (axes === undefined && domain === undefined && fixes.length === 0 && heat === undefined) return undefined;
  const id = axes === undefined && domain === undefined ? '' : (args.text('series') ?? (await firstSeries(path)));
  return {
    ...(axes === undefined ? {} : { axes: { [id]: words(axes).map(axisName) } }),
    ...(domain === undefined ? {} : { domains: { [id]: domainName(domain) } }),
    ...(fixes.length === 0 ? {} : { fixes }),
    ...(heat === undefined ? {} : { heating: heatingOf(heat) }),
  };
}

/** `peak=5,frames=8,echoTimes=4+8+12`; anything left out has its default. */
function heatingOf(text: string): NonNullable<ReadOptions['heating']> {
  const entries = words(text).map((word) => {
    const [key = '', value = ''] = word.split('=');
    return [key, key === 'echoTimes' ? value.split('+').map(Number) : Number(value || Number.NaN)] as const;
  });
  const parsed = readOptionsSchema.shape.heating.safeParse(Object.fromEntries(entries));
  if (parsed.success && parsed.data !== undefined) return parsed.data;
  throw new LacunaError('usage.invalid', `--heat expects KEY=VALUE with commas between, such as peak=5,frames=8; got “${text}”: ${parsed.error?.issues[0]?.message ?? 'nothing'}.`, { field: 'heat' });
}

async function firstSeries(path: string): Promise<string> {
  const recording = await openInput({ kind: 'path', path });
  await recording.close();
  return findSeries(recording).id;
}

function axisName(name: string): AxisName {
  const found = AXIS_NAMES.find((known) => known === name);
  if (found !== undefined) return found;
  throw new LacunaError('usage.invalid', `--axes knows no “${name}”; expected names among ${AXIS_NAMES.join(', ')}.`, { field: 'axes' });
}

function domainName(text: string): 'kspace' | 'image' {
  if (text === 'kspace' || text === 'image') return text;
  throw new LacunaError('usage.invalid', `--domain expects kspace or image, got “${text}”.`, { field: 'domain' });
}

/** `a, b` → [a, b]. */
export function words(text: string): string[] {
  return text.split(',').map((part) => part.trim()).filter((part) => part !== '');
}
