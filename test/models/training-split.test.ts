import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('training_split_test.py', import.meta.url));
const python = spawnSync('python3', ['--version']).status === 0;
const note = python ? '' : ' (skipped: python3 is absent)';

test.skipIf(!python)(`no held-out file is trained on${note}`, () => {
  const run = spawnSync('python3', [script], { encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
  expect(run.stderr).toContain('OK');
  expect(run.status).toBe(0);
});
