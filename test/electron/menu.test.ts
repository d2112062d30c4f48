import { describe, expect, it, vi } from 'vitest';
import type { MenuItemConstructorOptions } from 'electron';
import { menuTemplate } from '../../electron/menu.ts';
import type { MenuOptions } from '../../electron/menu.ts';
import { ACTION_DESCRIPTORS, MENU_ORDER } from '../../renderer/studio/actions/descriptors.ts';

type Item = MenuItemConstructorOptions;
const onAction = vi.fn();

function template(overrides: Partial<MenuOptions> = {}): Item[] {
  const base: MenuOptions = {
    actions: ACTION_DESCRIPTORS,
    order: MENU_ORDER,
    platform: 'linux',
    appName: 'Lacuna Studio',
    recent: [],
    development: false,
    onAction,
    onClearRecent: () => undefined,
  };
  return menuTemplate({ ...base, ...overrides });
}
const menu = (bar: Item[], label: string) => bar.find((item) => item.label === label)?.submenu as Item[];
const item = (bar: Item[], id: string) => bar.flatMap((top) => (top.submenu as Item[] | undefined) ?? []).find((entry) => entry.id === id);

describe('the menu bar', () => {
  it('has the menus of the page in order, with Window before Help', () => {
    expect(template().map(({ label, role }) => label ?? role)).toEqual([
      'File',
      'Edit',
      'View',
      'Tools',
      'Run',
      'Go',
      'windowMenu',
      'Help',
    ]);
    expect(template({ platform: 'darwin' })[0]).toMatchObject({ role: 'appMenu', label: 'Lacuna Studio' });
  });

  it('holds every action that belongs to a menu exactly once, under its title', () => {
    const bar = template();
    const shown = bar.flatMap((top) => (top.submenu as Item[] | undefined) ?? []).filter(({ id }) => id !== undefined);
    const expected = ACTION_DESCRIPTORS.filter((action) => action.menu !== undefined && action.held !== true);
    expect(shown.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort());
    for (const action of expected) expect(item(bar, action.id)?.label).toBe(action.title);
  });

  it('sends the action’s id', () => {
    item(template(), 'file.open')?.click?.(null as never, undefined, null as never);
    expect(onAction).toHaveBeenLastCalledWith('file.open');
  });
});

describe('keys', () => {
  it('are shown, not taken from the page, on Windows and Linux', () => {
    expect(item(template(), 'file.open')).toMatchObject({ accelerator: 'CmdOrCtrl+O', registerAccelerator: false });
    expect(item(template(), 'tool.window')).toMatchObject({ accelerator: 'W', registerAccelerator: false });
    const bar = template({ platform: 'win32' });
    for (const action of ACTION_DESCRIPTORS) expect(item(bar, action.id)?.registerAccelerator).not.toBe(true);
  });

  it('without a modifier are left out on macOS, where showing means registering', () => {
    const bar = template({ platform: 'darwin' });
    expect(item(bar, 'file.open')).toMatchObject({ accelerator: 'CmdOrCtrl+O' });
    expect(item(bar, 'tool.window')).not.toHaveProperty('accelerator');
  });

  it('use Electron’s names', () => {
    expect(item(template(), 'slice.next')?.accelerator).toBe('Down');
    expect(item(template(), 'edit.redo')?.accelerator).toBe('CmdOrCtrl+Shift+Z');
  });
});

describe('recent files', () => {
  it('open what they name, and the list can be cleared', () => {
    const open = vi.fn();
    const onClearRecent = vi.fn();
    const file = menu(template({ recent: [{ name: '/data/T1 & T2.h5', open }], onClearRecent }), 'File');
    const recent = file.find(({ label }) => label === 'Open recent')?.submenu as Item[];
    expect(recent[0]?.label).toBe('/data/T1 && T2.h5');
    recent[0]?.click?.(null as never, undefined, null as never);
    expect(open).toHaveBeenCalledOnce();
    recent.at(-1)?.click?.(null as never, undefined, null as never);
    expect(onClearRecent).toHaveBeenCalledOnce();
  });

  it('are greyed when there are none', () => {
    expect(menu(template(), 'File').find(({ label }) => label === 'Open recent')).toMatchObject({ enabled: false });
  });
});

it('shows developer tools in development only', () => {
  const hasTools = (development: boolean) => menu(template({ development }), 'View').some(({ role }) => role === 'toggleDevTools');
  expect([hasTools(true), hasTools(false)]).toEqual([true, false]);
});
