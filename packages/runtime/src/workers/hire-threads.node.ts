// Worker threads of Node as a crew. A supervisor thread starts them, and sees them die while their leader sleeps.
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { Board } from "./board.ts";
import type { HireCrew } from "./letters.ts";

/** `entry`: the module in which the threads begin, that of phx if not given. */
export function hireThreads(entry: string | null = null): HireCrew {
  return (count, memory) => {
    const module = createRequire(import.meta.url).resolve("@phxlang/runtime/supervisor");
    const supervisor = new Worker(module, { workerData: { count, memory, entry }, execArgv: [] });
    const board = new Board(memory);
    supervisor.on("error", (error) => board.lose(error.message));
    // Threads that only sleep keep no process alive.
    supervisor.unref();
    return {
      post: (letter) => supervisor.postMessage(letter),
      dismiss: () => void supervisor.terminate(),
    };
  };
}
