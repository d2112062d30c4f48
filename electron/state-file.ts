/** Small settings of the shell (window place, recent documents) as validated JSON, written atomically. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const rectangle = z.object({ x: z.int(), y: z.int(), width: z.int().min(640), height: z.int().min(480) });
const stateSchema = z.object({
  version: z.literal(1),
  bounds: rectangle.optional(),
  maximised: z.boolean().default(false),
  recent: z.array(z.string().max(4096)).max(20).default([]),
});
export type ShellState = z.infer<typeof stateSchema>;
export type Rectangle = z.infer<typeof rectangle>;

const EMPTY: ShellState = { version: 1, maximised: false, recent: [] };
const MAX_RECENT = 10;

/** A missing or damaged file gives the defaults: nothing in it is worth an error at start. */
export function readState(file: string): ShellState {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return EMPTY;
  }
}

export function writeState(file: string, state: ShellState): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify(state));
  renameSync(temporary, file);
}

/** `path` first, without its earlier mention. */
export function withRecent(state: ShellState, path: string): ShellState {
  return { ...state, recent: [path, ...state.recent.filter((known) => known !== path)].slice(0, MAX_RECENT) };
}

/** The kept place if enough of the title bar is still on a screen, else nothing: displays come and go. */
export function visibleBounds(bounds: Rectangle | undefined, screens: readonly Rectangle[]): Rectangle | undefined {
  if (bounds === undefined) return undefined;
  const reachable = screens.some((screen) => {
    const overlap = Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x);
    return overlap >= 100 && bounds.y >= screen.y && bounds.y <= screen.y + screen.height - 40;
  });
  return reachable ? bounds : undefined;
}
