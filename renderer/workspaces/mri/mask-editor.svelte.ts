/** Drawing a sampling pattern by hand: what is drawn is loaded as a pattern file, and the live reconstruction follows. */
import type { Client } from '../../api/client.ts';
import { type NdArray, ndArray } from '../../../src/array/nd-array.ts';
import { encodeNpy } from '../../../src/array/npy.ts';
import type { StepCall } from '../../../src/pipeline/document.ts';
import { type Cell, type EditMask, asKind, cleared, inverted, mirrored, painted, toggled } from './mask-edit.ts';
import type { MriSession } from './session.svelte.ts';

/** Begins the kind of every change of the recipe that comes from a drawing. */
export const DRAWING = 'draw.';
const FILE_STEP = 'file';
const DRAWN_NAME = 'drawn by hand';

interface Stroke {
  readonly before: EditMask;
  readonly from: Cell;
  readonly keep: boolean;
  last: Cell;
}

export class MaskEditor {
  /** What was drawn and is not yet what the host has answered with. */
  draft = $state.raw<EditMask | null>(null);
  /** Line or point under the keyboard's cursor. */
  cursor = $state.raw<Cell>({ row: 0, column: 0 });
  /** Nothing is kept, so there is nothing to reconstruct from. */
  readonly empty = $derived.by(() => this.draft !== null && !this.draft.mask.includes(1));
  /** Strokes are numbered: each is one step of undo, however quickly one follows the other. */
  #strokes = 0;
  #stroke: Stroke | null = null;
  #posting = false;
  #next: { readonly edit: EditMask; readonly stroke: number } | null = null;
  /** The pattern that drawing started from. */
  #origin: EditMask | null = null;
  readonly #drawn = new Map<string, Blob>();
  readonly #session: MriSession;
  readonly #client: Client;
  readonly #onProblem: (cause: unknown) => void;

  constructor(session: MriSession, client: Client, onProblem: (cause: unknown) => void) {
    this.#session = session;
    this.#client = client;
    this.#onProblem = onProblem;
  }

  /** What is drawn on now: the draft, else the pattern in use; all lines where that one is a trajectory. Null without a series. */
  readonly current: EditMask | null = $derived.by(() => {
    if (this.draft !== null) return this.draft;
    const pattern = this.#session.live.state.pattern?.value;
    const series = this.#session.series;
    if (series === null) return null;
    const { rows, columns } = series;
    if (pattern === undefined || pattern.summary.kind === 'trajectory') return { kind: 'lines', rows, columns, mask: new Uint8Array(columns).fill(1) };
    return { kind: pattern.summary.kind, rows: pattern.summary.rows, columns: pattern.summary.columns, mask: pattern.mask };
  });

  /** Another series: drawings on the old grid mean nothing on it. */
  forget(): void {
    this.drop();
    this.#origin = null;
    this.cursor = { row: Math.floor((this.#session.series?.rows ?? 0) / 2), column: Math.floor((this.#session.series?.columns ?? 0) / 2) };
  }

  /** Another pattern was chosen: what was drawn and is not in use yet is let go. */
  drop(): void {
    this.draft = null;
    this.#stroke = null;
    this.#next = null;
  }

  /** The host's answer is on screen: the draft has done its duty. */
  settle(): void {
    if (this.#stroke !== null || this.#posting || this.#next !== null || this.empty) return;
    const { live, recipe } = this.#session;
    const request = live.state.request?.value;
    if (live.state.pattern?.generation === live.state.latest && request?.pattern.params['file'] === recipe?.pattern.params['file']) this.draft = null;
  }

  // Strokes. `erase` drops instead of keeping.

  start(at: Cell, erase: boolean): void {
    const before = this.#begin();
    if (before === null) return;
    this.#stroke = { before, from: at, keep: !erase, last: at };
    this.cursor = at;
  }

  move(at: Cell): void {
    const stroke = this.#stroke;
    const { current } = this;
    if (stroke === null || current === null) return;
    const { brushWidth } = this.#session.view;
    // Lines are painted as the brush passes; a rectangle of points grows from where it began.
    const next = current.kind === 'lines' ? painted(current, stroke.last, at, brushWidth, stroke.keep) : painted(stroke.before, stroke.from, at, brushWidth, stroke.keep);
    stroke.last = at;
    this.cursor = at;
    this.#apply(next);
  }

  end(): void {
    this.#stroke = null;
    // The answer may have come while the button was still down.
    this.settle();
  }

  toggle(at: Cell): void {
    const before = this.#begin();
    this.#stroke = null;
    this.cursor = at;
    if (before !== null) this.#apply(toggled(before, at, this.#session.view.brushWidth));
  }

  moveCursor(rows: number, columns: number): void {
    const { current } = this;
    if (current === null) return;
    const clamp = (value: number, end: number): number => Math.min(end - 1, Math.max(0, value));
    this.cursor = { row: clamp(this.cursor.row + rows, current.rows), column: clamp(this.cursor.column + columns, current.columns) };
  }

  clear = (): void => this.#whole(cleared);
  invert = (): void => this.#whole(inverted);
  mirror = (): void => this.#whole(mirrored);
  as = (kind: EditMask['kind']): void => this.#whole((edit) => asKind(edit, kind));
  /** Back to the pattern that drawing started from. */
  startOver = (): void => this.#whole((edit) => this.#origin ?? edit);

  #whole(change: (edit: EditMask) => EditMask): void {
    const before = this.#begin();
    if (before !== null) this.#apply(change(before));
  }

  #begin(): EditMask | null {
    const { current } = this;
    if (current !== null && this.#session.recipe?.pattern.name !== FILE_STEP) this.#origin = current;
    this.#strokes++;
    return current;
  }

  #apply(edit: EditMask): void {
    this.draft = edit;
    if (!edit.mask.includes(1)) return;
    this.#next = { edit, stroke: this.#strokes };
    if (!this.#posting) void this.#post();
  }

  /** One upload at a time, of the newest drawing. */
  async #post(): Promise<void> {
    this.#posting = true;
    try {
      while (this.#next !== null) {
        const { edit, stroke } = this.#next;
        this.#next = null;
        await this.#use(edit, stroke);
      }
    } catch (cause) {
      this.draft = null;
      this.#onProblem(cause);
    } finally {
      this.#posting = false;
      this.settle();
    }
  }

  async #use(edit: EditMask, stroke: number): Promise<void> {
    const blob = new Blob([npyOf(edit)]);
    const { handle } = await this.#client.loadPattern('drawn.npy', blob);
    const session = this.#session;
    if (session.recipe === null || this.draft === null) return;
    this.#drawn.set(handle, blob);
    session.patternNames = { ...session.patternNames, [handle]: DRAWN_NAME };
    session.change({ ...session.recipe, pattern: { name: FILE_STEP, params: { file: handle } } }, `${DRAWING}${stroke}`);
  }

  /** Gives a drawing to the host again, which keeps only the latest ones. */
  async restore(pattern: StepCall): Promise<void> {
    this.draft = null;
    const blob = this.#drawn.get(String(pattern.params['file']));
    if (pattern.name !== FILE_STEP || blob === undefined) return;
    try {
      await this.#client.loadPattern('drawn.npy', blob);
    } catch (cause) {
      this.#onProblem(cause);
    }
  }
}

function npyOf({ kind, rows, columns, mask }: EditMask): Uint8Array<ArrayBuffer> {
  const array: NdArray<'uint8'> = ndArray('uint8', kind === 'lines' ? [columns] : [rows, columns], mask.slice());
  return new Uint8Array(encodeNpy(array));
}
