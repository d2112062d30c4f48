/** The one registry: descriptor and behaviour joined, keys resolved against the person's own. */
import type { Studio } from '../studio.svelte.ts';
import { BEHAVIOURS, type Behaviour } from './behaviours.ts';
import { ACTION_DESCRIPTORS, type ActionDescriptor, type ActionId } from './descriptors.ts';
import { resolveKeys } from './keymap.ts';
import { type KeyPress, type KeyTarget, belongsToTarget, bindingOf } from './keys.ts';

export type Action = ActionDescriptor<ActionId> & Behaviour;

export const ACTIONS: readonly Action[] = ACTION_DESCRIPTORS.map((descriptor) => ({ ...descriptor, ...BEHAVIOURS[descriptor.id] }));
const BY_ID: ReadonlyMap<string, Action> = new Map(ACTIONS.map((action) => [action.id, action]));

export const findAction = (id: string): Action | null => BY_ID.get(id) ?? null;

export const isEnabled = (action: Action, studio: Studio): boolean => studio.phase === 'ready' && (action.when?.(studio) ?? true);

/** Runs the action if it can be run now. Returns whether it did. */
export function runAction(id: string, studio: Studio): boolean {
  const action = findAction(id);
  if (action === null || !isEnabled(action, studio)) return false;
  action.run(studio);
  return true;
}

/** The keys an action has now. */
export function keysOf(id: ActionId, keymap: Readonly<Record<string, string>>): readonly string[] {
  return resolveKeys(ACTION_DESCRIPTORS, keymap).keysOf.get(id) ?? [];
}

/** The enabled action a key press means, or null. */
export function actionFor(press: KeyPress, target: KeyTarget | null, studio: Studio, mac: boolean): Action | null {
  const binding = bindingOf(press, mac);
  if (binding === null || belongsToTarget(binding, target)) return null;
  const id = resolveKeys(ACTION_DESCRIPTORS, studio.settings.value.keymap).actionOf.get(binding);
  const action = id === undefined ? null : findAction(id);
  return action !== null && isEnabled(action, studio) ? action : null;
}
