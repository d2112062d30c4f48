import { z } from 'zod';
import { logMagnitude } from '../../measure.ts';
import { coilLabels, logMagnitudeOf, PHASE_RANGE, phaseOf } from '../../show-complex.ts';
import { defineView } from '../../step.ts';

export default defineView({
  name: 'kspace',
  title: 'k-space',
  help: 'The samples themselves: logarithmic magnitude or phase, of all coils together or one by one, as recorded or as sampled.',
  accepts: 'any',
  of: 'measurement',
  params: z.object({
    show: z.enum(['magnitude', 'phase']).default('magnitude').describe('Logarithm of the magnitude, or the phase, which is shown coil by coil.').meta({ title: 'Show' }),
    coils: z.enum(['combined', 'each']).default('combined').describe('Root-sum-of-squares over coils, or every coil.').meta({ title: 'Coils' }),
    source: z.enum(['sampled', 'recorded']).default('sampled').describe('What the pattern keeps, or all that was recorded.').meta({ title: 'Samples' }),
  }),
  async *run(input, { show, coils, source }) {
    yield { iteration: 0, iterations: 1 };
    const kspace = source === 'recorded' ? await input.kspace() : (await input.measurement()).kspace;
    const count = kspace.shape[0] as number;
    const phase = show === 'phase';
    const combined = !phase && coils === 'combined';
    const notes = phase && coils === 'combined' && count > 1 ? ['Phases of different coils do not combine; they are shown one by one.'] : [];
    const image = phase ? phaseOf(kspace) : combined ? logMagnitude(kspace) : logMagnitudeOf(kspace);
    return {
      images: combined ? { ...image, shape: [1, ...image.shape] } : image,
      labels: combined ? ['All coils'] : coilLabels(count),
      space: 'kspace',
      colormap: phase ? 'phase' : 'grey',
      unit: phase ? 'rad' : 'log₁₀',
      ...(phase ? { range: PHASE_RANGE } : {}),
      numbers: [],
      notes: input.pattern.kind === 'trajectory' || input.series.trajectory !== undefined ? [...notes, 'Rows are samples of a readout, columns are readouts.'] : notes,
    };
  },
});
