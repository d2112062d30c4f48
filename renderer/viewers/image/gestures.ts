/** Pointer, wheel and touch on a pane, as drags of a few kinds. Knows nothing of images. */
import type { Scope } from '../scope.ts';
import type { PaneTool } from './types.ts';

export type DragKind = PaneTool | 'auto-window';

export interface GestureHandlers {
  tool(): PaneTool;
  /** Space is held over the pane. */
  spaceHeld(): boolean;
  /** Start, each move and end of a drag, positions in CSS px of the pane, `dx`, `dy` since the last call. */
  drag(kind: DragKind, phase: 'start' | 'move' | 'end' | 'cancel', at: DragPosition): void;
  /** Left click without a drag. */
  click(x: number, y: number): void;
  menu(clientX: number, clientY: number): void;
  zoom(factor: number, x: number, y: number): void;
  pan(dx: number, dy: number): void;
  /** Wheel without Ctrl; false when there are no slices, and the wheel zooms. */
  slice(step: -1 | 1): boolean;
  hover(x: number, y: number): void;
  leave(): void;
  fit(): void;
}
export interface DragPosition {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly startX: number;
  readonly startY: number;
}

interface Buttons {
  readonly button: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Which drag a pressed button starts. Modifiers work in every tool. */
export function dragKind(event: Buttons, tool: PaneTool, spaceHeld: boolean): DragKind | null {
  if (event.button === 1) return 'pan';
  if (event.button === 2) return 'zoom';
  if (event.button !== 0) return null;
  if (spaceHeld) return 'pan';
  return event.ctrlKey || event.metaKey ? 'auto-window' : tool;
}

/** A layer over the picture that acts on some presses only lets the others through. */
const CONTROLS = '[role="slider"]:not([data-lets-through]), button, select, input, summary';

/** px before a press counts as a drag. */
const CLICK_SLOP = 3;
/** Wheel travel of one slice; a notch is 100 to 120, a touchpad sends many small ones. */
const WHEEL_STEP = 80;
/** px of wheel travel or vertical drag that double the zoom. */
const ZOOM_SCALE = 200;

export const zoomFactor = (travel: number): number => 2 ** (travel / ZOOM_SCALE);

/** Whole slices in the wheel's travel, and what is carried over. A turned notch carries nothing over. */
export function wheelSteps(travel: number): { steps: number; rest: number } {
  const steps = Math.trunc(travel / WHEEL_STEP);
  return { steps, rest: steps === 0 ? travel : 0 };
}

interface Press {
  readonly kind: DragKind;
  readonly button: number;
  readonly startX: number;
  readonly startY: number;
  x: number;
  y: number;
  moved: boolean;
}

export class Gestures {
  readonly #element: HTMLElement;
  readonly #handlers: GestureHandlers;
  #press: Press | null = null;
  #touches = new Map<number, { x: number; y: number }>();
  #wheelTravel = 0;

  constructor(element: HTMLElement, handlers: GestureHandlers, scope: Scope) {
    this.#element = element;
    this.#handlers = handlers;
    scope.listen(element, 'pointerdown', this.#down);
    scope.listen(element, 'pointermove', this.#move);
    scope.listen(element, 'pointerup', this.#up);
    scope.listen(element, 'pointercancel', this.#cancel);
    scope.listen(element, 'pointerleave', () => handlers.leave());
    scope.listen(element, 'dblclick', (event) => {
      if (this.#isOwn(event)) handlers.fit();
    });
    scope.listen(element, 'contextmenu', (event) => event.preventDefault());
    scope.listen(element, 'wheel', this.#wheel, { passive: false });
  }

  #at(event: MouseEvent): { x: number; y: number } {
    const box = this.#element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** Controls inside the pane (the swipe line, the chooser) have gestures of their own. */
  #isOwn(event: Event): boolean {
    return !(event.target instanceof Element) || event.target.closest(CONTROLS) === null;
  }

  #down = (event: PointerEvent): void => {
    if (!this.#isOwn(event)) return;
    const at = this.#at(event);
    this.#element.setPointerCapture(event.pointerId);
    if (event.pointerType === 'touch') {
      this.#touches.set(event.pointerId, at);
      if (this.#touches.size === 2) {
        if (this.#press?.moved === true) this.#report('cancel', at.x, at.y);
        this.#press = null;
        return;
      }
    }
    const kind = dragKind(event, this.#handlers.tool(), this.#handlers.spaceHeld());
    if (kind === null || this.#press !== null) return;
    // The middle button would start autoscroll.
    if (event.button === 1) event.preventDefault();
    this.#press = { kind, button: event.button, startX: at.x, startY: at.y, x: at.x, y: at.y, moved: false };
  };

  #move = (event: PointerEvent): void => {
    const at = this.#at(event);
    if (this.#touches.size === 2 && this.#touches.has(event.pointerId)) {
      this.#pinch(event.pointerId, at);
      return;
    }
    this.#handlers.hover(at.x, at.y);
    const press = this.#press;
    if (press === null) return;
    if (!press.moved) {
      if (Math.hypot(at.x - press.startX, at.y - press.startY) < CLICK_SLOP) return;
      press.moved = true;
      this.#report('start', press.startX, press.startY);
    }
    this.#report('move', at.x, at.y);
  };

  #up = (event: PointerEvent): void => {
    const at = this.#at(event);
    this.#touches.delete(event.pointerId);
    const press = this.#press;
    if (press === null || press.button !== event.button) return;
    if (press.moved) this.#report('end', at.x, at.y);
    else if (press.button === 0) this.#handlers.click(at.x, at.y);
    else if (press.button === 2) this.#handlers.menu(event.clientX, event.clientY);
    this.#press = null;
  };

  #cancel = (event: PointerEvent): void => {
    this.#touches.delete(event.pointerId);
    if (this.#press?.moved === true) this.#report('cancel', this.#press.x, this.#press.y);
    this.#press = null;
  };

  #report(phase: 'start' | 'move' | 'end' | 'cancel', x: number, y: number): void {
    const press = this.#press;
    if (press === null) return;
    const { startX, startY } = press;
    this.#handlers.drag(press.kind, phase, { x, y, dx: x - press.x, dy: y - press.y, startX, startY });
    press.x = x;
    press.y = y;
  }

  /** Two fingers: their middle pans, their distance zooms. */
  #pinch(id: number, at: { x: number; y: number }): void {
    const before = [...this.#touches.values()];
    this.#touches.set(id, at);
    const after = [...this.#touches.values()];
    const [a, b, c, d] = [before[0], before[1], after[0], after[1]];
    if (a === undefined || b === undefined || c === undefined || d === undefined) return;
    const middle = { x: (c.x + d.x) / 2, y: (c.y + d.y) / 2 };
    this.#handlers.pan(middle.x - (a.x + b.x) / 2, middle.y - (a.y + b.y) / 2);
    const distance = Math.hypot(a.x - b.x, a.y - b.y);
    if (distance > 0) this.#handlers.zoom(Math.hypot(c.x - d.x, c.y - d.y) / distance, middle.x, middle.y);
  }

  #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const at = this.#at(event);
    // A line is about 16 px (Firefox sends lines, Chromium px).
    const travel = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
    if (event.ctrlKey || event.metaKey) {
      this.#handlers.zoom(zoomFactor(-travel), at.x, at.y);
      return;
    }
    const { steps, rest } = wheelSteps(this.#wheelTravel + travel);
    this.#wheelTravel = rest;
    for (let i = 0; i < Math.abs(steps); i++) {
      if (!this.#handlers.slice(steps > 0 ? 1 : -1)) {
        this.#handlers.zoom(zoomFactor(-travel), at.x, at.y);
        return;
      }
    }
  };
}
