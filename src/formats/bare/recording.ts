import type { ReadOptions } from '../../array/read-options.ts';
import type { Recording } from '../../array/recording.ts';
import type { FormatReader } from '../reader.ts';
import type { BareSeries } from './series.ts';

type Info = Parameters<FormatReader['open']>[1];
/** What a reader returns; the registry may add to it. */
type Opened = Awaited<ReturnType<FormatReader['open']>>;

/** A recording of bare arrays: with what was noticed about each, and how it was asked to be read. */
export function recordingOf(
  format: string,
  info: Info,
  parts: readonly BareSeries[],
  options: ReadOptions | undefined,
  close: Recording['close'],
  warnings: readonly string[] = [],
): Opened {
  const findings = parts.flatMap((part) => part.findings);
  return {
    ...info,
    format,
    series: parts.map((part) => part.series),
    warnings: [...parts.flatMap((part) => part.warnings), ...warnings],
    ...(findings.length === 0 ? {} : { findings }),
    ...(options === undefined ? {} : { read: options }),
    close,
  };
}
