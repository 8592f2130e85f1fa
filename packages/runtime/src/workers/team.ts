// Team: the threads of a process that share the work of mapped programs, with the calling thread as their leader.
import type { NdArray } from "@phxlang/autodiff";
import { internalError, PhxError, toPlain } from "@phxlang/autodiff";
import { Board } from "./board.ts";
import { chunkInputs, readOutputs, writeChunk, writeInputs } from "./chunk-layout.ts";
import type { Crew, HireCrew } from "./letters.ts";
import type { SpreadWork } from "./spread-work.ts";

/** Threads beside the leader, and the seconds after which a call gives up. */
export interface TeamLimits {
  readonly helpers: number;
  readonly deadline: number;
}

/** A crew with what it has been told. */
interface Session {
  readonly helpers: number;
  readonly board: Board;
  readonly crew: Crew;
  memory: SharedArrayBuffer;
  readonly programs: Set<number>;
  /** How many of the programs hold each structure. */
  readonly structures: Map<string, number>;
  /** Programs that no longer exist here, for the next letter. */
  readonly forgotten: number[];
}

const smallestMemory = 2 ** 16;

export class Team {
  readonly #hire: HireCrew;
  #session: Session | null = null;
  #isBusy = false;
  readonly #collected = new FinalizationRegistry(
    ({
      session,
      number,
      structures,
    }: {
      session: Session;
      number: number;
      structures: readonly string[];
    }) => {
      session.forgotten.push(number);
      session.programs.delete(number);
      for (const hash of structures) session.structures.set(hash, (session.structures.get(hash) ?? 1) - 1);
    },
  );

  constructor(hire: HireCrew) {
    this.#hire = hire;
  }

  /**
   * Outputs of all members [size, …]. The leader computes chunks too and waits for the others at the end, so it must
   * be a thread that may sleep. Throws what the lowest failing chunk throws; PHX973 when a thread died, PHX974 after the
   * deadline. After either of these the threads are ended, and the next call starts new ones.
   */
  run(work: SpreadWork, inputs: readonly NdArray[], { helpers, deadline }: TeamLimits): readonly NdArray[] {
    if (this.#isBusy) throw internalError("a chunk of a mapped program mapped over threads itself");
    const end = performance.now() + 1000 * deadline;
    const session = this.#sessionFor(helpers);
    this.#isBusy = true;
    try {
      this.#provide(session, work);
      writeInputs(work.layout, session.memory, inputs);
      const job = { program: work.number, chunks: work.layout.count, admitted: helpers };
      if (!session.board.open(job)) throw this.#lost(session.board.reason);
      const failure = this.#lead(session, work, end);
      const state = session.board.finish(end - performance.now());
      if (state === "lost") throw this.#lost(session.board.reason);
      if (state === "late" || performance.now() > end) throw this.#late(deadline);
      const failed = session.board.failedChunk;
      if (failed >= 0) throw failure?.chunk === failed ? failure.error : again(session, work, failed);
      return readOutputs(work.layout, session.memory);
    } finally {
      this.#isBusy = false;
    }
  }

  /** Computes chunks until there are none, or until the deadline. The error of the leader's own failing chunk. */
  #lead(session: Session, work: SpreadWork, end: number): { chunk: number; error: unknown } | null {
    const { board, memory } = session;
    for (let chunk = board.take(); chunk >= 0; chunk = board.take()) {
      try {
        const results = work.executable.run(chunkInputs(work.layout, memory, chunk));
        writeChunk(work.layout, memory, chunk, results);
      } catch (error) {
        board.fail(chunk, "");
        return { chunk, error };
      }
      if (performance.now() > end) return null;
    }
    return null;
  }

  #sessionFor(helpers: number): Session {
    if (this.#session !== null && this.#session.helpers >= helpers) return this.#session;
    this.#dismiss();
    const board = new Board();
    board.close();
    const session = {
      helpers,
      board,
      crew: helpers === 0 ? nobody : this.#hire(helpers, board.memory),
      memory: new SharedArrayBuffer(0),
      programs: new Set<number>(),
      structures: new Map<string, number>(),
      forgotten: [],
    };
    this.#session = session;
    return session;
  }

  /** Posts what the crew does not know yet: enough memory, and the program. */
  #provide(session: Session, work: SpreadWork): void {
    const { board, crew, programs, forgotten } = session;
    if (session.memory.byteLength < work.layout.bytes) {
      session.memory = largerMemory(work.layout.bytes);
      crew.post({ kind: "memory", memory: session.memory });
      board.posted();
    }
    if (programs.has(work.number)) return;
    if (forgotten.length > 0) {
      crew.post({ kind: "forget", numbers: forgotten.splice(0) });
      board.posted();
    }
    const structures = new Set<string>();
    const plain = toPlain(work.program, (hash) => {
      structures.add(hash);
      return (session.structures.get(hash) ?? 0) > 0;
    });
    crew.post({ kind: "program", number: work.number, program: plain, layout: work.layout });
    board.posted();
    programs.add(work.number);
    for (const hash of structures) session.structures.set(hash, (session.structures.get(hash) ?? 0) + 1);
    this.#collected.register(work, { session, number: work.number, structures: [...structures] });
  }

  #dismiss(): void {
    this.#session?.crew.dismiss();
    this.#session = null;
  }

  #lost(reason: string): PhxError {
    this.#dismiss();
    return new PhxError({
      code: "PHX973",
      what: "a worker thread died during a call, and its part of the results with it",
      why: reason,
      fix: "call again (new threads are started); where it ran out of memory, use fewer threads or smaller batches",
    });
  }

  #late(deadline: number): PhxError {
    this.#dismiss();
    return new PhxError({
      code: "PHX974",
      what: `a call on worker threads did not end within its deadline of ${deadline} s`,
      why: "its threads were ended; the next call starts new ones",
      fix: "allow more time (the option deadline of the device), or give it less to do",
    });
  }
}

const nobody: Crew = { post: () => undefined, dismiss: () => undefined };

/** What a chunk throws that failed on another thread: computed here, where errors can name states of the model. */
function again({ memory, board }: Session, { layout, executable }: SpreadWork, chunk: number): unknown {
  try {
    executable.run(chunkInputs(layout, memory, chunk));
  } catch (error) {
    return error;
  }
  return new PhxError({
    code: "PHX973",
    what: `a worker thread failed at part ${chunk + 1} of ${layout.count}, which does not fail here`,
    why: board.reason,
    fix: "use fewer threads or smaller batches if memory ran out",
  });
}

function largerMemory(bytes: number): SharedArrayBuffer {
  const wanted = Math.max(smallestMemory, 2 ** Math.ceil(Math.log2(bytes)));
  try {
    return new SharedArrayBuffer(wanted);
  } catch (error) {
    throw new PhxError({
      code: "PHX971",
      what: `threads need ${bytes} bytes to share the arguments and results of a call`,
      why: error instanceof Error ? error.message : String(error),
      fix: "map over fewer members at a time",
    });
  }
}
