// The thread that starts the others: it never computes, so it sees them die and hands letters on at any time.
import { parentPort, Worker, workerData } from "node:worker_threads";
import { Board } from "./board.ts";

interface Task {
  readonly count: number;
  readonly memory: SharedArrayBuffer;
  readonly entry: string | null;
}

const { count, memory, entry } = workerData as Task;
const begin = new URL(entry ?? "./thread-entry.node.js", import.meta.url);
const board = new Board(memory);

const threads = Array.from({ length: count }, (_, thread) => {
  const worker = new Worker(begin, {
    workerData: { thread, memory },
  });
  let reason = "it stopped by itself";
  worker.on("error", (error) => (reason = error.message));
  worker.on("exit", (code) => board.lose(`thread ${thread + 1} ended with code ${code}: ${reason}`));
  return worker;
});

parentPort?.on("message", (letter) => {
  for (const thread of threads) thread.postMessage(letter);
});
