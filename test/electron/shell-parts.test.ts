import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesFromArguments } from '../../electron/open-arguments.ts';
import { Outbox } from '../../electron/outbox.ts';
import { readState, visibleBounds, withRecent, writeState } from '../../electron/state-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lacuna-shell-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('outbox', () => {
  it('holds messages until the page listens, in order, and again while it reloads', () => {
    const sent: unknown[] = [];
    const outbox = new Outbox((channel, payload) => sent.push([channel, payload]));
    outbox.post('a', 1);
    outbox.post('b', 2);
    expect(sent).toEqual([]);
    outbox.open();
    outbox.post('c', 3);
    expect(sent).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    outbox.hold();
    outbox.post('d', 4);
    expect(sent).toHaveLength(3);
    outbox.open();
    expect(sent.at(-1)).toEqual(['d', 4]);
  });
});

describe('shell state', () => {
  it('comes back as written, leaving no other file', async () => {
    const file = join(folder, 'deep', 'shell.json');
    const state = { version: 1 as const, bounds: { x: 10, y: 20, width: 1280, height: 800 }, maximised: true, recent: ['/a.h5'] };
    writeState(file, state);
    expect(readState(file)).toEqual(state);
    expect(await readdir(join(folder, 'deep'))).toEqual(['shell.json']);
  });

  it.each(['', '{', '{"version":9}', '{"version":1,"bounds":{"x":0,"y":0,"width":5,"height":5}}', '{"version":1,"recent":[1]}'])(
    'falls back to the defaults for %j',
    async (text) => {
      const file = join(folder, 'bad.json');
      await writeFile(file, text);
      expect(readState(file)).toEqual({ version: 1, maximised: false, recent: [] });
    },
  );

  it('keeps the ten latest files, each once', () => {
    let state = readState(join(folder, 'none.json'));
    for (let i = 0; i < 12; i++) state = withRecent(state, `/f${i}`);
    state = withRecent(state, '/f5');
    expect(state.recent).toEqual(['/f5', '/f11', '/f10', '/f9', '/f8', '/f7', '/f6', '/f4', '/f3', '/f2']);
  });
});

describe('window place', () => {
  const screens = [
    { x: 0, y: 0, width: 1920, height: 1080 },
    { x: 1920, y: 0, width: 1280, height: 1024 },
  ];
  const at = (x: number, y: number) => ({ x, y, width: 1000, height: 700 });
  it.each([
    [at(100, 100), true],
    [at(2500, 50), true],
    [at(-900, 10), true],
    [at(-950, 10), false],
    [at(5000, 100), false],
    [at(100, 1075), false],
    [at(100, -30), false],
  ])('%j is kept: %s', (bounds, kept) => {
    expect(visibleBounds(bounds, screens)).toEqual(kept ? bounds : undefined);
  });
});

describe('files on the command line', () => {
  it('come after the program, or after the app’s folder when it is not packaged', () => {
    expect(filesFromArguments(['/opt/lacuna', 'a.h5', '/b.dcm'], { packaged: true, cwd: '/home/u' })).toEqual([
      resolve('/home/u', 'a.h5'),
      resolve('/b.dcm'),
    ]);
    expect(filesFromArguments(['electron', '.', 'a.h5'], { packaged: false, cwd: '/home/u' })).toEqual([resolve('/home/u', 'a.h5')]);
  });

  it('may follow switches anywhere', () => {
    const argv = ['electron', '--inspect=0', '--user-data-dir=/u', 'out/main/main.js', '--x', 'a.h5'];
    expect(filesFromArguments(argv, { packaged: false, cwd: '/w' })).toEqual([resolve('/w', 'a.h5')]);
  });

  it('are never switches', () => {
    expect(filesFromArguments(['lacuna', '--no-sandbox', '-x', '', '--inspect=1'], { packaged: true, cwd: '/' })).toEqual([]);
  });
});
