/**
 * The catalogue of recordings, jobs, results and settings: SQLite beside a blob store. Rows hold the wire's summaries
 * as JSON; what is searched or sorted by has a column of its own. All calls are synchronous and short.
 */
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LacunaError } from '../errors.ts';
import type { JobSummary, RecordingSummary, ResultSummary } from '../host/contract.ts';
import { BlobStore } from './blob-store.ts';
import { FolderLock } from './folder-lock.ts';
import { MIGRATIONS } from './schema.ts';

/** What the host needs to open the recording again; opaque to the library. */
export type StoredInput = unknown;

/** Blobs and facts of a result that are not shown. */
export interface ResultExtra {
  /** `.npy` of the volume. */
  readonly volume: string;
  readonly reference: string | null;
  /** Geometry, identity and the like for exporting, as JSON. */
  readonly series: unknown;
}

export class Library {
  readonly folder: string;
  readonly blobs: BlobStore;
  /** What was found broken at start and how it was mended, for people. */
  readonly warnings: readonly string[];
  readonly #db: DatabaseSync;
  readonly #lock: FolderLock;

  private constructor(folder: string, db: DatabaseSync, lock: FolderLock, warnings: readonly string[]) {
    this.folder = folder;
    this.#db = db;
    this.#lock = lock;
    this.warnings = warnings;
    this.blobs = new BlobStore(join(folder, 'blobs'));
  }

  /**
   * Opens or makes the library in `folder`. A damaged catalogue is moved aside, never deleted. Jobs that were running
   * when the studio ended are marked interrupted. Throws io.write where another studio has the folder or it is not writable.
   */
  static open(folder: string): Library {
    try {
      mkdirSync(join(folder, 'blobs'), { recursive: true });
    } catch (cause) {
      throw new LacunaError('io.write', `The data folder ${folder} cannot be made.`, { field: 'LACUNA_HOME', cause });
    }
    const lock = FolderLock.take(folder);
    const warnings: string[] = [];
    const path = join(folder, 'library.sqlite');
    try {
      let db: DatabaseSync;
      try {
        db = openCatalogue(path);
      } catch (cause) {
        if (cause instanceof LacunaError || !existsSync(path)) throw cause;
        const aside = `${path}.damaged-${Date.now()}`;
        renameSync(path, aside);
        warnings.push(`The library's catalogue was damaged and has been moved to ${aside}; a new one was made.`);
        db = openCatalogue(path);
      }
      const library = new Library(folder, db, lock, warnings);
      library.#markInterrupted();
      return library;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  close(): void {
    this.#db.close();
    this.#lock.release();
  }

  addRecording(summary: RecordingSummary, input: StoredInput): void {
    this.#db
      .prepare('INSERT INTO recordings VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET summary = excluded.summary, input = excluded.input, opened_at = excluded.opened_at')
      .run(summary.id, JSON.stringify(summary), JSON.stringify(input), summary.openedAt);
  }

  listRecordings(): readonly RecordingSummary[] {
    return this.#all<RecordingSummary>('SELECT summary FROM recordings ORDER BY opened_at DESC');
  }

  getRecording(id: string): { summary: RecordingSummary; input: StoredInput } | null {
    const row = this.#db.prepare('SELECT summary, input FROM recordings WHERE id = ?').get(id);
    if (row === undefined) return null;
    return { summary: JSON.parse(String(row['summary'])) as RecordingSummary, input: JSON.parse(String(row['input'])) as StoredInput };
  }

  removeRecording(id: string): boolean {
    return this.#db.prepare('DELETE FROM recordings WHERE id = ?').run(id).changes > 0;
  }

  /** Adds the job or replaces what is known of it. */
  putJob(job: JobSummary): void {
    this.#db
      .prepare('INSERT INTO jobs VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state, summary = excluded.summary')
      .run(job.id, job.state, JSON.stringify(job), job.createdAt);
  }

  listJobs(limit = 200): readonly JobSummary[] {
    return this.#all<JobSummary>('SELECT summary FROM jobs ORDER BY created_at DESC, rowid DESC LIMIT ?', limit);
  }

  getJob(id: string): JobSummary | null {
    return this.#one<JobSummary>('SELECT summary FROM jobs WHERE id = ?', id);
  }

  addResult(summary: ResultSummary, extra: ResultExtra): void {
    this.#db
      .prepare('INSERT INTO results VALUES (?, ?, ?, ?, ?)')
      .run(summary.id, summary.recording, JSON.stringify(summary), JSON.stringify(extra), summary.createdAt);
  }

  listResults(limit = 500): readonly ResultSummary[] {
    return this.#all<ResultSummary>('SELECT summary FROM results ORDER BY created_at DESC, rowid DESC LIMIT ?', limit);
  }

  getResult(id: string): { summary: ResultSummary; extra: ResultExtra } | null {
    const row = this.#db.prepare('SELECT summary, extra FROM results WHERE id = ?').get(id);
    if (row === undefined) return null;
    return { summary: JSON.parse(String(row['summary'])) as ResultSummary, extra: JSON.parse(String(row['extra'])) as ResultExtra };
  }

  removeResult(id: string): boolean {
    return this.#db.prepare('DELETE FROM results WHERE id = ?').run(id).changes > 0;
  }

  counts(): { recordings: number; jobs: number; results: number } {
    const count = (table: string) => Number(this.#db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'] ?? 0);
    return { recordings: count('recordings'), jobs: count('jobs'), results: count('results') };
  }

  getSetting(key: string): unknown {
    const row = this.#db.prepare('SELECT value FROM settings WHERE key = ?').get(key);
    return row === undefined ? undefined : JSON.parse(String(row['value']));
  }

  putSetting(key: string, value: unknown): void {
    this.#db.prepare('INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(key, JSON.stringify(value));
  }

  /**
   * Removes blobs that no result names any more; none while a damaged catalogue lies beside this one, since that may be
   * what still names them.
   */
  async collectGarbage(): Promise<number> {
    if (readdirSync(this.folder).some((name) => name.startsWith('library.sqlite.damaged-'))) return 0;
    const keep = new Set<string>();
    for (const extra of this.#all<ResultExtra>('SELECT extra AS summary FROM results')) {
      keep.add(extra.volume);
      if (extra.reference !== null) keep.add(extra.reference);
    }
    return this.blobs.collect(keep);
  }

  #markInterrupted(): void {
    for (const job of this.#all<JobSummary>("SELECT summary FROM jobs WHERE state IN ('running', 'queued')")) {
      const error = { code: 'job.interrupted', message: 'The studio ended while this job ran; run it again.' } as const;
      this.putJob({ ...job, state: 'interrupted', endedAt: new Date().toISOString(), error });
    }
  }

  #all<T>(sql: string, ...values: number[]): T[] {
    return this.#db.prepare(sql).all(...values).map((row) => JSON.parse(String(row['summary'])) as T);
  }

  #one<T>(sql: string, value: string): T | null {
    const row = this.#db.prepare(sql).get(value);
    return row === undefined ? null : (JSON.parse(String(row['summary'])) as T);
  }
}

function openCatalogue(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000');
    const check = db.prepare('PRAGMA quick_check').get();
    if (Object.values(check ?? {})[0] !== 'ok') throw new Error('quick_check failed');
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function migrate(db: DatabaseSync): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version > MIGRATIONS.length) {
    throw new LacunaError('input.unsupported', `The library was written by a newer Lacuna (version ${version} of its tables); this one knows ${MIGRATIONS.length}.`, { file: 'library.sqlite' });
  }
  for (let next = version; next < MIGRATIONS.length; next++) {
    db.exec(`BEGIN; ${MIGRATIONS[next]}; PRAGMA user_version = ${next + 1}; COMMIT`);
  }
}
