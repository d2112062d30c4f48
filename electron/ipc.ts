/** The one registrar of messages from the page: sender checked, payload validated, errors reduced to what may be told. */
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { z } from 'zod';
import { LacunaError, toLacunaError } from '../src/errors.ts';
import type { OpenedHandle } from '../renderer/studio/shell.ts';
import { isOwnUrl } from './origin.ts';

/** Every channel from page to main with its payload; the preload uses the same names. */
export const PAYLOADS = {
  'lacuna:open-dialog': z.enum(['file', 'folder']),
  'lacuna:save-dialog': z.string().min(1).max(255),
  'lacuna:dropped': z.string().min(1).max(4096),
  'lacuna:show-exports': z.undefined(),
  'lacuna:ready': z.undefined(),
} as const;
type Payloads = typeof PAYLOADS;
export type Channel = keyof Payloads;

interface Replies {
  'lacuna:open-dialog': readonly OpenedHandle[];
  'lacuna:save-dialog': OpenedHandle | null;
  'lacuna:dropped': OpenedHandle | null;
  'lacuna:show-exports': undefined;
  'lacuna:ready': undefined;
}

/** A handler for each channel; the compiler sees to it that none is missing. */
export type Handlers = { readonly [C in Channel]: (payload: z.infer<Payloads[C]>) => Promise<Replies[C]> };

/** Channels from main to page. */
export const MENU_CHANNEL = 'lacuna:menu';
export const OPEN_CHANNEL = 'lacuna:open';

export function registerIpc(ipcMain: Pick<IpcMain, 'handle'>, handlers: Handlers): void {
  for (const channel of Object.keys(PAYLOADS) as Channel[]) {
    ipcMain.handle(channel, (event, payload: unknown) => dispatch(channel, event, payload, handlers));
  }
}

async function dispatch<C extends Channel>(
  channel: C,
  event: IpcMainInvokeEvent,
  payload: unknown,
  handlers: Handlers,
): Promise<Replies[C]> {
  if (!isTrustedSender(event)) throw new LacunaError('usage.forbidden', 'Messages from other pages are refused.');
  const parsed = PAYLOADS[channel].safeParse(payload);
  if (!parsed.success)
    throw new LacunaError('usage.invalid', `${channel}: ${parsed.error.issues[0]?.message ?? 'bad payload'}`, { field: channel });
  try {
    return await (handlers[channel] as (payload: unknown) => Promise<Replies[C]>)(parsed.data);
  } catch (error) {
    // Electron sends the message alone; keep it one sentence without paths of other code.
    throw new Error(toLacunaError(error).message);
  }
}

/** The top frame of our own page: not a frame inside it, not a page that was navigated away. */
export function isTrustedSender(event: Pick<IpcMainInvokeEvent, 'senderFrame'>): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isOwnUrl(frame.url);
}
