import { expect, it } from 'vitest';
import { optionGroups } from '../../../renderer/controls/option-groups.ts';

const option = (value: string, group?: string) => ({ value, label: value.toUpperCase(), ...(group === undefined ? {} : { group }) });
const shape = (options: Parameters<typeof optionGroups>[0]) => optionGroups(options).map(({ label, options: members }) => [label, members.map(({ value }) => value).join('')]);

it('options stand under their headings, in the order in which headings and options first appear', () => {
  expect(shape([option('a', 'Points'), option('b', 'Lines'), option('c', 'Points')])).toEqual([['Points', 'ac'], ['Lines', 'b']]);
});
it('those without a heading stand first, and a list without headings has none', () => {
  expect(shape([option('a', 'Lines'), option('b')])).toEqual([[null, 'b'], ['Lines', 'a']]);
  expect(shape([option('a'), option('b')])).toEqual([[null, 'ab']]);
  expect(shape([])).toEqual([]);
});
