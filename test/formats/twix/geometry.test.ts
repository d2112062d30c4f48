import { expect, it } from 'vitest';
import { directionsOf, directionsOfQuaternion } from '../../../src/formats/twix/geometry.ts';

const box = (normal: [number, number, number], rotation: number) => ({ position: [0, 0, 0] as const, normal, rotation, thickness: 1, readoutFov: 1, phaseFov: 1 });
const round = (v: readonly number[] | undefined): number[] | undefined => v?.map((x) => Math.round(x * 1e4) / 1e4 + 0);

// Both as two scanners wrote them into one file: MDH quaternion, and protocol normal with in-plane rotation.
it.each([
  [[0.7008749842643738, -0.007647024933248758, -0.02707519382238388, 0.7127290368080139], [-0.0488531665, -0.02787533953, 0.9984169137], -0.0174532925199],
  [[0.7069764733314514, -0.013574636541306973, 0.013574640266597271, 0.7069764733314514], [6.58423005e-9, 0.0383878015, 0.9992629886], 0],
  [[0.7071067690849304, 0, 0, 0.7071067690849304], [0, 0, 1], 0],
] as const)('quaternion and protocol agree: %j', (quaternion, normal, rotation) => {
  const turned = directionsOfQuaternion(quaternion);
  const told = directionsOf(box([...normal], rotation));
  expect(round(told?.phase)).toEqual(round(turned?.phase));
  expect(round(told?.read)).toEqual(round(turned?.read));
  expect(round(told?.normal)).toEqual(round(turned?.normal));
});

it('sagittal and coronal slices have a right-handed frame in the slice', () => {
  for (const normal of [[1, 0, 0], [0, 1, 0], [0.9, 0.1, Math.sqrt(0.18)]] as [number, number, number][]) {
    const { phase, read } = directionsOf(box(normal, 0.3)) ?? { phase: [], read: [] };
    const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
    expect(dot(phase, normal)).toBeCloseTo(0, 10);
    expect(dot(read, normal)).toBeCloseTo(0, 10);
    expect(dot(phase, read)).toBeCloseTo(0, 10);
    expect(dot(phase, phase)).toBeCloseTo(1, 10);
  }
});

it('nonsense has no direction', () => {
  expect(directionsOfQuaternion([0, 0, 0, 0])).toBeNull();
  expect(directionsOfQuaternion([Number.NaN, 0, 0, 1])).toBeNull();
  expect(directionsOf(box([0, 0, 0], 0))).toBeNull();
});
