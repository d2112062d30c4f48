/**
 * Just enough of the protocol buffers: `key = value` lines between the ASCCONV marks, and XProtocol parameters by name,
 * `<ParamLong."name"> { 1 2 }`. Whatever is not understood is passed over.
 */

export interface Protocol {
  /** From the ASCCONV part, without quotes: `sKSpace.lBaseResolution`. */
  text(key: string): string | undefined;
  /** Decimal or hexadecimal; undefined where missing or no number. */
  number(key: string): number | undefined;
  /** Numbers of an XProtocol parameter in the first buffer that gives it any, at most 64. */
  parameter(name: string): readonly number[];
  parameterText(name: string): string | undefined;
}

const MAX_VALUE = 4096;

/** `buffers`: header texts by name, in the order of the file. */
export function parseProtocol(buffers: ReadonlyMap<string, string>): Protocol {
  const keys = new Map<string, string>();
  for (const name of ['MeasYaps', 'Phoenix', 'Meas']) {
    const found = asciiPart(buffers.get(name) ?? '');
    // The first buffer that has such a part says it all.
    if (found !== null && keys.size === 0) readKeys(found, keys);
  }
  // The parsed values of Dicom come first: in Meas the same names also declare what the scanner's programs expect.
  const texts = ['Dicom', 'Meas', 'Config'].flatMap((name) => buffers.get(name) ?? []);
  const values = (name: string): string | undefined => {
    for (const text of texts) {
      const value = parameterValue(text, name);
      if (value !== undefined && value.trim() !== '') return value;
    }
    return undefined;
  };
  return {
    text: (key) => keys.get(key),
    number: (key) => toNumber(keys.get(key)),
    parameter(name) {
      const value = values(name)?.replace(/<Precision>\s*\d+/g, ' ') ?? '';
      return value.split(/\s+/).filter((word) => word !== '').slice(0, 64).map(Number).filter(Number.isFinite);
    },
    parameterText: (name) => /"([^"]*)"/.exec(values(name) ?? '')?.[1],
  };
}

function asciiPart(text: string): string | null {
  const begin = text.indexOf('### ASCCONV BEGIN');
  if (begin < 0) return null;
  const end = text.indexOf('### ASCCONV END', begin);
  return text.slice(text.indexOf('\n', begin) + 1 || begin, end < 0 ? text.length : end);
}

function readKeys(text: string, keys: Map<string, string>): void {
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals < 1 || equals > 200) continue;
    const value = line.slice(equals + 1, equals + 1 + MAX_VALUE).split('#')[0]?.trim() ?? '';
    keys.set(line.slice(0, equals).trim(), value.replace(/^"+|"+$/g, ''));
  }
}

/** What stands between the braces after `<ParamXxx."name">`. */
function parameterValue(text: string, name: string): string | undefined {
  for (let at = text.indexOf(`."${name}">`), tries = 0; at >= 0 && tries < 16; at = text.indexOf(`."${name}">`, at + 1), tries++) {
    const open = at + name.length + 4;
    const brace = text.indexOf('{', open);
    if (brace < 0 || text.slice(open, brace).trim() !== '') continue;
    const close = text.indexOf('}', brace);
    const value = close < 0 || close - brace > MAX_VALUE ? '' : text.slice(brace + 1, close);
    if (value.trim() !== '') return value;
  }
  return undefined;
}

function toNumber(text: string | undefined): number | undefined {
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
