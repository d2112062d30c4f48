/**
 * Just enough XML for acquisition headers: elements and text. Attributes, comments and processing instructions are
 * skipped; document types (and with them entities of one's own) are refused.
 */
import { LacunaError } from '../../errors.ts';

export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

const MAX_DEPTH = 32;
const MAX_ELEMENTS = 200_000;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The root element. Throws `input.malformed` naming file and field. */
export function parseXml(source: string, file: string, field: string): XmlElement {
  const fail = (why: string) => new LacunaError('input.malformed', `The XML header ${why}.`, { file, field });
  interface Open {
    name: string;
    children: XmlElement[];
    text: string;
  }
  const document: Open = { name: '', children: [], text: '' };
  const stack: Open[] = [document];
  let elements = 0;
  let at = 0;
  while (at < source.length) {
    const top = stack.at(-1) as Open;
    const open = source.indexOf('<', at);
    if (open < 0) break;
    top.text += decodeEntities(source.slice(at, open));
    if (source.startsWith('<!--', open)) {
      at = after('-->', open);
      continue;
    }
    if (source.startsWith('<?', open)) {
      at = after('?>', open);
      continue;
    }
    if (source.startsWith('<!', open)) throw fail('has a document type or CDATA section, which acquisition headers do not have');
    const close = source.indexOf('>', open);
    if (close < 0) throw fail('ends inside a tag');
    at = close + 1;
    const tag = source.slice(open + 1, close);
    const name = localName(tag);
    if (tag.startsWith('/')) {
      if (stack.length < 2 || top.name !== name) throw fail(`closes <${name.slice(0, 40)}> where <${top.name.slice(0, 40)}> is open`);
      stack.pop();
      (stack.at(-1) as Open).children.push(top);
      continue;
    }
    if (name === '' || ++elements > MAX_ELEMENTS || stack.length > MAX_DEPTH) throw fail('is not well-formed');
    if (tag.endsWith('/')) top.children.push({ name, children: [], text: '' });
    else stack.push({ name, children: [], text: '' });
  }
  const root = document.children[0];
  if (stack.length !== 1 || root === undefined) throw fail('is not complete');
  return root;

  function after(mark: string, from: number): number {
    const end = source.indexOf(mark, from);
    if (end < 0) throw fail('ends inside a comment');
    return end + mark.length;
  }
}

/** `/ns:name attribute="…"` → `name`. */
function localName(tag: string): string {
  return (/^\/?(?:[\w.-]+:)?([\w.-]+)/.exec(tag)?.[1] ?? '').trim();
}

function decodeEntities(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

/** The first element along a path of names. */
export function findElement(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let found = element;
  for (const name of path) found = found?.children.find((child) => child.name === name);
  return found;
}

export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  const text = findElement(element, ...path)?.text.trim();
  return text === '' ? undefined : text;
}

/** Undefined where the element is missing or no finite number. */
export function numberAt(element: XmlElement | undefined, ...path: readonly string[]): number | undefined {
  const text = textAt(element, ...path);
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
