/** BART's file pair: `.hdr` with the dimensions, `.cfl` with complex64 in column-major order. */
import { readFileSync, writeFileSync } from 'node:fs';
import { ndArray, type NdArray } from '../../src/array/nd-array.ts';

/** Writes [coil, row, column] or [row, column] as BART's [column, row, 1, coil]: the same bytes. */
export function writeCfl(path: string, x: NdArray<'complex64'>): void {
  const [columns, rows, coils] = [...x.shape].reverse();
  writeFileSync(`${path}.hdr`, `# Dimensions\n${columns} ${rows} 1 ${coils ?? 1}\n`);
  writeFileSync(`${path}.cfl`, new Uint8Array(x.data.buffer, x.data.byteOffset, x.data.byteLength));
}

/** Reads [column, row, 1, coil, 1 …] as [coil, row, column], or [row, column] where there is one coil. */
export function readCfl(path: string): NdArray<'complex64'> {
  const dims = (readFileSync(`${path}.hdr`, 'utf8').split('\n')[1] ?? '').trim().split(/\s+/).map(Number);
  const [columns = 1, rows = 1, , coils = 1] = dims;
  const bytes = readFileSync(`${path}.cfl`);
  const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return ndArray('complex64', coils === 1 ? [rows, columns] : [coils, rows, columns], data);
}
