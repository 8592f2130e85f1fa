// serve: what a thread of a team does all its life. It sleeps, reads letters, joins jobs and computes chunks.
import type { Executable, Structure } from "@phxlang/autodiff";
import { fromPlain } from "@phxlang/autodiff";
import { cpuDevice } from "../jit/cpu-device.ts";
import type { Board } from "./board.ts";
import type { ChunkLayout } from "./chunk-layout.ts";
import { chunkInputs, writeChunk } from "./chunk-layout.ts";
import { programDecoders } from "./decoders.ts";
import type { Letter } from "./letters.ts";

interface KnownProgram {
  readonly layout: ChunkLayout;
  /** Compiled when it came; throws what was thrown then. */
  readonly executable: () => Executable;
  /** Kept alive with the program, so that later programs can refer to them by hash. */
  readonly structures: readonly Structure[];
}

/** Never returns. `nextLetter` resolves with the letters in the order in which they were posted. */
export async function serve(board: Board, thread: number, nextLetter: () => Promise<Letter>): Promise<never> {
  const desk = new Desk();
  let read = 0;
  for (;;) {
    const jobs = board.jobCount;
    for (; read < board.letterCount; read++) desk.receive(await nextLetter());
    const program = board.join(thread);
    if (program >= 0) {
      try {
        desk.work(board, program);
      } finally {
        board.leave();
      }
    }
    if (read === board.letterCount) board.sleep(jobs);
  }
}

/** What a thread has been told. */
class Desk {
  readonly #programs = new Map<number, KnownProgram>();
  readonly #structures = new Map<string, WeakRef<Structure>>();
  #memory = new SharedArrayBuffer(0);

  receive(letter: Letter): void {
    if (letter.kind === "memory") this.#memory = letter.memory;
    else if (letter.kind === "forget") {
      for (const number of letter.numbers) this.#programs.delete(number);
    } else this.#programs.set(letter.number, this.#read(letter));
  }

  /** Computes chunks until there are none. A program whose letter is still under way is left to the others. */
  work(board: Board, number: number): void {
    const program = this.#programs.get(number);
    if (program === undefined) return;
    const { layout, executable } = program;
    for (let chunk = board.take(); chunk >= 0; chunk = board.take()) {
      try {
        const results = executable().run(chunkInputs(layout, this.#memory, chunk));
        writeChunk(layout, this.#memory, chunk, results);
      } catch (error) {
        board.fail(chunk, error instanceof Error ? error.message : String(error));
      }
    }
  }

  #read({ program, layout }: Extract<Letter, { kind: "program" }>): KnownProgram {
    const structures: Structure[] = [];
    try {
      const decoded = fromPlain(program, {
        primitive: programDecoders.primitive,
        structure: (kind, bytes, hash = "") => {
          const key = `${kind} ${hash}`;
          const structure = this.#structures.get(key)?.deref() ?? programDecoders.structure(kind, bytes);
          if (structure === undefined) return undefined;
          this.#structures.set(key, new WeakRef(structure));
          structures.push(structure);
          return structure;
        },
      });
      const executable = cpuDevice.compile(decoded);
      return { layout, structures, executable: () => executable };
    } catch (error) {
      const fail = (): never => {
        throw error;
      };
      return { layout, structures, executable: fail };
    }
  }
}
