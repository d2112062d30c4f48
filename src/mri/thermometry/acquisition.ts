/** Field strength, echo times and frame interval as a series states them in its acquisition table. */
import type { Series } from '../../array/recording.ts';

export interface StatedAcquisition {
  /** Tesla. */
  readonly fieldStrength?: number;
  /** Seconds, one an echo. */
  readonly echoTimes: readonly number[];
  /** Minutes between frames. */
  readonly interval?: number;
  /** °C of the first frame. */
  readonly baseline?: number;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1e-3, s: 1, min: 60, 'µs': 1e-6, us: 1e-6 };

/** What cannot be read is left out. Readers word it in their own way: `TE: 20 ms`, `Echo time: 2.3 ms`, `Echo times: 4, 8, 12 ms`. */
export function statedAcquisition({ attributes }: Pick<Series, 'attributes'>): StatedAcquisition {
  const stated = (label: RegExp): string | undefined => attributes.find((attribute) => label.test(attribute.label))?.value;
  const [fieldStrength] = numbersOf(stated(/^field strength$/i)?.replace(/\s*T$/, ''));
  const echoes = inSeconds(stated(/^(TE|echo times?)$/i));
  const [interval] = inSeconds(stated(/^frame interval$/i));
  const [baseline] = numbersOf(stated(/^baseline temperature$/i)?.replace(/\s*°C$/, ''));
  return {
    ...(fieldStrength === undefined ? {} : { fieldStrength }),
    echoTimes: echoes,
    ...(interval === undefined ? {} : { interval: interval / 60 }),
    ...(baseline === undefined ? {} : { baseline }),
  };
}

function inSeconds(text: string | undefined): number[] {
  const match = /^([\d.,\s]+?)\s*(ms|s|min|µs|us)?$/.exec(text ?? '');
  if (match === null) return [];
  const unit = UNITS[match[2] ?? 'ms'] as number;
  return numbersOf(match[1]).map((value) => value * unit);
}

function numbersOf(text: string | undefined): number[] {
  if (text === undefined) return [];
  const values = text.split(/[,\s]+/).filter((part) => part !== '').map(Number);
  return values.every((value) => Number.isFinite(value) && value > 0) ? values : [];
}
