/** Quality against acceleration: one batch over R for the chosen methods. */
import type { Client } from '../../api/client.ts';
import { isQuiet } from '../../api/problem.ts';
import { deserializeError } from '../../../src/errors.ts';
import type { ArrayLink, SweepRequest } from '../../../src/host/contract.ts';
import type { StepCall } from '../../../src/pipeline/document.ts';
import type { MetricReport, MetricValue } from '../../../src/pipeline/step.ts';
import type { Image } from './live-state.ts';

export const SWEEP_ACCELERATIONS: readonly number[] = [2, 3, 4, 5, 6, 8, 10, 12];

export interface SweepPoint {
  readonly method: StepCall;
  readonly nominal: number;
  readonly achieved: number;
  readonly metrics: MetricReport;
  readonly ms: number;
  readonly image: ArrayLink;
}
/** A point's image, shown in place of the live one. */
export interface SweepView {
  readonly point: SweepPoint;
  readonly image: Image;
  readonly slice: number;
}

export class Sweep {
  points = $state.raw<readonly SweepPoint[]>([]);
  /** Why methods could not take the pattern, by their names. */
  leftOut = $state.raw<ReadonlyMap<string, string>>(new Map());
  running = $state(false);
  expected = $state(0);
  slice = $state(0);
  shown = $state.raw<SweepView | null>(null);
  readonly #client: Client;
  #abort: AbortController | null = null;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Throws what the sweep failed with; being cancelled is no failure. */
  async run(request: SweepRequest): Promise<void> {
    this.cancel();
    const abort = new AbortController();
    this.#abort = abort;
    this.points = [];
    this.leftOut = new Map();
    this.shown = null;
    this.running = true;
    this.slice = request.slice;
    this.expected = request.accelerations.length * request.methods.length;
    try {
      for await (const event of this.#client.sweep(request, abort.signal)) {
        if (this.#abort !== abort) return;
        if (event.type === 'point') this.points = [...this.points, event];
        else if (event.type === 'left-out') this.leftOut = new Map(this.leftOut).set(event.method.name, event.reason);
        else if (event.type === 'failed') throw deserializeError(event.error);
      }
    } catch (error) {
      if (!isQuiet(error)) throw error;
    } finally {
      if (this.#abort === abort) {
        this.running = false;
        this.#abort = null;
      }
    }
  }

  cancel(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.running = false;
  }

  clear(): void {
    this.cancel();
    this.points = [];
    this.leftOut = new Map();
    this.shown = null;
  }

  async show(point: SweepPoint): Promise<void> {
    const image = await this.#client.array(point.image);
    if (image.dtype === 'float32' || image.dtype === 'complex64') this.shown = { point, image: image as Image, slice: this.slice };
  }
}

export function metricOf(report: MetricReport | null | undefined, name: MetricValue['name']): number | null {
  const value = report?.values.find((v) => v.name === name)?.value;
  return value === undefined ? null : (value ?? Infinity);
}
