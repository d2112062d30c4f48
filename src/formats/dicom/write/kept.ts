/** What the derived object takes over from its source: values of DICOM JSON back to elements, only ones that are valid. */
import type { DicomIdentity } from '../../../array/recording.ts';
import { type DataElement, text } from './element.ts';

export class Kept {
  readonly #identity: DicomIdentity;

  constructor(identity: DicomIdentity | undefined) {
    this.#identity = identity ?? {};
  }

  values(tag: number): string[] {
    const entry = this.#identity[tag.toString(16).padStart(8, '0').toUpperCase()];
    return (entry?.Value ?? []).map((v) => {
      if (typeof v === 'object' && v !== null && 'Alphabetic' in v) return String(v.Alphabetic);
      return typeof v === 'string' || typeof v === 'number' ? String(v) : '';
    });
  }

  first(tag: number): string {
    return this.values(tag)[0] ?? '';
  }

  number(tag: number): number {
    const value = this.first(tag);
    return value === '' ? Number.NaN : Number(value);
  }

  /** Type 2: always there, empty where unknown. */
  required(tag: number, vr: string, fallback: string[] = []): DataElement {
    const element = text(tag, vr, ...this.values(tag));
    return element.value.length > 0 ? element : text(tag, vr, ...fallback);
  }

  /** Type 3: there only with a value. */
  optional(tag: number, vr: string): DataElement[] {
    const element = text(tag, vr, ...this.values(tag));
    return element.value.length > 0 ? [element] : [];
  }

  /** Coded strings of which only `terms` are defined; `fallback` where none of them is there. */
  terms(tag: number, terms: readonly string[], fallback: string[]): DataElement {
    const known = this.values(tag).filter((v) => terms.includes(v));
    return text(tag, 'CS', ...(known.length > 0 ? known : fallback));
  }
}
