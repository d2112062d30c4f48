/** What a person must know before trusting the picture: worse than doing nothing, or what the method itself warns of. */
import type { MetricReport } from '../../../src/pipeline/step.ts';
import { metricOf } from './sweep.svelte.ts';

/** dB below zero-filled that count as worse; less is within what a window or a border makes. */
const WORSE = 0.5;
const WARNS = /^(Warning: |Outside its training)/;

/** Sentences, or null where there is nothing to warn of. `own` and `zeroFilled` are null without a reference. */
export function qualityWarning(
  title: string,
  own: MetricReport | null,
  zeroFilled: MetricReport | null,
  notes: readonly string[],
): string | null {
  const [mine, plain] = [metricOf(own, 'PSNR'), metricOf(zeroFilled, 'PSNR')];
  const worse = mine !== null && plain !== null && mine < plain - WORSE;
  const warned = notes.filter((note) => WARNS.test(note)).map((note) => sentence(note.replace(/^Warning: /, '')));
  const said = [...(worse ? [`${title} is worse here than zero-filled by ${(plain - mine).toFixed(1)} dB.`] : []), ...warned];
  return said.length === 0 ? null : said.join(' ');
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).replace(/\.?$/, '.');
