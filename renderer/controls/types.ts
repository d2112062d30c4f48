/** Props of the controls. Every one takes `label`, which is its accessible name; `help` becomes its description. */
import type { Snippet } from 'svelte';
import type { JsonSchemaObject } from '../../src/host/contract.ts';

/** Whose colour a control carries. `plain` is grey. */
export type ControlRole = 'measured' | 'recovered' | 'plain';
export type Scale = 'linear' | 'log';
export type ParamValue = number | string | boolean;
export type ParamValues = Readonly<Record<string, ParamValue>>;

export interface SliderProps {
  label: string;
  /** Bindable. */
  value: number;
  min: number;
  max: number;
  step?: number;
  scale?: Scale;
  role?: ControlRole;
  /** Values that carry a label under the track. */
  ticks?: readonly number[];
  unit?: string;
  help?: string;
  disabled?: boolean;
  /** True shows no label row; the label stays as accessible name. */
  bare?: boolean;
  format?: (value: number) => string;
  /** While it moves. */
  oninput?: (value: number) => void;
  /** When it comes to rest. */
  onchange?: (value: number) => void;
}

export interface NumberFieldProps {
  label: string;
  /** Bindable. */
  value: number;
  min?: number;
  max?: number;
  step?: number;
  integer?: boolean;
  unit?: string;
  help?: string;
  disabled?: boolean;
  onchange?: (value: number) => void;
}

export interface Option<V extends string = string> {
  readonly value: V;
  readonly label: string;
  readonly disabled?: boolean;
  readonly help?: string;
  /** Heading that it stands under in a Select; a Segmented shows none. */
  readonly group?: string;
}
export interface SelectProps {
  label: string;
  /** Bindable. */
  value: string;
  options: readonly Option[];
  help?: string;
  disabled?: boolean;
  /** True shows no label row; the label stays as accessible name. */
  bare?: boolean;
  onchange?: (value: string) => void;
}
/** A radio group in one bar. */
export interface SegmentedProps extends SelectProps {
  role?: ControlRole;
}
export interface SwitchProps {
  label: string;
  /** Bindable. */
  checked: boolean;
  help?: string;
  disabled?: boolean;
  onchange?: (checked: boolean) => void;
}
export interface ButtonProps {
  kind?: 'primary' | 'plain' | 'ghost';
  type?: 'button' | 'submit';
  /** Accessible name where the content is an icon alone. */
  label?: string;
  help?: string;
  /** Shown in the tooltip and as aria-keyshortcuts. */
  shortcut?: string;
  disabled?: boolean;
  pressed?: boolean;
  /** The focus stays on it after a click, so that it comes back there when the dialog closes. */
  opensDialog?: boolean;
  full?: boolean;
  onclick?: (event: MouseEvent) => void;
  children: Snippet;
}
/** `label  value unit`: one row of facts. */
export interface FieldProps {
  label: string;
  value?: string | number;
  unit?: string;
  help?: string;
  tone?: 'plain' | 'measured' | 'recovered' | 'error' | 'ok' | 'note';
  children?: Snippet;
}
export interface SectionProps {
  title: string;
  /** At the right of the heading. */
  aside?: Snippet;
  /** Bindable. Given: the heading folds the section. */
  open?: boolean;
  /** Said beside the heading while it is folded. */
  folded?: string;
  children: Snippet;
}
export interface TooltipProps {
  text: string;
  shortcut?: string;
  /** Receives the id to put into aria-describedby. */
  children: Snippet<[id: string]>;
}
export interface DialogProps {
  title: string;
  /** Bindable. */
  open: boolean;
  width?: 'narrow' | 'wide';
  onclose?: () => void;
  children: Snippet;
  actions?: Snippet;
}
export interface MenuItem {
  readonly id: string;
  readonly label: string;
  readonly shortcut?: string;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  /** A line before this item. */
  readonly separated?: boolean;
}
export interface MenuProps {
  label: string;
  items: readonly MenuItem[];
  /** Bindable. */
  open: boolean;
  /** Viewport position; without it the menu hangs under its trigger. */
  at?: { readonly x: number; readonly y: number } | null;
  onselect: (id: string) => void;
  onclose?: () => void;
  /** The trigger; gets props for its button. */
  trigger?: Snippet<[props: MenuTriggerProps]>;
}
export interface MenuTriggerProps {
  readonly 'aria-haspopup': 'menu';
  readonly 'aria-expanded': boolean;
  readonly onclick: () => void;
}
export interface ToastMessage {
  readonly id: number;
  readonly tone: 'info' | 'ok' | 'problem';
  readonly text: string;
  /** Technical detail, folded. */
  readonly detail?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}
export interface ProgressBarProps {
  label: string;
  /** 0–1; null while unknown. */
  fraction: number | null;
  secondsLeft?: number | null;
  note?: string;
  oncancel?: () => void;
}
export interface DisclosureProps {
  summary: string;
  /** Bindable. */
  open?: boolean;
  children: Snippet;
}
export interface ParamFormProps {
  schema: JsonSchemaObject;
  /** Missing keys take the schema's default. */
  values: ParamValues;
  role?: ControlRole;
  disabled?: boolean;
  /** Names left out, because something else on the page sets them. */
  hide?: readonly string[];
  /** While a slider moves: complete set of values. */
  oninput?: (values: ParamValues, name: string) => void;
  /** When a value comes to rest. */
  onchange: (values: ParamValues, name: string) => void;
}
