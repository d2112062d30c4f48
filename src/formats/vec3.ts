/** Three-vectors of patient space, in mm or without unit. */
export type Vec3 = readonly [number, number, number];

export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
/** a + k·b */
export const addScaled = (a: Vec3, k: number, b: Vec3): Vec3 => [a[0] + k * b[0], a[1] + k * b[1], a[2] + k * b[2]];
export const scaled = (k: number, a: Vec3): Vec3 => [k * a[0], k * a[1], k * a[2]];
export const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
export const unit = (a: Vec3): Vec3 => scaled(1 / length(a), a);

/** Values `from`, `from + 1`, `from + 2` as a vector; undefined unless all are finite. */
export function vec3(values: readonly number[], from = 0): Vec3 | undefined {
  const [x, y, z] = values.slice(from, from + 3);
  if (x === undefined || y === undefined || z === undefined) return undefined;
  return Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z) ? [x, y, z] : undefined;
}
