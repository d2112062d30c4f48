/** The training workshop's own tests, where PyTorch is there. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasPython, present, PYTHON, TEST_DATA } from '../support/tools.ts';

const training = fileURLToPath(new URL('../../models/training', import.meta.url));

describe.runIf(present('the tests of the training workshop', { 'PyTorch with ONNX': hasPython('torch', 'onnx', 'onnxruntime', 'nibabel') }))('training workshop', () => {
  it('passes its unit tests', { timeout: 600_000 }, () => {
    const done = spawnSync(PYTHON, ['-m', 'unittest', 'discover', '-s', `${training}/tests`], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: training, LACUNA_TEST_DATA: TEST_DATA },
    });
    expect(done.status, done.stderr).toBe(0);
    expect(/Ran [1-9]\d* test/.test(done.stderr)).toBe(true);
  });
});
