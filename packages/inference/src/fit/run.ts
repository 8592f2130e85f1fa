// FitRun: long work in steps, which can be watched, interrupted, written down and taken up again.
import { PhxError } from "@phxlang/autodiff";
import type { Checkpoint } from "./checkpoint.ts";
import type { FitProgress } from "./fit.ts";

/** `F`: what the work results in. */
export interface FitRun<F> {
  /** Does a little more and says how far it is; null when there is nothing left to do. */
  step(): FitProgress | null;
  /** All that is needed to go on from here: a run resumed from it ends with the same bits. */
  checkpoint(): Checkpoint;
  /** The result. PHX838 while there is work left. */
  result(): F;
}

/** Carries a run out without pause. */
export function finishRun<F>(run: FitRun<F>, onProgress?: (progress: FitProgress) => void): F {
  for (let progress = run.step(); progress !== null; progress = run.step()) onProgress?.(progress);
  return run.result();
}

export interface FollowOptions {
  /** Aborting ends the iteration at the next pause; what is done is kept in the run. */
  readonly signal?: AbortSignal;
  /** Gets a checkpoint now and then, and one at the end of an aborted run. */
  readonly save?: (checkpoint: Checkpoint) => void;
  /** Seconds between two checkpoints; default 60. */
  readonly saveEvery?: number;
}

/** Milliseconds of work between two pauses, in which timers and signals have their turn. */
const stretch = 50;

/**
 * Carries a run out and yields its progress a few times a second. After an abort the iteration ends early, and
 * `run.step()` or a run resumed from the last checkpoint goes on.
 */
export async function* follow(
  run: FitRun<unknown>,
  { signal, save, saveEvery = 60 }: FollowOptions = {},
): AsyncGenerator<FitProgress, void, void> {
  let saved = performance.now();
  for (;;) {
    const pause = performance.now() + stretch;
    let progress = run.step();
    if (progress === null) return;
    while (performance.now() < pause) {
      const next = run.step();
      if (next === null) break;
      progress = next;
    }
    yield progress;
    await new Promise<void>((resume) => {
      setTimeout(resume, 0);
    });
    const isAborted = signal?.aborted === true;
    if (save !== undefined && (isAborted || performance.now() - saved >= 1000 * saveEvery)) {
      save(run.checkpoint());
      saved = performance.now();
    }
    if (isAborted) return;
  }
}

export function unfinished(): PhxError {
  return new PhxError({
    code: "PHX838",
    what: "the fit is not finished",
    why: "its run still has steps to do",
    fix: "call step() until it gives null, or resume the run from its checkpoint",
  });
}
