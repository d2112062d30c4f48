/** The native menu, made from the same list of actions that feeds the page's hot keys, palette and help. */
import type { MenuItemConstructorOptions } from 'electron';
import type { ActionDescriptor, MenuName } from '../renderer/studio/actions/descriptors.ts';

export interface MenuOptions {
  readonly actions: readonly ActionDescriptor[];
  readonly order: readonly MenuName[];
  readonly platform: NodeJS.Platform;
  readonly appName: string;
  /** File names with what opens them again, newest first. */
  readonly recent: readonly { readonly name: string; open(): void }[];
  readonly development: boolean;
  onAction(id: string): void;
  onClearRecent(): void;
}

type Item = MenuItemConstructorOptions;
const SEPARATOR: Item = { type: 'separator' };

export function menuTemplate(options: MenuOptions): Item[] {
  const { platform, appName, order } = options;
  const menus = order.map((menu) => ({ label: menu, submenu: submenu(menu, options) }));
  const help = menus.findIndex(({ label }) => label === 'Help');
  const windows: Item = { role: 'windowMenu' };
  const bar: Item[] = help < 0 ? [...menus, windows] : [...menus.slice(0, help), windows, ...menus.slice(help)];
  return platform === 'darwin' ? [{ label: appName, role: 'appMenu' }, ...bar] : bar;
}

function submenu(menu: MenuName, options: MenuOptions): Item[] {
  const items = options.actions.filter((action) => action.menu === menu).flatMap((action) => actionItems(action, options));
  if (menu === 'File') return [...items, SEPARATOR, recentMenu(options), SEPARATOR, closing(options.platform)];
  // Text fields live off these roles; on macOS they do not work without them.
  if (menu === 'Edit') return [...items, SEPARATOR, { role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }];
  if (menu === 'View') return [...items, SEPARATOR, { role: 'togglefullscreen' }, ...(options.development ? [DEV_TOOLS] : [])];
  return items;
}

const DEV_TOOLS: Item = { role: 'toggleDevTools' };

function actionItems(action: ActionDescriptor, options: MenuOptions): Item[] {
  // An action that lasts while its key is down has nothing to do in a menu.
  if (action.held === true) return [];
  const key = accelerator(action.keys[0], options.platform);
  const item: Item = { id: action.id, label: action.title, click: () => options.onAction(action.id), ...key };
  return action.separated === true ? [SEPARATOR, item] : [item];
}

const NAMES: Readonly<Record<string, string>> = {
  Mod: 'CmdOrCtrl',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  '+': 'Plus',
};

/**
 * Keys are handled by the page, which knows whether a text field has the focus; the menu only shows them. macOS cannot
 * show without registering, so there only those with a modifier appear, and the page's preventDefault keeps them single.
 */
function accelerator(binding: string | undefined, platform: NodeJS.Platform): Pick<Item, 'accelerator' | 'registerAccelerator'> {
  if (binding === undefined) return {};
  const text = binding
    .split('+')
    .map((part) => NAMES[part] ?? part)
    .join('+');
  if (platform === 'darwin') return binding.startsWith('Mod+') ? { accelerator: text } : {};
  return { accelerator: text, registerAccelerator: false };
}

function recentMenu({ recent, onClearRecent }: MenuOptions): Item {
  const items: Item[] = recent.map(({ name, open }) => ({ label: escapeLabel(name), click: open }));
  const clear: Item = { label: 'Clear the list', click: onClearRecent };
  return { label: 'Open recent', enabled: recent.length > 0, submenu: recent.length > 0 ? [...items, SEPARATOR, clear] : [] };
}

/** In labels `&` marks the access key. */
const escapeLabel = (name: string) => name.replaceAll('&', '&&');

const closing = (platform: NodeJS.Platform): Item => (platform === 'darwin' ? { role: 'close' } : { role: 'quit' });
