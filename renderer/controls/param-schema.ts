/** From the JSON Schema of a step's parameters to the controls that set them. */
import type { JsonSchemaObject, JsonSchemaProperty } from '../../src/host/contract.ts';
import type { ParamValue, ParamValues, Scale } from './types.ts';

interface Common {
  readonly name: string;
  readonly label: string;
  readonly help?: string;
  readonly advanced: boolean;
}
export type ParamControl = Common &
  (
    | {
        readonly kind: 'slider';
        readonly min: number;
        readonly max: number;
        readonly step?: number;
        readonly scale: Scale;
        readonly unit?: string;
      }
    | {
        readonly kind: 'number';
        readonly min?: number;
        readonly max?: number;
        readonly step?: number;
        readonly integer: boolean;
        readonly unit?: string;
      }
    | { readonly kind: 'choice'; readonly options: readonly { readonly value: string; readonly label: string }[]; readonly few: boolean }
    | { readonly kind: 'switch' }
    | { readonly kind: 'text' }
  );

/** Choices up to this many letters in all stand side by side. */
const SEGMENTED_LETTERS = 26;
/** An integer range wider than this (a seed) is typed, not slid. */
const SLIDER_VALUES = 2000;

/** `centreFraction` and `centre_fraction` → `Centre fraction`. */
export function labelOf(name: string): string {
  const words = name.replaceAll(/[_-]/g, ' ').replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function numberControl(common: Common, p: JsonSchemaProperty): ParamControl {
  const { minimum, maximum } = p;
  const integer = p.type === 'integer';
  const step = p.step ?? (integer ? 1 : undefined);
  const shared = {
    ...(step === undefined ? {} : { step }),
    ...(p.unit === undefined || p.unit === '' ? {} : { unit: p.unit }),
  };
  const bounded = minimum !== undefined && maximum !== undefined && maximum > minimum;
  if (bounded && (!integer || maximum - minimum <= SLIDER_VALUES)) {
    return { ...common, ...shared, kind: 'slider', min: minimum, max: maximum, scale: p.scale ?? 'linear' };
  }
  return {
    ...common,
    ...shared,
    kind: 'number',
    integer,
    ...(minimum === undefined ? {} : { min: minimum }),
    ...(maximum === undefined ? {} : { max: maximum }),
  };
}

export function paramControl(name: string, p: JsonSchemaProperty): ParamControl {
  const common: Common = {
    name,
    label: p.title ?? labelOf(name),
    advanced: p.advanced ?? false,
    ...(p.description === undefined ? {} : { help: p.description }),
  };
  if (p.enum !== undefined) {
    const options = p.enum.map((value) => ({ value, label: p.labels?.[value] ?? labelOf(value) }));
    const letters = options.reduce((sum, { label }) => sum + label.length, 0);
    return { ...common, kind: 'choice', options, few: options.length <= 4 && letters <= SEGMENTED_LETTERS };
  }
  if (p.type === 'boolean') return { ...common, kind: 'switch' };
  if (p.type === 'number' || p.type === 'integer') return numberControl(common, p);
  return { ...common, kind: 'text' };
}

/** Controls in the schema's order. */
export function paramControls(schema: JsonSchemaObject, hide: readonly string[] = []): readonly ParamControl[] {
  return Object.entries(schema.properties)
    .filter(([name]) => !hide.includes(name))
    .map(([name, property]) => paramControl(name, property));
}

function fallback(p: JsonSchemaProperty): ParamValue {
  if (p.enum !== undefined) return p.enum[0] ?? '';
  if (p.type === 'boolean') return false;
  return p.type === 'number' || p.type === 'integer' ? (p.minimum ?? 0) : '';
}

/** A complete set: the given values where their type fits the schema, else the defaults. */
export function completeValues(schema: JsonSchemaObject, values: ParamValues): ParamValues {
  const complete: Record<string, ParamValue> = {};
  for (const [name, p] of Object.entries(schema.properties)) {
    const base = p.default ?? fallback(p);
    const given = values[name];
    const allowed = p.enum === undefined || (typeof given === 'string' && p.enum.includes(given));
    complete[name] = given !== undefined && typeof given === typeof base && allowed ? given : base;
  }
  return complete;
}
