import { z } from 'zod';
import { ndArray, subArray } from '../../../array/nd-array.ts';
import { calibratedMaps } from '../../../mri/cached-maps.ts';
import { refuseWithoutCentre } from '../../../mri/coil-maps.ts';
import { defineView } from '../../step.ts';
import { mapSetParams } from '../map-params.ts';

export default defineView({
  name: 'coil-maps',
  title: 'Coil maps',
  help: 'Where each receive coil sees how much, as methods with coil maps assume it: magnitude and phase of every map, or the eigenvalues of ESPIRiT.',
  reference: 'Uecker et al., ESPIRiT, Magn Reson Med 2014;71:990',
  of: 'measurement',
  params: z.object({
    ...mapSetParams,
    show: z
      .enum(['maps', 'eigenvalues'])
      .default('maps')
      .describe('The maps, or how well calibration explains each pixel: eigenvalues near 1 where it saw tissue.')
      .meta({ title: 'Show' }),
  }),
  refuses: ({ pattern }) => refuseWithoutCentre(pattern),
  async *run(input, params, { cache }) {
    yield { iteration: 0, iterations: 1 };
    // Eigenvalues are ESPIRiT's, whatever maps are chosen.
    const wanted = params.show === 'eigenvalues' ? { ...params, maps: 'espirit' as const } : params;
    const { maps, eigenvalues, note } = await calibratedMaps(await input.measurement(), wanted, cache);
    if (params.show === 'eigenvalues' && eigenvalues !== undefined) {
      const sets = eigenvalues.shape[0] as number;
      return {
        images: eigenvalues,
        labels: Array.from({ length: sets }, (_, s) => `Eigenvalue of set ${s + 1}`),
        space: 'image',
        colormap: 'viridis',
        unit: '',
        range: [0, 1],
        numbers: [{ label: 'Pixels above 0.9', value: shareAbove(subArray(eigenvalues, 0).data, 0.9), unit: '%' }],
        notes: [note],
      };
    }
    const [coils, rows, columns] = maps.shape.slice(-3) as [number, number, number];
    const sets = maps.shape.length === 4 ? (maps.shape[0] as number) : 1;
    return {
      images: ndArray('complex64', [sets * coils, rows, columns], maps.data),
      labels: Array.from({ length: sets * coils }, (_, i) => (sets === 1 ? `Map of coil ${i + 1}` : `Map ${Math.floor(i / coils) + 1} of coil ${(i % coils) + 1}`)),
      space: 'image',
      colormap: 'grey',
      unit: '',
      range: [0, 1],
      numbers: [{ label: 'Coils', value: coils, unit: '' }],
      notes: [note, 'The phase of the maps is shown with the phase display.'],
    };
  },
});

function shareAbove(values: Float32Array, limit: number): number {
  return (100 * values.filter((value) => value > limit).length) / values.length;
}
