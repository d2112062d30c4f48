import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInline, parseMarkdown } from '../../../../renderer/workspaces/models/markdown.ts';

describe('parseMarkdown', () => {
  it('reads the blocks of a model card', () => {
    const blocks = parseMarkdown('---\nlicence: MIT\n---\n# Small\n\nOne\ntwo **three**.\n\n- a\n- b\n  more\n\n1. x\n\n| m | dB |\n|---|---:|\n| SENSE | 34 |\n\n```\ncode | here\n```\n> said');
    expect(blocks.map((b) => b.type)).toEqual(['heading', 'paragraph', 'list', 'list', 'table', 'code', 'quote']);
    expect(blocks[1]).toEqual({ type: 'paragraph', inline: [{ type: 'text', text: 'One two ' }, { type: 'strong', text: 'three' }, { type: 'text', text: '.' }] });
    expect(blocks[2]).toMatchObject({ ordered: false, items: [[{ text: 'a' }], [{ text: 'b more' }]] });
    expect(blocks[4]).toMatchObject({ head: [[{ text: 'm' }], [{ text: 'dB' }]], rows: [[[{ text: 'SENSE' }], [{ text: '34' }]]] });
  });
  it('keeps HTML as text', () => {
    expect(parseMarkdown('<script>alert(1)</script>')).toEqual([{ type: 'paragraph', inline: [{ type: 'text', text: '<script>alert(1)</script>' }] }]);
  });
  it('makes links of web addresses only', () => {
    expect(parseInline('[a](https://x.org/b) [c](javascript:alert(1)) [d](file:///etc)')).toEqual([
      { type: 'link', text: 'a', href: 'https://x.org/b' },
      { type: 'text', text: ' [c](javascript:alert(1)) ' },
      { type: 'text', text: 'd' },
    ]);
  });
  it('ends on any text, and loses no word of it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('# ', 'word', '- ', '> ', '\n```\n', '|', '---', '\n', '\n\n', '**', '`', ' ', '1. '), { maxLength: 40 }), (parts) => {
        const source = `x ${parts.join('')}`;
        expect(JSON.stringify(parseMarkdown(source)).match(/word/g)?.length ?? 0).toBe(source.match(/word/g)?.length ?? 0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('pictures', () => {
  it('are files of the package alone; nothing is fetched from elsewhere', () => {
    expect(parseInline('Seen: ![a fold](failure-1.png).')).toEqual([{ type: 'text', text: 'Seen: ' }, { type: 'picture', text: 'a fold', file: 'failure-1.png' }, { type: 'text', text: '.' }]);
    for (const source of ['![x](https://a.example/x.png)', '![x](../x.png)', '![x](x.svg)', '![x](javascript:alert(1).png)', '![x](.hidden.png)']) {
      expect(parseInline(source).every(({ type }) => type === 'text' || type === 'link'), source).toBe(true);
    }
  });
});
