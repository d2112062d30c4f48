/** Default keys overlaid by the person's own. Pure. */
import type { ActionDescriptor } from './descriptors.ts';
import { normaliseBinding } from './keys.ts';

export interface ResolvedKeys {
  readonly actionOf: ReadonlyMap<string, string>;
  readonly keysOf: ReadonlyMap<string, readonly string[]>;
}

/**
 * `keymap` holds, by action id, bindings separated by spaces that replace the defaults; empty text takes the keys away.
 * A key chosen by the person is taken from the action that has it by default. What is no binding is passed over.
 */
export function resolveKeys(actions: readonly ActionDescriptor[], keymap: Readonly<Record<string, string>>): ResolvedKeys {
  const actionOf = new Map<string, string>();
  const own = actions.filter((action) => keymap[action.id] !== undefined);
  for (const action of own) {
    for (const binding of parseBindings(keymap[action.id] ?? '')) actionOf.set(binding, action.id);
  }
  for (const action of actions) {
    if (keymap[action.id] !== undefined) continue;
    for (const binding of action.keys) if (!actionOf.has(binding)) actionOf.set(binding, action.id);
  }
  const keysOf = new Map<string, string[]>(actions.map((action) => [action.id, []]));
  for (const [binding, id] of actionOf) keysOf.get(id)?.push(binding);
  return { actionOf, keysOf };
}

export function parseBindings(text: string): readonly string[] {
  return text.split(/\s+/).map(normaliseBinding).filter((binding) => binding !== null);
}

/** The action that would lose `binding` if `id` took it, or null. */
export function conflict(actions: readonly ActionDescriptor[], keymap: Readonly<Record<string, string>>, id: string, binding: string): string | null {
  const holder = resolveKeys(actions, keymap).actionOf.get(binding);
  return holder === undefined || holder === id ? null : holder;
}
