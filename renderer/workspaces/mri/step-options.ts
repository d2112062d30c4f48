/** Steps as the options of a picker: under their headings, and greyed with the reason where they do not fit. */
import type { Option } from '../../controls/types.ts';
import type { StepDescription } from '../../../src/host/contract.ts';

/** Headings that are not named here follow these. */
const ORDER: readonly string[] = ['Learned', 'Lines', 'Points', 'Trajectories', 'Given', 'Classical'];

type Listed = Pick<StepDescription, 'name' | 'title' | 'help' | 'group'>;

/** Within a heading the steps keep their order. `refusal` says why a step cannot be chosen, null where it can. */
export function stepOptions<S extends Listed>(steps: readonly S[], refusal: (step: S) => string | null): readonly Option[] {
  const rank = ({ group }: Option): number => {
    const at = group === undefined ? -1 : ORDER.indexOf(group);
    return at < 0 && group !== undefined ? ORDER.length : at;
  };
  const options = steps.map((step): Option => {
    const reason = refusal(step);
    return { value: step.name, label: step.title, help: reason ?? step.help, disabled: reason !== null, ...(step.group === undefined ? {} : { group: step.group }) };
  });
  return options.sort((a, b) => rank(a) - rank(b));
}
