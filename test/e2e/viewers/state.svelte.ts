/** What the harness shows; tests set it through `window.harness`. */
import type { ParamValues } from '../../../renderer/controls/types.ts';
import { Toasts } from '../../../renderer/controls/toasts.svelte.ts';
import { ViewLink } from '../../../renderer/viewers/image/view-link.svelte.ts';
import type {
  ColormapName, Comparison, ComplexDisplay, ImagePaneHandle, LineProfile, PaneImage, PaneTool, ProfileLine, Roi, RoiStatistics,
} from '../../../renderer/viewers/image/types.ts';
import { scene } from './phantom.ts';

export type PaneName = 'kspace' | 'recovered' | 'reference' | 'error';

export class HarnessState {
  readonly size = 128;
  readonly centre = Math.round(this.size * 0.08);
  readonly scene = scene(this.size);
  readonly link = new ViewLink({ window: { centre: 0.41, width: 0.82 } });
  readonly kspaceLink = new ViewLink({ window: { centre: -0.4, width: 3.2 } });
  readonly toasts = new Toasts();
  handles = $state<Partial<Record<PaneName, ImagePaneHandle>>>({});
  events = $state.raw<readonly (readonly [string, string | number])[]>([]);

  image = $state.raw<PaneImage | null>(this.scene.zeroFilled);
  display = $state<ComplexDisplay>('magnitude');
  colormap = $state<ColormapName>('grey');
  inverted = $state(false);
  pointMask = $state.raw<Uint8Array | null>(null);
  compare = $state.raw<Comparison | null>(null);
  tool = $state<PaneTool>('window');
  gain = $state(2);
  roi = $state.raw<Roi | null>(null);
  profile = $state.raw<ProfileLine | null>(null);
  statistics = $state.raw<RoiStatistics | null>(null);
  line = $state.raw<LineProfile | null>(null);
  /** One image for every pane, all on one link: the heaviest drag. */
  big = $state.raw<PaneImage | null>(null);
  busy = $state(false);
  stale = $state(false);
  panes = $state(true);

  pattern = $state('random');
  acceleration = $state(4);
  seed = $state(3);
  steps = $state(5);
  noise = $state(false);
  method = $state('unrolled');
  params = $state.raw<ParamValues>({});
  dialog = $state(false);
  menu = $state(false);

  readonly linePoints = $derived.by(() => {
    const { line } = this;
    return line === null ? [] : Array.from(line.positions, (x, i) => ({ x, y: line.values[i] as number }));
  });

  log(name: string, value: string | number): void {
    this.events = [...this.events, [name, value]];
  }

  setParams(values: ParamValues, name: string): void {
    this.params = values;
    this.log('params', `${name}=${String(values[name])}`);
  }
}
