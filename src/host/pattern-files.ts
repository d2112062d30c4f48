/** Pattern files that clients loaded, by handle. */
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import type { NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import type { StepCall } from '../pipeline/document.ts';
import { decodePattern } from '../sampling/pattern-files.ts';

const MOST = 64;

export interface PatternFileInfo {
  readonly handle: string;
  readonly name: string;
  readonly shape: readonly number[];
  readonly kept: number;
}

export class PatternFiles {
  readonly #files = new Map<string, NdArray>();

  /** Throws input.* where the bytes are no `.npy`, `.csv` or `.json` pattern of one or two axes. */
  add(name: string, bytes: Uint8Array): PatternFileInfo {
    const array = decodePattern(name, bytes);
    if (array.shape.length < 1 || array.shape.length > 2) {
      throw new LacunaError('input.mismatch', `A pattern has one value per line [column] or per point [row, column]; this array has shape [${array.shape.join(', ')}].`, { file: name });
    }
    const handle = `${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}${extname(name).toLowerCase()}`;
    this.#files.set(handle, array);
    for (const oldest of this.#files.keys()) {
      if (this.#files.size <= MOST) break;
      this.#files.delete(oldest);
    }
    let kept = 0;
    for (const value of array.data) if (Number(value) !== 0) kept++;
    return { handle, name, shape: array.shape, kept };
  }

  /** The file that a pattern call names, ready to be handed to a compute thread. */
  of(pattern: StepCall): Readonly<Record<string, NdArray>> {
    const handle = pattern.params['file'];
    if (typeof handle !== 'string') return {};
    const array = this.#files.get(handle);
    return array === undefined ? {} : { [handle]: array };
  }
}
