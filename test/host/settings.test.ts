import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArrayStore } from '../../src/host/array-store.ts';
import { readSettings, writeSettings } from '../../src/host/settings.ts';
import { Library } from '../../src/library/library.ts';

let folder = '';
let library: Library;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lacuna-settings-'));
  library = Library.open(folder);
});
afterEach(() => {
  library.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('settings', () => {
  it('begin with defaults and come back as written', () => {
    const settings = readSettings(library);
    expect(settings).toMatchObject({ theme: 'system', provider: 'auto', orientation: 'radiological', invertLevelDrag: false, keymap: {} });
    writeSettings(library, { ...settings, theme: 'dark', keymap: { 'run.pin': 'K' } });
    expect(readSettings(library)).toEqual({ ...settings, theme: 'dark', keymap: { 'run.pin': 'K' } });
  });

  it('a damaged field falls back alone', () => {
    library.putSetting('settings', { theme: 'plaid', threads: 3, unknown: 1 });
    expect(readSettings(library)).toMatchObject({ theme: 'system', threads: 3 });
    library.putSetting('settings', 'not an object');
    expect(readSettings(library).theme).toBe('system');
  });

  it('name the field that does not fit', () => {
    expect(() => writeSettings(library, { ...readSettings(library), provider: 'magic' })).toThrow(expect.objectContaining({ code: 'usage.invalid', field: 'provider' }));
  });
});

describe('ArrayStore', () => {
  it('keeps equal arrays once and gives them by the hash of their bytes', () => {
    const store = new ArrayStore();
    const array = () => ({ dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) }) as const;
    const link = store.put(array());
    expect(store.put(array())).toEqual(link);
    expect(link).toMatchObject({ dtype: 'float32', shape: [2], url: expect.stringMatching(/^\/api\/arrays\/[0-9a-f]{64}$/) });
    expect(store.get(link.url.slice('/api/arrays/'.length))?.slice(1, 6)).toEqual(new TextEncoder().encode('NUMPY'));
    expect(store.get('none')).toBeNull();
  });
});
