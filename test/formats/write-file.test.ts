import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFilesAtomically } from '../../src/formats/write-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lacuna-write-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

describe('writeFilesAtomically', () => {
  it('writes all files and leaves no temporary name', async () => {
    await writeFilesAtomically([
      { path: join(folder, 'a.npy'), bytes: bytes('one') },
      { path: join(folder, 'inner', 'b.npy'), bytes: bytes('two') },
    ]);
    expect(readFileSync(join(folder, 'a.npy'), 'utf8')).toBe('one');
    expect(readFileSync(join(folder, 'inner', 'b.npy'), 'utf8')).toBe('two');
    expect(readdirSync(folder).sort()).toEqual(['a.npy', 'inner']);
  });

  it('replaces an existing file', async () => {
    writeFileSync(join(folder, 'a.npy'), 'old');
    await writeFilesAtomically([{ path: join(folder, 'a.npy'), bytes: bytes('new') }]);
    expect(readFileSync(join(folder, 'a.npy'), 'utf8')).toBe('new');
  });

  it('leaves none of the files where one cannot be written', async () => {
    writeFileSync(join(folder, 'file'), 'in the way');
    const order = [
      { path: join(folder, 'a.npy'), bytes: bytes('one') },
      { path: join(folder, 'file', 'b.npy'), bytes: bytes('two') },
    ];
    await expect(writeFilesAtomically(order)).rejects.toMatchObject({ code: 'io.write', file: 'b.npy' });
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full and leaves nothing under the final name', async () => {
    // /dev/full answers every write with ENOSPC; a child whose temporary file is that device sees a full disk.
    const script = `
      import fs from 'node:fs/promises';
      import { syncBuiltinESMExports } from 'node:module';
      const open = fs.open;
      fs.open = () => open('/dev/full', 'w');
      syncBuiltinESMExports();
      const { writeFilesAtomically } = await import(process.argv[1]);
      try { await writeFilesAtomically([{ path: process.argv[2], bytes: new Uint8Array(1e6) }]); console.log('written'); }
      catch (error) { console.log(error.code + ': ' + error.message); }`;
    const target = join(folder, 'a.npy');
    const out = await output(['--input-type=module', '-e', script, new URL('../../src/formats/write-file.ts', import.meta.url).href, target]);
    expect(out).toContain('io.write: a.npy cannot be written: the disk is full.');
    expect(existsSync(target)).toBe(false);
  });

  it('leaves no file under the final name when the process is killed in the middle', async () => {
    const script = `
      const { writeFilesAtomically } = await import(process.argv[1]);
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20);
      for (;;) await writeFilesAtomically([{ path: process.argv[2], bytes: new Uint8Array(64e6).fill(7) }]);`;
    const target = join(folder, 'a.npy');
    await output(['--input-type=module', '-e', script, new URL('../../src/formats/write-file.ts', import.meta.url).href, target]);
    if (existsSync(target)) {
      const found = readFileSync(target);
      expect(found.length).toBe(64e6);
      expect(found.at(-1)).toBe(7);
    } else {
      expect(readdirSync(folder).every((name) => name.endsWith('.tmp'))).toBe(true);
    }
  });

  it.skipIf(process.getuid?.() === 0)('names a folder that may not be written', async () => {
    chmodSync(folder, 0o500);
    await expect(writeFilesAtomically([{ path: join(folder, 'a'), bytes: bytes('x') }])).rejects.toMatchObject({ code: 'io.write' });
    chmodSync(folder, 0o700);
  });
});

function output(args: string[]): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    // Not `exit`, which may come before the last of what was written.
    child.on('close', () => resolve(text));
  });
}
