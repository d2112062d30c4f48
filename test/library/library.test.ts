import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobSummary, RecordingSummary, ResultSummary } from '../../src/host/contract.ts';
import { defaultDataFolder } from '../../src/library/data-folder.ts';
import { Library } from '../../src/library/library.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lacuna-library-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const recording = (id: string, openedAt: string): RecordingSummary => ({ id, name: `${id}.h5`, bytes: 1, format: 'fastmri', series: [], warnings: [], findings: [], openedAt });
const job = (id: string, state: JobSummary['state']): JobSummary => ({
  id,
  state,
  title: 'SENSE · 4×',
  createdAt: '2026-01-01T00:00:00.000Z',
  fraction: 0.5,
  request: { recording: 'r', series: 's', slices: [0, 1], pattern: { name: 'random', params: {} }, method: { name: 'sense', params: {} }, purpose: 'run' },
});
const result = (id: string): ResultSummary => ({
  id,
  title: 'SENSE · 4×',
  createdAt: '2026-01-01T00:00:00.000Z',
  recording: 'r',
  recordingName: 'r.h5',
  slices: [0, 1],
  shape: [1, 2, 2],
  dtype: 'float32',
  pattern: { kind: 'lines', rows: 2, columns: 2, nominal: 4, achieved: 4, kept: 1, total: 4, centre: { rows: [0, 2], columns: [0, 1] } },
  method: { name: 'sense', params: {}, title: 'SENSE' },
  ms: 1,
  provider: 'cpu',
  receipt: {},
});

describe('Library', () => {
  it('finds everything again after a restart', async () => {
    let library = Library.open(folder);
    library.addRecording(recording('a', '2026-01-01'), { kind: 'path', path: '/x' });
    library.addRecording(recording('b', '2026-01-02'), { kind: 'path', path: '/y' });
    const volume = await library.blobs.put(new Uint8Array([1, 2, 3]));
    library.putJob(job('j', 'done'));
    library.addResult(result('r1'), { volume, reference: null, series: { title: 'x' } });
    library.putSetting('theme', 'light');
    library.close();

    library = Library.open(folder);
    expect(library.listRecordings().map((r) => r.id)).toEqual(['b', 'a']);
    expect(library.getRecording('a')?.input).toEqual({ kind: 'path', path: '/x' });
    expect(library.listJobs().map((j) => j.state)).toEqual(['done']);
    const found = library.getResult('r1');
    expect(found?.summary.title).toBe('SENSE · 4×');
    expect([...(await library.blobs.get(found?.extra.volume ?? ''))]).toEqual([1, 2, 3]);
    expect(library.getSetting('theme')).toBe('light');
    expect(library.counts()).toEqual({ recordings: 2, jobs: 1, results: 1 });
    library.close();
  });

  it('marks a job that was running when the studio ended as interrupted', () => {
    let library = Library.open(folder);
    library.putJob(job('j', 'running'));
    library.close();
    library = Library.open(folder);
    expect(library.getJob('j')).toMatchObject({ state: 'interrupted', error: { code: 'job.interrupted' } });
    library.close();
  });

  it('refuses a folder that another running process holds and takes over a stale lock', () => {
    writeFileSync(join(folder, 'lock'), String(process.ppid));
    expect(() => Library.open(folder)).toThrow(/Another Lacuna \(process \d+\)/);
    writeFileSync(join(folder, 'lock'), '999999999');
    Library.open(folder).close();
    expect(readdirSync(folder)).not.toContain('lock');
  });

  it('moves a damaged catalogue aside, goes on, and keeps the arrays it may name', async () => {
    writeFileSync(join(folder, 'library.sqlite'), 'this is not a database, not even nearly, and long enough to be read as a header of one');
    const library = Library.open(folder);
    expect(library.warnings[0]).toMatch(/damaged/);
    expect(library.listRecordings()).toEqual([]);
    const kept = await library.blobs.put(new Uint8Array([1]));
    expect(await library.collectGarbage()).toBe(0);
    expect(await library.blobs.has(kept)).toBe(true);
    library.close();
    expect(readdirSync(folder).some((name) => name.includes('damaged'))).toBe(true);
  });

  it('keeps blobs that results name and removes the others', async () => {
    const library = Library.open(folder);
    const kept = await library.blobs.put(new Uint8Array([1]));
    const lost = await library.blobs.put(new Uint8Array([2]));
    library.addResult(result('r1'), { volume: kept, reference: null, series: {} });
    expect(await library.collectGarbage()).toBe(1);
    expect(await library.blobs.has(kept)).toBe(true);
    expect(await library.blobs.has(lost)).toBe(false);
    library.close();
  });

  it('notices a blob whose bytes changed on disk', async () => {
    const library = Library.open(folder);
    const sha256 = await library.blobs.put(new Uint8Array([1]));
    writeFileSync(library.blobs.path(sha256), 'x');
    await expect(library.blobs.get(sha256)).rejects.toMatchObject({ code: 'io.read' });
    library.close();
  });
});

describe('defaultDataFolder', () => {
  it('follows LACUNA_HOME, then the platform', () => {
    expect(defaultDataFolder({ LACUNA_HOME: '/data/x' }, 'linux')).toBe('/data/x');
    expect(defaultDataFolder({ XDG_DATA_HOME: '/xdg' }, 'linux')).toBe(join('/xdg', 'lacuna'));
    expect(defaultDataFolder({}, 'darwin')).toMatch(/Application Support.Lacuna$/);
    expect(defaultDataFolder({ APPDATA: '/roaming' }, 'win32')).toBe(join('/roaming', 'Lacuna'));
  });
});
