/** What the HDF5 thread and its client say to each other. */

/** The parts of a datatype that the readers ask about. The library hands values over in this machine's byte order, whatever the file's. */
export interface TypeInfo {
  readonly kind: 'integer' | 'float' | 'string' | 'compound' | 'vlen' | 'enum' | 'array' | 'other';
  /** Bytes of one element in memory. */
  readonly size: number;
  /** Members of a compound, with their offsets in memory. */
  readonly members?: readonly (TypeInfo & { readonly name: string; readonly offset: number })[];
}

export interface DatasetInfo {
  readonly shape: readonly number[];
  readonly type: TypeInfo;
}

export type AttributeValue = string | number | readonly number[];

/** Acquisition records of an ISMRMRD file: fixed-size heads, and the samples and trajectories of all, one record after the other. */
export interface RecordBatch {
  readonly heads: Uint8Array<ArrayBuffer>;
  readonly headBytes: number;
  /** Number of float32 values of each record. */
  readonly trajectoryLengths: Int32Array<ArrayBuffer>;
  readonly sampleLengths: Int32Array<ArrayBuffer>;
  /** Sum of the squares of each record's samples. */
  readonly energies: Float64Array<ArrayBuffer>;
  /** Empty where they were not asked for. */
  readonly samples: Float32Array<ArrayBuffer>;
  readonly trajectories: Float32Array<ArrayBuffer>;
}

export interface Operations {
  open: { args: { path: string; heapLimit: number }; reply: null };
  close: { args: object; reply: null };
  keys: { args: { group: string }; reply: string[] };
  dataset: { args: { path: string }; reply: DatasetInfo | null };
  attributes: { args: { path: string }; reply: Record<string, AttributeValue> };
  strings: { args: { path: string; maxBytes: number }; reply: string[] };
  read: { args: { path: string; offset: number[]; count: number[] }; reply: Uint8Array<ArrayBuffer> };
  records: { args: { path: string; start: number; count: number; withSamples: boolean; maxBytes: number }; reply: RecordBatch };
}
export type OperationName = keyof Operations;

export type Request = {
  readonly [K in OperationName]: { readonly op: K; readonly file: number; readonly args: Operations[K]['args'] };
}[OperationName];

export type Reply =
  | { readonly ok: true; readonly value: Operations[OperationName]['reply'] }
  /** `fatal`: the library's memory can no longer be trusted; the thread must be replaced. */
  | { readonly ok: false; readonly reason: 'library' | 'memory' | 'limit'; readonly message: string; readonly fatal: boolean };
