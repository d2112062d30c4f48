/** Props of the small line chart. */
export interface ChartPoint {
  readonly x: number;
  readonly y: number;
}
export interface ChartSeries {
  readonly id: string;
  readonly label: string;
  readonly points: readonly ChartPoint[];
  readonly role?: 'measured' | 'recovered' | 'error' | 'reference';
  readonly dashed?: boolean;
  readonly dotted?: boolean;
  /** Draw a dot at each point, and let it be clicked. */
  readonly dots?: boolean;
  /** In the background, for curves of before. */
  readonly faint?: boolean;
}
export interface LineChartProps {
  /** Says what the chart shows; its accessible name. */
  label: string;
  series: readonly ChartSeries[];
  xLabel: string;
  yLabel: string;
  xUnit?: string;
  yUnit?: string;
  xScale?: 'linear' | 'log';
  yScale?: 'linear' | 'log';
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  /** Emphasised point: the result shown now. */
  selected?: { readonly series: string; readonly x: number } | null;
  /** px. Default 140. */
  height?: number;
  /** Filled columns instead of a line, for histograms. */
  bars?: boolean;
  onpoint?: (series: string, point: ChartPoint) => void;
  /** One stop for the keyboard, whose arrow keys go from point to point: for curves of many points. */
  roving?: boolean;
}
