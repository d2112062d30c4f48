/** Magnitude and phase images of the same places as one series of complex images, as scanners export them side by side. */
import { zeros } from '../../array/nd-array.ts';
import type { Series } from '../../array/recording.ts';

/** How readers word a phase image whose numbers are radians. */
const PHASE = /^phase, rad/;
/** Positions closer than this are the same slice, mm. */
const SAME_PLACE = 0.1;

/**
 * One series for each phase series that has a magnitude of the same matrix and places, of the same echo where there is one (a
 * difference of phases comes with the magnitudes of its echoes); of the places that both have.
 */
export function complexPairs(all: readonly Series[]): readonly Series[] {
  const componentOf = (series: Series): string => series.attributes.find(({ label }) => label === 'Image component')?.value ?? '';
  const real = all.filter(({ domain, dtype, coils }) => domain === 'image' && dtype === 'float32' && coils === 1);
  return real.filter((series) => PHASE.test(componentOf(series))).flatMap((phase) => {
    const magnitudes = real.filter((other) => !PHASE.test(componentOf(other)) && sameKind(other, phase));
    for (const magnitude of magnitudes.sort((a, b) => Number(echoOf(b) === echoOf(phase)) - Number(echoOf(a) === echoOf(phase)))) {
      const places = commonPlaces(magnitude, phase);
      if (places.length > 0) return [pair(magnitude, phase, places)];
    }
    return [];
  });
}

const echoOf = ({ attributes }: Series): string | undefined => attributes.find(({ label }) => label === 'Echo time')?.value;

function sameKind(a: Series, b: Series): boolean {
  const leading = ({ axes }: Series): string => axes.slice(0, -2).map(({ name }) => name).join();
  return a.rows === b.rows && a.columns === b.columns && leading(a) === leading(b);
}

/** Slice indices [magnitude, phase] of the same place; in order where the files say nothing of places. */
function commonPlaces(magnitude: Series, phase: Series): readonly (readonly [number, number])[] {
  const [a, b] = [magnitude.geometry?.positions, phase.geometry?.positions];
  if (a === undefined || b === undefined || magnitude.slices !== a.length || phase.slices !== b.length) {
    return magnitude.slices === phase.slices ? Array.from({ length: phase.slices }, (_, slice) => [slice, slice] as const) : [];
  }
  return b.flatMap((place, slice) => {
    const at = a.findIndex((other) => Math.hypot(...other.map((value, k) => value - (place[k] as number))) < SAME_PLACE);
    return at < 0 ? [] : [[at, slice] as const];
  });
}

function pair(magnitude: Series, phase: Series, places: readonly (readonly [number, number])[]): Series {
  const { window: _ofRadians, ...rest } = phase;
  const { geometry } = phase;
  const whole = places.length === phase.slices;
  return {
    ...rest,
    id: `${phase.id}-complex`,
    title: `${magnitude.title} and phase`,
    dtype: 'complex64',
    axes: whole ? phase.axes : [{ ...(phase.axes.at(-3) ?? { name: 'slice' }), length: places.length }, ...phase.axes.slice(-2)],
    slices: places.length,
    ...(geometry === undefined || whole ? {} : { geometry: { ...geometry, positions: places.map(([, slice]) => geometry.positions[slice] as (typeof geometry.positions)[number]) } }),
    attributes: phase.attributes.map((attribute) => (attribute.label === 'Image component' ? { ...attribute, value: 'complex, from magnitude and phase' } : attribute)),
    async read(slice) {
      const [of, at] = places[slice] ?? [slice, slice];
      const [size, angle] = [await magnitude.read(of), await phase.read(at)];
      const out = zeros('complex64', [phase.rows, phase.columns]);
      for (let i = 0; i < out.data.length / 2; i++) {
        const [m, a] = [size.data[i] as number, angle.data[i] as number];
        out.data[2 * i] = m * Math.cos(a);
        out.data[2 * i + 1] = m * Math.sin(a);
      }
      return out;
    },
  };
}
