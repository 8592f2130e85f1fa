// Board: the shared words by which threads find work, take chunks of it, and say what became of them.

/** Places of the words. */
const words = {
  /** Counts jobs: threads sleep on it. */
  job: 0,
  /** Threads that are at work on the job; `closed` is added where nobody may join, `lost` where a thread died. */
  gate: 1,
  /** Chunks of the job that were taken. */
  taken: 2,
  chunks: 3,
  program: 4,
  /** Threads with a number below this may join. */
  admitted: 5,
  /** The first chunk that failed, `none` if none did. */
  failed: 6,
  /** Letters that were posted to the threads. */
  letters: 7,
} as const;

const closed = 2 ** 29;
const lost = 2 ** 30;
/** No chunk has this number. */
const none = 2 ** 31 - 1;
const wordCount = 16;
/** Bytes in which the reason for a loss or a failure is told. */
const reasonBytes = 4096;

/** What a job is, and who may take part in it. */
export interface Job {
  readonly program: number;
  readonly chunks: number;
  readonly admitted: number;
}

/**
 * One thread leads: it opens a job, takes chunks like the others, closes the job and waits until everyone has left.
 * A job's words change only while the gate is closed and nobody is inside, so whoever is inside reads words of one job.
 * Chunks are taken in ascending order and nothing more is taken after a failure; hence the first failure is that of the
 * lowest chunk that fails, whatever the number of threads.
 */
export class Board {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #reason: Uint8Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(4 * wordCount + reasonBytes)) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, wordCount);
    this.#reason = new Uint8Array(memory, 4 * wordCount, reasonBytes);
  }

  /** For a new board: nobody may join before the first job. */
  close(): void {
    Atomics.or(this.#words, words.gate, closed);
  }

  /** Opens a job and wakes the others. False if a thread was lost since the last one. */
  open({ program, chunks, admitted }: Job): boolean {
    this.#words[words.taken] = 0;
    this.#words[words.chunks] = chunks;
    this.#words[words.program] = program;
    this.#words[words.admitted] = admitted;
    this.#words[words.failed] = none;
    if (Atomics.compareExchange(this.#words, words.gate, closed, 0) !== closed) return false;
    Atomics.add(this.#words, words.job, 1);
    if (admitted > 0) Atomics.notify(this.#words, words.job);
    return true;
  }

  /** The job's program if this thread may join it; −1 otherwise. Who joined must leave. */
  join(thread: number): number {
    for (;;) {
      const gate = Atomics.load(this.#words, words.gate);
      if (gate >= closed) return -1;
      if (Atomics.compareExchange(this.#words, words.gate, gate, gate + 1) === gate) break;
    }
    if (thread < this.#words[words.admitted]) return this.#words[words.program];
    this.leave();
    return -1;
  }

  leave(): void {
    if (Atomics.sub(this.#words, words.gate, 1) === closed + 1) Atomics.notify(this.#words, words.gate);
  }

  /** The next chunk; −1 when all are taken or one has failed. */
  take(): number {
    if (Atomics.load(this.#words, words.failed) !== none) return -1;
    const chunk = Atomics.add(this.#words, words.taken, 1);
    return chunk < this.#words[words.chunks] ? chunk : -1;
  }

  fail(chunk: number, reason: string): void {
    for (;;) {
      const first = Atomics.load(this.#words, words.failed);
      if (chunk >= first) return;
      if (Atomics.compareExchange(this.#words, words.failed, first, chunk) !== first) continue;
      this.#tell(reason);
      return;
    }
  }

  /** Waits for everyone inside: "done"; "late" after so many milliseconds; "lost" if a thread died. */
  finish(milliseconds: number): "done" | "late" | "lost" {
    const end = performance.now() + milliseconds;
    this.close();
    for (;;) {
      const gate = Atomics.load(this.#words, words.gate);
      if (gate >= lost) return "lost";
      if (gate === closed) return "done";
      const rest = end - performance.now();
      if (rest <= 0) return "late";
      Atomics.wait(this.#words, words.gate, gate, rest);
    }
  }

  /** The first chunk of the last job that failed; −1 if none did. */
  get failedChunk(): number {
    const chunk = Atomics.load(this.#words, words.failed);
    return chunk === none ? -1 : chunk;
  }

  /** Says that a thread died. */
  lose(reason: string): void {
    this.#tell(reason);
    Atomics.or(this.#words, words.gate, lost);
    Atomics.notify(this.#words, words.gate);
  }

  /** What was told of the first failure or of the loss. */
  get reason(): string {
    const end = this.#reason.indexOf(0);
    return new TextDecoder().decode(this.#reason.slice(0, end < 0 ? reasonBytes : end));
  }

  /** Letters are counted before the job that needs them opens. */
  posted(): void {
    Atomics.add(this.#words, words.letters, 1);
    Atomics.add(this.#words, words.job, 1);
    Atomics.notify(this.#words, words.job);
  }

  get letterCount(): number {
    return Atomics.load(this.#words, words.letters);
  }

  get jobCount(): number {
    return Atomics.load(this.#words, words.job);
  }

  /** Sleeps until there is a job or a letter after the given count of jobs. */
  sleep(jobCount: number): void {
    Atomics.wait(this.#words, words.job, jobCount);
  }

  #tell(reason: string): void {
    this.#reason.fill(0);
    this.#reason.set(new TextEncoder().encode(reason).subarray(0, reasonBytes));
  }
}
