/** Everything that routes use, made once at start. */
import type { InferPort, ProviderReport } from '../infer/port.ts';
import type { Library } from '../library/library.ts';
import type { InputRef } from '../pipeline/open-input.ts';
import type { ArrayStore } from './array-store.ts';
import type { ComputeThread } from './compute/compute-thread.ts';
import type { JobManager } from './job-manager.ts';
import type { ModelService } from './model-service.ts';
import type { PatternFiles } from './pattern-files.ts';
import type { RecordingService } from './recording-service.ts';
import type { ResultService } from './result-service.ts';
import type { SweepManager } from './sweep-manager.ts';
import type { ViewManager } from './view-manager.ts';

export interface HostServices {
  readonly shell: 'browser' | 'desktop';
  readonly exportsFolder: string;
  readonly library: Library;
  readonly infer: InferPort;
  /** Reports of a probe that has finished; empty before. */
  knownProviders(): readonly ProviderReport[];
  /** Resident memory of the infer process, null while it is not running. */
  inferMemory(): Promise<number | null>;
  readonly models: ModelService;
  readonly recordings: RecordingService;
  readonly results: ResultService;
  readonly jobs: JobManager;
  readonly sweeps: SweepManager;
  readonly views: ViewManager;
  readonly arrays: ArrayStore;
  readonly patternFiles: PatternFiles;
  readonly previewThread: ComputeThread;
  /** For views, and for patterns that are made to be exported. */
  readonly viewThread: ComputeThread;
  /** Path behind a handle that the desktop shell issued. */
  openPath(handle: string): string | null;
  /** Closes what compute threads hold open of a recording. */
  forgetInput(input: InputRef): void;
}
