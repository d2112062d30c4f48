import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { isTrustedSender, MENU_CHANNEL, OPEN_CHANNEL, PAYLOADS, registerIpc } from '../../electron/ipc.ts';
import type { Handlers } from '../../electron/ipc.ts';

type Listener = (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown;
type Sender = Pick<IpcMainInvokeEvent, 'senderFrame'>;
const frame = (url: string, parent: unknown = null) => ({ senderFrame: { url, parent } }) as unknown as IpcMainInvokeEvent;
const OURS = frame('lacuna://studio/');

function registered(overrides: Partial<Handlers> = {}): Map<string, Listener> {
  const listeners = new Map<string, Listener>();
  const ipcMain = { handle: (channel: string, listener: Listener) => void listeners.set(channel, listener) } as Pick<IpcMain, 'handle'>;
  const nothing = async () => null as never;
  registerIpc(ipcMain, {
    'lacuna:open-dialog': nothing,
    'lacuna:save-dialog': nothing,
    'lacuna:dropped': nothing,
    'lacuna:show-exports': nothing,
    'lacuna:ready': nothing,
    ...overrides,
  });
  return listeners;
}

describe('senders', () => {
  it('are trusted only as the top frame of our own page', () => {
    expect(isTrustedSender(OURS)).toBe(true);
    expect(isTrustedSender(frame('https://evil.com/'))).toBe(false);
    expect(isTrustedSender(frame('lacuna://studio/', {}))).toBe(false);
    expect(isTrustedSender({ senderFrame: null } as Sender)).toBe(false);
  });

  it('that are not are refused before anything is done', async () => {
    const open = vi.fn(async () => []);
    const listener = registered({ 'lacuna:open-dialog': open }).get('lacuna:open-dialog');
    await expect(listener?.(frame('https://evil.com/'), 'file')).rejects.toMatchObject({ code: 'usage.forbidden' });
    expect(open).not.toHaveBeenCalled();
  });
});

describe('payloads', () => {
  it('that fit reach the handler alone, without the event', async () => {
    const open = vi.fn(async () => [{ handle: 'h', name: 'a.h5' }]);
    const listener = registered({ 'lacuna:open-dialog': open }).get('lacuna:open-dialog');
    expect(await listener?.(OURS, 'folder')).toEqual([{ handle: 'h', name: 'a.h5' }]);
    expect(open).toHaveBeenCalledWith('folder');
  });

  it.each([
    ['lacuna:open-dialog', 'device'],
    ['lacuna:save-dialog', ''],
    ['lacuna:save-dialog', { name: 'x' }],
    ['lacuna:dropped', 'x'.repeat(5000)],
    ['lacuna:ready', 'extra'],
  ])('of another form are refused: %s %s', async (channel, payload) => {
    await expect(registered().get(channel)?.(OURS, payload)).rejects.toMatchObject({ code: 'usage.invalid', field: channel });
  });
});

it('an error inside a handler crosses as its message alone', async () => {
  const failing = async () => {
    throw Object.assign(new Error('No space left.'), { path: '/secret' });
  };
  const listener = registered({ 'lacuna:show-exports': failing }).get('lacuna:show-exports');
  const error = await Promise.resolve(listener?.(OURS, undefined)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).message).toBe('No space left.');
  expect(error).not.toHaveProperty('path');
});

describe('the preload', () => {
  const source = readFileSync(new URL('../../electron/preload.cts', import.meta.url), 'utf8');

  it('uses exactly the channels that are registered', () => {
    const used = new Set(source.match(/'lacuna:[a-z-]+'/g)?.map((text) => text.slice(1, -1)));
    expect([...used].sort()).toEqual([...Object.keys(PAYLOADS), MENU_CHANNEL, OPEN_CHANNEL].sort());
  });

  it('requires nothing but Electron, as a sandboxed preload must', () => {
    expect(source.match(/require\('([^']+)'\)/g)).toEqual(["require('electron')"]);
    expect(source.match(/^import (?!type)/gm)).toBeNull();
  });

  it('hands out no Electron object', () => {
    expect(source).not.toMatch(/exposeInMainWorld\([^)]*ipcRenderer/);
    expect(source.match(/exposeInMainWorld/g)).toHaveLength(1);
  });
});
