/** The strip of kept lines under the acceleration slider. */
export interface MaskStripProps {
  /** 1 = kept; one value a line, or rows·columns values for a point pattern. */
  mask: Uint8Array;
  kind?: 'lines' | 'points';
  rows?: number;
  columns: number;
  /** Kept lines or points and their total are worked into the accessible name. */
  label?: string;
}
