import { describe, expect, it } from 'vitest';
import { ACTION_DESCRIPTORS, MENU_ORDER } from '../../../renderer/studio/actions/descriptors.ts';
import { belongsToTarget, bindingOf, normaliseBinding, showBinding } from '../../../renderer/studio/actions/keys.ts';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {}) => ({
  key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held,
});

describe('bindingOf', () => {
  it('names letters, symbols, Space and modifiers', () => {
    expect(bindingOf(press('w'))).toBe('W');
    expect(bindingOf(press(' '))).toBe('Space');
    expect(bindingOf(press('z', { ctrlKey: true, shiftKey: true }))).toBe('Mod+Shift+Z');
    expect(bindingOf(press('S', { shiftKey: true }))).toBe('Shift+S');
    expect(bindingOf(press('Shift', { shiftKey: true }))).toBeNull();
  });

  it('leaves out the Shift that only types the character', () => {
    expect(bindingOf(press('?', { shiftKey: true }))).toBe('?');
    expect(bindingOf(press('=', { shiftKey: true }))).toBe('=');
  });

  it('takes Command as Mod on macOS', () => {
    expect(bindingOf(press('k', { metaKey: true }), true)).toBe('Mod+K');
    expect(bindingOf(press('k', { ctrlKey: true }), true)).toBe('Ctrl+K');
    expect(showBinding('Mod+Shift+Z', true)).toBe('⌘ ⇧ Z');
    expect(showBinding('Mod+Shift+Z')).toBe('Ctrl Shift Z');
  });
});

describe('belongsToTarget', () => {
  const field = { tagName: 'INPUT', type: 'text' };
  const slider = { tagName: 'INPUT', type: 'range', role: 'slider' };
  it('leaves typing to text fields, but not the palette key', () => {
    expect(belongsToTarget('W', field)).toBe(true);
    expect(belongsToTarget('Mod+Z', field)).toBe(true);
    expect(belongsToTarget('Mod+K', field)).toBe(false);
  });
  it('leaves arrows to sliders, but not letters', () => {
    expect(belongsToTarget('ArrowUp', slider)).toBe(true);
    expect(belongsToTarget('Home', slider)).toBe(true);
    expect(belongsToTarget('W', slider)).toBe(false);
  });
  it('leaves Space to buttons', () => {
    expect(belongsToTarget('Space', { tagName: 'BUTTON' })).toBe(true);
    expect(belongsToTarget('Space', { tagName: 'CANVAS' })).toBe(false);
    expect(belongsToTarget('Space', null)).toBe(false);
  });
});

describe('normaliseBinding', () => {
  it('puts modifiers in order', () => expect(normaliseBinding(' shift + mod + z ')).toBe('Mod+Shift+Z'));
  it('refuses what is no binding', () => {
    for (const text of ['', 'Hyper+X', 'Mod+', 'Shift']) expect(normaliseBinding(text)).toBeNull();
  });
});

describe('descriptors', () => {
  it('survive JSON, as the native menu needs them', () => {
    expect(JSON.parse(JSON.stringify(ACTION_DESCRIPTORS))).toEqual(ACTION_DESCRIPTORS);
  });
  it('have unique ids and no key twice, all of them well formed', () => {
    const ids = ACTION_DESCRIPTORS.map((d) => d.id);
    expect(new Set(ids).size).toBe(ids.length);
    const keys = ACTION_DESCRIPTORS.flatMap((d) => d.keys);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    for (const key of keys) expect(normaliseBinding(key)).toBe(key);
  });
  it('hold the keys people know from other viewers', () => {
    const keyOf = (id: string) => ACTION_DESCRIPTORS.find((d) => d.id === id)?.keys[0];
    expect(['tool.window', 'tool.scroll', 'tool.zoom', 'tool.pan', 'slice.cine', 'view.crosshair', 'tool.measure'].map(keyOf).join('')).toBe('WSZTCHM');
    expect(['view.invert', 'view.fit', 'view.reset', 'view.layout', 'view.blink'].map(keyOf)).toEqual(['I', '=', 'Space', 'V', 'Tab']);
    expect(['palette.open', 'file.open', 'file.export', 'edit.undo', 'edit.redo'].map(keyOf)).toEqual(['Mod+K', 'Mod+O', 'Mod+E', 'Mod+Z', 'Mod+Shift+Z']);
  });
  it('name menus that exist', () => {
    for (const d of ACTION_DESCRIPTORS) if (d.menu !== undefined) expect(MENU_ORDER).toContain(d.menu);
  });
});
