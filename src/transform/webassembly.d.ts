/** The part of the WebAssembly interface that the kernels use; the `DOM` library, which declares it, is not loaded here. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: SharedArrayBuffer;
    /** Returns the number of pages before. */
    grow(pages: number): number;
  }
  const Memory: new (descriptor: { initial: number; maximum: number; shared: true }) => Memory;
  const Module: new (bytes: Uint8Array) => Module;
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  const Instance: new (module: Module, imports: { env: { memory: Memory } }) => Instance;
}
