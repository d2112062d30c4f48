/** Pointer and keys of a slider. Shift while dragging moves a tenth as far. */
import { fractionOf, valueAfterKey, valueAt } from './slider-scale.ts';
import type { SliderRange } from './slider-scale.ts';

export interface SliderInputs {
  readonly range: SliderRange;
  readonly disabled: boolean;
  value: number;
  readonly oninput: ((value: number) => void) | undefined;
  readonly onchange: ((value: number) => void) | undefined;
}

const FINE = 0.1;

export class SliderState {
  readonly #in: SliderInputs;
  dragging = $state(false);
  /** Unrounded place of the thumb during a drag, so that fine moves add up. */
  #fraction = 0;
  #lastX = 0;
  #startValue = 0;

  constructor(inputs: SliderInputs) {
    this.#in = inputs;
  }

  readonly fraction = $derived.by(() => fractionOf(this.#in.value, this.#in.range));

  down = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    if (this.#in.disabled || event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.querySelector<HTMLElement>('[role="slider"]')?.focus({ focusVisible: false } as FocusOptions);
    this.dragging = true;
    this.#startValue = this.#in.value;
    this.#lastX = event.clientX;
    const box = event.currentTarget.getBoundingClientRect();
    this.#fraction = (event.clientX - box.left) / Math.max(1, box.width);
    this.#set(valueAt(this.#fraction, this.#in.range));
  };

  move = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    if (!this.dragging) return;
    const width = Math.max(1, event.currentTarget.getBoundingClientRect().width);
    this.#fraction += ((event.clientX - this.#lastX) / width) * (event.shiftKey ? FINE : 1);
    this.#lastX = event.clientX;
    this.#set(valueAt(this.#fraction, this.#in.range));
  };

  up = (): void => {
    if (!this.dragging) return;
    this.dragging = false;
    if (this.#in.value !== this.#startValue) this.#in.onchange?.(this.#in.value);
  };

  key = (event: KeyboardEvent): void => {
    if (this.#in.disabled || event.ctrlKey || event.metaKey || event.altKey) return;
    const value = valueAfterKey(event.key, event.shiftKey, this.#in.value, this.#in.range);
    if (value === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.#set(value)) this.#in.onchange?.(value);
  };

  #set(value: number): boolean {
    if (value === this.#in.value) return false;
    this.#in.value = value;
    this.#in.oninput?.(value);
    return true;
  }
}
