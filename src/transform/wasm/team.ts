/**
 * A team of threads over one shared memory. A job is a kernel number, a block of arguments and a count of tasks; tasks
 * write disjoint memory, so results do not depend on which thread takes which task.
 */
import { execute } from './execute';

/** At a fixed address; src/transform/kernels.ts keeps the heap above it. */
@unmanaged class Control {
  /** Low word: next task; high word: generation, one higher for each job. One word pair, so that a late thread cannot take a task of another job. */
  counter: u64;
  kernel: i32;
  tasks: i32;
  done: i32;
  failed: i32;
  /** Scratch of thread t: scratch + t · stride. */
  scratch: usize;
  stride: usize;
}

const CONTROL: usize = 64;
const COUNTER: usize = CONTROL;
const GENERATION: usize = CONTROL + 4;
const KERNEL: usize = CONTROL + offsetof<Control>('kernel');
const TASKS: usize = CONTROL + offsetof<Control>('tasks');
const DONE: usize = CONTROL + offsetof<Control>('done');
const FAILED: usize = CONTROL + offsetof<Control>('failed');
/** Looks at the counter this often before sleeping: a wake-up costs more than the pause between two jobs of one iteration. */
const SPINS: i32 = 20_000;
const CLOSED: u64 = 0x7fff_ffff;

/** Runs all tasks; returns when the last is done. `helpers` = other threads that were started. */
export function run(kernel: i32, tasks: i32, helpers: i32): void {
  if (helpers == 0 || tasks == 1) {
    const scratch = changetype<Control>(CONTROL).scratch;
    for (let task = 0; task < tasks; task++) execute(kernel, task, scratch);
    return;
  }
  const generation = (atomic.load<u64>(COUNTER) >> 32) + 1;
  // Closed first: whoever read fields of the old job fails to take a task of it.
  atomic.store<u64>(COUNTER, (generation << 32) | CLOSED);
  atomic.store<i32>(KERNEL, kernel);
  atomic.store<i32>(TASKS, tasks);
  atomic.store<i32>(DONE, 0);
  atomic.store<u64>(COUNTER, generation << 32);
  atomic.notify(GENERATION, helpers);
  while (takeTask(0)) {}
  for (let spin = 0; ; spin++) {
    const done = atomic.load<i32>(DONE);
    if (done == tasks) return;
    if (atomic.load<i32>(FAILED) != 0) unreachable();
    if (spin > SPINS) atomic.wait<i32>(DONE, done, 100_000_000);
  }
}

/** Takes one task and runs it; false when none is open. */
function takeTask(thread: i32): bool {
  const counter = atomic.load<u64>(COUNTER);
  const kernel = atomic.load<i32>(KERNEL);
  const tasks = atomic.load<i32>(TASKS);
  const task = <i32>counter;
  if (task >= tasks) return false;
  if (atomic.cmpxchg<u64>(COUNTER, counter, counter + 1) != counter) return true;
  const control = changetype<Control>(CONTROL);
  execute(kernel, task, control.scratch + <usize>thread * control.stride);
  if (atomic.add<i32>(DONE, 1) + 1 == tasks) atomic.notify(DONE, 1);
  return true;
}

/** Body of a helper thread; never returns. */
export function help(thread: i32): void {
  for (;;) {
    const generation = <i32>(atomic.load<u64>(COUNTER) >> 32);
    while (takeTask(thread)) {}
    let spin = 0;
    while (spin < SPINS && atomic.load<i32>(GENERATION) == generation) spin++;
    if (spin == SPINS) atomic.wait<i32>(GENERATION, generation, -1);
  }
}

/** Called by a helper whose kernel trapped, so that `run` does not wait for it. */
export function fail(): void {
  atomic.store<i32>(FAILED, 1);
  atomic.notify(DONE, 1);
}
