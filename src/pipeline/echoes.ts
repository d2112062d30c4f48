/** Which slice indices of a series show one place and moment at several echo times. */
interface Described {
  readonly axes: readonly { readonly name: string; readonly length: number }[];
  readonly slices: number;
}

/** Slice indices of all echoes of `slice`, in the order of the axis; itself alone where the series has one echo. */
export function echoesOf({ axes, slices }: Described, slice: number): readonly number[] {
  const at = axes.findIndex(({ name, length }) => name === 'echo' && length > 1);
  const axis = axes[at];
  if (axis === undefined) return [slice];
  const outer = axes.slice(0, at).reduce((product, { length }) => product * length, 1);
  // Leading axes are flattened in C order: echoes are `stride` slice indices apart.
  const stride = slices / (outer * axis.length);
  if (!Number.isInteger(stride)) return [slice];
  const echo = Math.floor(slice / stride) % axis.length;
  return Array.from({ length: axis.length }, (_, e) => slice + (e - echo) * stride);
}
