import { describe, expect, it } from 'vitest';
import { type Dropped, paired } from '../../../renderer/studio/open-files.ts';

const file = (name: string): Dropped => ({ kind: 'file', name, file: new File([name], name) });

describe('files that only make sense together', () => {
  it('become one, in whatever order and case they came', async () => {
    const all = paired([file('a.HDR'), file('x.h5'), file('a.cfl'), file('b.cfl'), file('c.hdr')]);
    expect(all.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['file x.h5', 'folder a.cfl', 'file b.cfl', 'file c.hdr']);
    const pair = all[1];
    if (pair?.kind !== 'folder') throw new Error('no pair');
    expect((await pair.files()).map(({ path }) => path)).toEqual(['a.cfl', 'a.HDR']);
    expect(pair.file?.name).toBe('a.cfl');
  });
  it('leave all else as it is', () => {
    const all = [file('scan.dat'), file('hdr'), file('.cfl')];
    expect(paired(all)).toEqual(all);
  });
});
