/** Settings: one versioned document, checked when written and completed with defaults when read. */
import { z } from 'zod';
import { LacunaError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import type { Settings } from './contract.ts';

export const settingsSchema = z.strictObject({
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  provider: z.enum(['auto', 'cpu', 'cuda', 'dml', 'coreml', 'webgpu']).default('auto'),
  threads: z.int().min(1).max(64).default(() => Math.min(64, navigator.hardwareConcurrency)),
  orientation: z.enum(['radiological', 'neurological']).default('radiological'),
  keymap: z.record(z.string().max(64), z.string().max(64)).default({}),
  invertLevelDrag: z.boolean().default(false),
});

const KEY = 'settings';

/** Unknown or damaged fields fall back to their defaults one by one, so that an old document never locks anybody out. */
export function readSettings(library: Library): Settings {
  const stored = library.getSetting(KEY);
  const given = stored !== null && typeof stored === 'object' ? (stored as Record<string, unknown>) : {};
  const kept: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(settingsSchema.shape)) {
    if (key in given && schema.safeParse(given[key]).success) kept[key] = given[key];
  }
  return settingsSchema.parse(kept);
}

/** Throws usage.invalid naming the first field that does not fit. */
export function writeSettings(library: Library, given: unknown): Settings {
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new LacunaError('usage.invalid', `Settings: ${issue?.message ?? 'invalid'}.`, { field: issue?.path.join('.') ?? '' });
  }
  library.putSetting(KEY, parsed.data);
  return parsed.data;
}
