/** Specific Character Set (0008,0005) to a text decoder (PS3.3 C.12.1.1.2). */

const LABELS: Readonly<Record<string, string>> = {
  '': 'latin1',
  'ISO_IR 6': 'latin1',
  'ISO_IR 100': 'latin1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 148': 'iso-8859-9',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
  'ISO 2022 IR 87': 'iso-2022-jp',
  'ISO 2022 IR 149': 'euc-kr',
  'ISO 2022 IR 58': 'gb18030',
};

export type Decode = (bytes: Uint8Array) => string;

/**
 * A decoder for the given values of the attribute; the last set that is known wins, since code extensions name the
 * local set after the default one. Bytes outside it become replacement characters: names are shown, never parsed.
 */
export function decoderFor(values: readonly string[]): Decode {
  const known = values.map((v) => LABELS[v] ?? LABELS[v.replace('ISO 2022 IR', 'ISO_IR')]).filter((v) => v !== undefined);
  const decoder = new TextDecoder(known.at(-1) ?? 'latin1');
  return (bytes) => decoder.decode(bytes);
}
