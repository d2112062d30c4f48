/** The options of a Select under their headings. */
import type { Option } from './types.ts';

export interface OptionGroup {
  /** Null: without a heading. */
  readonly label: string | null;
  readonly options: readonly Option[];
}

/** Headings in the order in which they first appear, options in theirs; those without a heading stand before all others. */
export function optionGroups(options: readonly Option[]): readonly OptionGroup[] {
  const groups = new Map<string | null, Option[]>([[null, []]]);
  for (const option of options) {
    const label = option.group ?? null;
    const known = groups.get(label);
    if (known === undefined) groups.set(label, [option]);
    else known.push(option);
  }
  return [...groups].filter(([, members]) => members.length > 0).map(([label, members]) => ({ label, options: members }));
}
