/** Flags generated from step schemas: one flag a parameter. */
import { LacunaError } from '../errors.ts';
import type { StepCall } from '../pipeline/document.ts';
import { paramsJsonSchema } from '../pipeline/registry.ts';
import type { Step } from '../pipeline/step.ts';
import type { JsonSchemaObject, JsonSchemaProperty } from '../host/contract.ts';
import type { Arguments, Flag } from './arguments.ts';

/** A flag with the parameter that it sets. */
export interface StepFlag extends Flag {
  readonly step: Step;
  readonly param: string;
  readonly property: JsonSchemaProperty;
}

/**
 * Flags of the chosen steps, in order. Where two steps have a parameter of the same name, the plain flag belongs to the
 * first and the others take their kind as prefix (`--seed`, `--method-seed`).
 */
export function stepFlags(steps: readonly Step[]): readonly StepFlag[] {
  const taken = new Set<string>();
  return steps.flatMap((step) => {
    const { properties } = paramsJsonSchema(step) as JsonSchemaObject;
    return Object.entries(properties).map(([param, property]) => {
      const plain = kebab(param);
      const name = taken.has(plain) ? `${step.kind}-${plain}` : plain;
      taken.add(name);
      const aliases = name.includes('centre') ? [name.replace('centre', 'center')] : [];
      return { name, kind: flagKind(property), value: valueName(property), help: helpLine(property), ...fallback(property), aliases, step, param, property };
    });
  });
}

/** The call of `step` with what was given; defaults are filled in where the pipeline runs. */
export function callFromFlags(step: Step, flags: readonly StepFlag[], args: Arguments): StepCall {
  const params: Record<string, number | string | boolean> = {};
  for (const flag of flags) {
    if (flag.step !== step) continue;
    if (flag.kind === 'number') {
      const value = args.number(flag.name);
      if (value !== undefined) params[flag.param] = value;
    } else if (flag.property.type === 'boolean') {
      const value = args.text(flag.name);
      if (value !== undefined) params[flag.param] = parseBoolean(flag.name, value);
    } else {
      const value = args.text(flag.name);
      if (value !== undefined) params[flag.param] = value;
    }
  }
  return { name: step.name, params };
}

function parseBoolean(name: string, value: string): boolean {
  if (['true', 'yes', 'on', '1'].includes(value)) return true;
  if (['false', 'no', 'off', '0'].includes(value)) return false;
  throw new LacunaError('usage.invalid', `--${name} expects true or false, got “${value}”.`, { field: name });
}

function flagKind(property: JsonSchemaProperty): Flag['kind'] {
  return property.type === 'number' || property.type === 'integer' ? 'number' : 'text';
}

function valueName(property: JsonSchemaProperty): string {
  if (property.enum !== undefined) return property.enum.join('|');
  if (property.type === 'boolean') return 'true|false';
  if (property.type === 'string') return 'TEXT';
  return property.unit === undefined || property.unit === '' ? 'N' : property.unit.toUpperCase();
}

function helpLine(property: JsonSchemaProperty): string {
  const { minimum, maximum } = property;
  const range = minimum !== undefined && maximum !== undefined && Math.abs(maximum) < 1e12 ? ` (${minimum} to ${maximum})` : '';
  return `${property.description ?? property.title ?? ''}${range}`;
}

function fallback(property: JsonSchemaProperty): { default?: string } {
  return property.default === undefined ? {} : { default: String(property.default) };
}

export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
}
