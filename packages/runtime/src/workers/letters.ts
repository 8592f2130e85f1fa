// Letters: what is told to threads by message, once: programs, memory, and what they may forget.
import type { PlainProgram } from "@phxlang/autodiff";
import type { ChunkLayout } from "./chunk-layout.ts";

/** Arguments and results of the jobs that follow lie here. */
interface MemoryLetter {
  readonly kind: "memory";
  readonly memory: SharedArrayBuffer;
}

/** A program for one chunk, known by its number from now on. */
interface ProgramLetter {
  readonly kind: "program";
  readonly number: number;
  readonly program: PlainProgram;
  readonly layout: ChunkLayout;
}

interface ForgetLetter {
  readonly kind: "forget";
  readonly numbers: readonly number[];
}

export type Letter = MemoryLetter | ProgramLetter | ForgetLetter;

/** Threads that were started, as their leader sees them. */
export interface Crew {
  post(letter: Letter): void;
  /** Ends the threads, whatever they are doing. */
  dismiss(): void;
}

/** Starts threads 0 … count − 1 on a board. A thread that dies, or cannot be started, is reported there. */
export type HireCrew = (count: number, board: SharedArrayBuffer) => Crew;
