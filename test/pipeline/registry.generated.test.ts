import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { steps } from '../../src/pipeline/registry.generated.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('generated step registry', () => {
  it('is up to date with the step files', () => {
    const check = spawnSync(process.execPath, ['build/generate-registry.mjs', '--check'], { cwd: root, encoding: 'utf8' });
    expect(check.stderr).toBe('');
    expect(check.status).toBe(0);
  });

  it('holds one step for each file, of the kind of its folder, named as its file', () => {
    // Files beside the folders of the kinds are what steps share.
    const folders = readdirSync(`${root}src/pipeline/steps`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const files = folders.flatMap(({ name: kind }) =>
      readdirSync(`${root}src/pipeline/steps/${kind}`).map((file) => `${kind}/${file.replace(/\.ts$/, '')}`),
    );
    expect(steps.map((step) => `${step.kind}/${step.name}`).sort()).toEqual(files.sort());
  });

  it.each(steps.map((step) => [`${step.kind} ${step.name}`, step] as const))('%s describes itself and its parameters', (_, step) => {
    expect(step.title).not.toBe('');
    expect(step.help).toMatch(/\.$/);
    for (const [name, field] of Object.entries(step.params.shape)) {
      expect(field.safeParse(undefined).success, `${name} has a default`).toBe(true);
      expect(field.description, `${name} has a help line`).toBeTruthy();
      expect((field.meta() as { title?: string } | undefined)?.title, `${name} has a title`).toBeTruthy();
    }
  });
});
