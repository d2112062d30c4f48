import { describe, expect, it } from 'vitest';
import { ACTION_DESCRIPTORS } from '../../../renderer/studio/actions/descriptors.ts';
import { conflict, resolveKeys } from '../../../renderer/studio/actions/keymap.ts';

const at = (keymap: Record<string, string>) => resolveKeys(ACTION_DESCRIPTORS, keymap);

describe('resolveKeys', () => {
  it('gives every action its default keys when nothing is remapped', () => {
    const { keysOf, actionOf } = at({});
    for (const action of ACTION_DESCRIPTORS) expect(keysOf.get(action.id)).toEqual(action.keys);
    expect(actionOf.get('Mod+K')).toBe('palette.open');
  });
  it('replaces keys, and takes them from the action that had them', () => {
    const { keysOf, actionOf } = at({ 'tool.zoom': 'shift+mod+x W' });
    expect(actionOf.get('W')).toBe('tool.zoom');
    expect(keysOf.get('tool.zoom')).toEqual(['Mod+Shift+X', 'W']);
    expect(keysOf.get('tool.window')).toEqual([]);
    expect(actionOf.has('Z')).toBe(false);
  });
  it('takes keys away with empty text and passes over what is no binding', () => {
    expect(at({ 'run.pin': '' }).keysOf.get('run.pin')).toEqual([]);
    expect(at({ 'run.pin': 'Hyper+Q P' }).keysOf.get('run.pin')).toEqual(['P']);
  });
  it('ignores actions that do not exist', () => {
    expect(at({ 'no.such': 'W' }).actionOf.get('W')).toBe('tool.window');
  });
});

describe('conflict', () => {
  it('names who would lose the key', () => {
    expect(conflict(ACTION_DESCRIPTORS, {}, 'tool.zoom', 'W')).toBe('tool.window');
    expect(conflict(ACTION_DESCRIPTORS, {}, 'tool.window', 'W')).toBeNull();
    expect(conflict(ACTION_DESCRIPTORS, {}, 'tool.window', 'Mod+Alt+J')).toBeNull();
  });
});
