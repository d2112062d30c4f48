/**
 * The part of Markdown that model cards use, as data: headings, paragraphs, lists, tables, code blocks, quotes; inside
 * them emphasis, code, links. The page draws it with elements, never as HTML, so a card cannot carry script or markup.
 */
export type Inline =
  | { readonly type: 'text' | 'code' | 'strong' | 'em'; readonly text: string }
  | { readonly type: 'link'; readonly text: string; readonly href: string }
  /** A file of the package; `text` says what it shows. */
  | { readonly type: 'picture'; readonly text: string; readonly file: string };
export type Block =
  | { readonly type: 'heading'; readonly level: number; readonly inline: readonly Inline[] }
  | { readonly type: 'paragraph' | 'quote'; readonly inline: readonly Inline[] }
  | { readonly type: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'table'; readonly head: readonly (readonly Inline[])[]; readonly rows: readonly (readonly (readonly Inline[])[])[] };

const BULLET = /^\s{0,3}[-*+]\s+(.*)$/;
const NUMBER = /^\s{0,3}\d{1,9}[.)]\s+(.*)$/;
const RULE = /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$/;

export function parseMarkdown(source: string): readonly Block[] {
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  // YAML front matter, as model hubs write it.
  let at = lines[0]?.trim() === '---' ? Math.max(0, lines.indexOf('---', 1) + 1) : 0;
  const blocks: Block[] = [];
  while (at < lines.length) {
    const line = lines[at] as string;
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    if (line.trim() === '') at++;
    else if (line.startsWith('```')) {
      const end = lines.findIndex((other, i) => i > at && other.startsWith('```'));
      const stop = end < 0 ? lines.length : end;
      blocks.push({ type: 'code', text: lines.slice(at + 1, stop).join('\n') });
      at = stop + 1;
    } else if (heading !== null) {
      blocks.push({ type: 'heading', level: (heading[1] as string).length, inline: parseInline(heading[2] as string) });
      at++;
    } else if (line.includes('|') && RULE.test(lines[at + 1] ?? '')) {
      const end = endOf(lines, at + 2, (other) => other.includes('|'));
      blocks.push({ type: 'table', head: cells(line), rows: lines.slice(at + 2, end).map(cells) });
      at = end;
    } else if (BULLET.test(line) || NUMBER.test(line)) {
      const ordered = NUMBER.test(line);
      const items: string[] = [];
      for (; at < lines.length && (lines[at] as string).trim() !== ''; at++) {
        const item = (ordered ? NUMBER : BULLET).exec(lines[at] as string);
        if (item !== null) items.push(item[1] as string);
        else items[items.length - 1] += ` ${(lines[at] as string).trim()}`;
      }
      blocks.push({ type: 'list', ordered, items: items.map(parseInline) });
    } else {
      const quote = line.startsWith('>');
      const end = endOf(lines, at + 1, (other) => other.trim() !== '' && !/^(#{1,6}\s|```)/.test(other) && !BULLET.test(other) && other.startsWith('>') === quote);
      const text = lines.slice(at, end).map((other) => other.replace(/^>\s?/, '').trim()).join(' ');
      blocks.push({ type: quote ? 'quote' : 'paragraph', inline: parseInline(text) });
      at = end;
    }
  }
  return blocks;
}

function endOf(lines: readonly string[], from: number, belongs: (line: string) => boolean): number {
  let end = from;
  while (end < lines.length && belongs(lines[end] as string)) end++;
  return end;
}

function cells(line: string): readonly (readonly Inline[])[] {
  return line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|').map((cell) => parseInline(cell.trim()));
}

const INLINE = /!\[([^\]]*)\]\(([^()\s]+)\)|`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|\[([^\]]*)\]\(([^()\s]+)\)|<(https?:\/\/[^>\s]+)>/g;

export function parseInline(text: string): readonly Inline[] {
  const out: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) out.push({ type: 'text', text: text.slice(from, match.index) });
    const [whole, shows, file, code, strong, strong2, em, label, href, url] = match;
    if (file !== undefined) out.push(picture(shows ?? '', file, whole));
    else if (code !== undefined) out.push({ type: 'code', text: code });
    else if (strong !== undefined || strong2 !== undefined) out.push({ type: 'strong', text: (strong ?? strong2) as string });
    else if (em !== undefined) out.push({ type: 'em', text: em });
    else out.push(link(label ?? (url as string), (href ?? url) as string, whole));
    from = match.index + whole.length;
  }
  if (from < text.length) out.push({ type: 'text', text: text.slice(from) });
  return out;
}

/** Only PNG files directly inside the package; any other picture stays text, and nothing is fetched from elsewhere. */
function picture(text: string, file: string, whole: string): Inline {
  return /^[\w-][\w.-]*\.png$/.test(file) ? { type: 'picture', text, file } : { type: 'text', text: whole };
}

/** Only web addresses become links; anything else (javascript:, file:, relative) stays text. */
function link(text: string, href: string, whole: string): Inline {
  return /^https?:\/\//i.test(href) ? { type: 'link', text, href } : { type: 'text', text: text === '' ? whole : text };
}
