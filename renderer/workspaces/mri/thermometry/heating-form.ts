/** What the dialog of simulated heating holds, as the reading takes it. Pure. */
import type { HeatingOptions } from '../../../../src/array/read-options.ts';
import type { ParamValues } from '../../../controls/types.ts';

/** As typed; empty where the file says it. */
export interface Stated {
  fieldStrength: string;
  echoTimes: string;
}

export function statedOf(heating: Pick<HeatingOptions, 'fieldStrength' | 'echoTimes'> | null): Stated {
  return { fieldStrength: heating?.fieldStrength?.toString() ?? '', echoTimes: heating?.echoTimes?.join(', ') ?? '' };
}

/** The options, or a sentence where a number cannot be read. The host judges ranges. */
export function heatingOf(values: ParamValues, { fieldStrength, echoTimes }: Stated): HeatingOptions | string {
  const field = fieldStrength.trim() === '' ? null : Number(fieldStrength.replace(/T$/i, ''));
  if (field !== null && !(field > 0)) return 'The field strength is a number of tesla, such as 1.5.';
  const times = echoTimes.split(/[\s,;+]+/).filter((part) => part !== '' && part !== 'ms').map(Number);
  if (times.some((time) => !(time > 0))) return 'Echo times are numbers of milliseconds with commas between, such as 4.9, 9.8.';
  return { ...(values as Omit<HeatingOptions, 'fieldStrength' | 'echoTimes'>), ...(field === null ? {} : { fieldStrength: field }), ...(times.length === 0 ? {} : { echoTimes: times }) };
}
