import { z } from 'zod';
import type { NdArray } from '../../../array/nd-array.ts';
import { LacunaError } from '../../../errors.ts';
import { correctEpiPhase, type EpiPhase, phaseFromEntropy, phaseFromNavigators } from '../../../mri/epi-phase.ts';
import { definePrepare } from '../../step.ts';

export default definePrepare({
  name: 'epi-phase',
  title: 'EPI ghost correction',
  help: 'Takes the constant and linear phase between forward and backward EPI lines away, which would make a ghost half a field of view off.',
  reference: 'Ahn and Cho, A new phase correction method in NMR imaging, IEEE Trans Med Imaging 1987;6:32',
  order: 6,
  params: z.object({
    from: z
      .enum(['navigators', 'image'])
      .default('navigators')
      .describe('Where the phase is found: in the navigator readouts, or (also where there are none) as the one of least image entropy.')
      .meta({ title: 'Phase from' }),
  }),
  refuses(series) {
    if (series.domain !== 'kspace') return 'EPI ghost correction needs measured k-space.';
    if (series.trajectory !== undefined) return 'EPI ghost correction needs Cartesian lines.';
    if (series.backwards === undefined) return 'No lines of this series were read backwards: there is no EPI ghost to correct.';
    return null;
  },
  suggested: (series) => series.readNavigators !== undefined,
  async run(series, params) {
    const { backwards, readNavigators } = series;
    if (backwards === undefined) throw new LacunaError('internal', 'epi-phase was run although it refuses');
    const navigated = params.from === 'navigators' && readNavigators !== undefined;
    const phaseOf = async (slice: number, kspace: NdArray<'complex64'>): Promise<EpiPhase> => {
      if (!navigated) return phaseFromEntropy(kspace, backwards);
      const navigators = await readNavigators.call(series, slice);
      return phaseFromNavigators(navigators.data, navigators.backwards);
    };
    // The lines are alike now: nothing is left for a second correction.
    const { backwards: _, readNavigators: __, ...rest } = series;
    return {
      ...rest,
      attributes: [...series.attributes, { label: 'EPI ghost correction', value: describe(navigated, params.from) }],
      async read(slice) {
        const kspace = (await series.read(slice)) as NdArray<'complex64'>;
        return correctEpiPhase(kspace, backwards, await phaseOf(slice, kspace));
      },
    };
  },
});

function describe(navigated: boolean, from: string): string {
  if (navigated) return 'constant and linear phase from navigators';
  return `constant and linear phase of least image entropy${from === 'navigators' ? ' (the file holds no navigators)' : ''}`;
}
