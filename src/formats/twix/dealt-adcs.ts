/**
 * Sequences from outside the vendor's own (Pulseq without labels) leave every loop counter alone but the line counter, which
 * then counts readouts. Several echoes of one excitation follow one another: readout i is line ⌊i/e⌋ of echo i mod e.
 * Neighbouring readouts tell: echoes of one line resemble each other far more than two lines do.
 */
import type { Finding } from '../../array/read-options.ts';
import type { ByteSource } from '../reader.ts';
import type { TwixHeader } from './header.ts';
import type { Scan, ScanLayout } from './mdh.ts';

export interface Dealt {
  readonly scans: readonly Scan[];
  readonly findings: readonly Finding[];
}

const MAX_ECHOES = 12;
const FEWEST_LINES = 16;
const MOST_READOUTS = 8192;
/** Samples about the middle of a readout that are compared. */
const COMPARED = 64;
/** Measured on a three-echo phantom scan: 0.91 within and 0.73 between groups. */
const ALIKE = 0.8;
const APART = 0.1;

/** `imaging`: as read. Null where the counters mean what they say. */
export async function dealReadouts(source: ByteSource, imaging: readonly Scan[], header: TwixHeader, layout: ScanLayout, fixes: ReadonlySet<string>, suffix: string): Promise<Dealt | null> {
  const count = imaging.length;
  const surplus = header.contrasts > 1 || count > (header.lines ?? count);
  if (!surplus || count > MOST_READOUTS || !countsReadouts(imaging)) return null;
  const alike = await resemblance(source, imaging, layout);
  const candidates = [header.contrasts, ...Array.from({ length: MAX_ECHOES - 1 }, (_, i) => i + 2)];
  const echoes = candidates.find((e) => e > 1 && count % e === 0 && count / e >= FEWEST_LINES && fits(alike, e));
  if (echoes === undefined) return null;
  const [within, between] = compare(alike, echoes);
  const undo = fixes.has(`lines-as-counted${suffix}`);
  const lines = count / echoes;
  const findings: Finding[] = [
    {
      id: `lines-count-adcs${suffix}`,
      severity: 'warning',
      field: 'MDH sLoopCounter.ushLine',
      stated: `The line counter runs from 0 to ${count - 1}, and the echo counter stays at 0; the header says ${header.lines ?? 'no number of'} lines and ${header.contrasts} contrast(s).`,
      found: `It counts readouts: groups of ${echoes} resemble one another (${within.toFixed(2)}, between groups ${between.toFixed(2)}), as ${echoes} echoes of ${lines} lines do.`,
      remedy: `Readout i is line ⌊i/${echoes}⌋ of echo i mod ${echoes}.`,
      fix: { title: `Deal the readouts out to ${echoes} echoes`, applied: !undo },
    },
    {
      id: `lines-as-counted${suffix}`,
      severity: 'info',
      field: 'MDH sLoopCounter.ushLine',
      stated: `The line counter says ${count} lines.`,
      found: `They look like ${lines} lines of ${echoes} echoes.`,
      remedy: 'Each readout is a line of its own, as the counter says.',
      fix: { title: 'Believe the counter: no echoes', applied: undo },
    },
  ];
  const scans = undo ? imaging : imaging.map((scan, i) => ({ ...scan, line: Math.floor(i / echoes), echo: i % echoes }));
  return { scans, findings };
}

/** Whether the line counter is the number of the readout and nothing else moves. */
function countsReadouts(imaging: readonly Scan[]): boolean {
  const first = imaging[0] as Scan;
  return imaging.every(
    (s, i) =>
      s.line === i && s.echo === 0 && s.slice === first.slice && s.partition === first.partition && s.repetition === first.repetition &&
      s.phase === first.phase && s.set === first.set && s.average === first.average && s.samples === first.samples,
  );
}

/** For each pair of neighbours, |⟨a, b⟩| and ‖a‖‖b‖ of the first channel's middle samples. */
async function resemblance(source: ByteSource, imaging: readonly Scan[], layout: ScanLayout): Promise<[number, number][]> {
  const out: [number, number][] = [];
  let previous: Float32Array | null = null;
  for (const scan of imaging) {
    const samples = Math.min(COMPARED, scan.samples);
    const skip = Math.floor((scan.samples - samples) / 2);
    const bytes = await source.read(scan.offset + layout.scanHeader + layout.channelHeader + 8 * skip, 8 * samples);
    const values = floats(bytes);
    if (previous !== null) out.push(product(previous, values));
    previous = values;
  }
  return out;
}

export function floats(bytes: Uint8Array): Float32Array {
  // A copy: the bytes may lie at any address. Little-endian, as every machine this runs on.
  return new Float32Array(bytes.slice(0, bytes.length & ~7).buffer);
}

function product(a: Float32Array, b: Float32Array): [number, number] {
  let [re, im, aa, bb] = [0, 0, 0, 0];
  for (let i = 0; i + 1 < Math.min(a.length, b.length); i += 2) {
    const [ar, ai, br, bi] = [a[i] as number, a[i + 1] as number, b[i] as number, b[i + 1] as number];
    re += ar * br + ai * bi;
    im += ar * bi - ai * br;
    aa += ar * ar + ai * ai;
    bb += br * br + bi * bi;
  }
  return [Math.hypot(re, im), Math.sqrt(aa * bb)];
}

/** Resemblance within and between groups of e, weighted by energy. */
function compare(pairs: readonly (readonly [number, number])[], e: number): [number, number] {
  const sums = [0, 0, 0, 0];
  for (const [i, [like, size]] of pairs.entries()) {
    if (!Number.isFinite(size)) continue;
    const at = i % e === e - 1 ? 2 : 0;
    sums[at] = (sums[at] as number) + like;
    sums[at + 1] = (sums[at + 1] as number) + size;
  }
  const [within, w, between, b] = sums as [number, number, number, number];
  return [w > 0 ? within / w : 0, b > 0 ? between / b : 1];
}

/** Every place inside the group must be alike, or a multiple of the true number would fit as well. */
function fits(pairs: readonly (readonly [number, number])[], e: number): boolean {
  const [within, between] = compare(pairs, e);
  if (within < ALIKE || within - between < APART) return false;
  for (let place = 0; place < e - 1; place++) {
    const at = pairs.filter((_, i) => i % e === place);
    const like = at.reduce((sum, [l]) => sum + l, 0);
    const size = at.reduce((sum, [, s]) => sum + s, 0);
    if (!(like > (between + APART / 2) * size)) return false;
  }
  return true;
}
