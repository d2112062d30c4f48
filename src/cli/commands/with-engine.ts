import { Engine } from '../engine.ts';

/** Runs `use` with an engine of its own, and ends its inference process whatever happens. */
export async function withEngine<T>(use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = new Engine(navigator.hardwareConcurrency);
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}
