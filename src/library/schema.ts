/** Tables of the catalogue. A migration is never edited after release; `PRAGMA user_version` counts how many ran. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE recordings (
     id TEXT PRIMARY KEY,
     summary TEXT NOT NULL,
     input TEXT NOT NULL,
     opened_at TEXT NOT NULL
   );
   CREATE TABLE jobs (
     id TEXT PRIMARY KEY,
     state TEXT NOT NULL,
     summary TEXT NOT NULL,
     created_at TEXT NOT NULL
   );
   CREATE INDEX jobs_created ON jobs (created_at DESC);
   CREATE TABLE results (
     id TEXT PRIMARY KEY,
     recording TEXT NOT NULL,
     summary TEXT NOT NULL,
     extra TEXT NOT NULL,
     created_at TEXT NOT NULL
   );
   CREATE INDEX results_created ON results (created_at DESC);
   CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);`,
];
