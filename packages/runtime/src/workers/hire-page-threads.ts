// Web Workers as a crew, for a leader that is a worker itself and may sleep.
import { Board } from "./board.ts";
import type { HireCrew } from "./letters.ts";
import type { PageWorker } from "./page-worker.ts";

declare const Worker: new (url: URL, options: { readonly type: "module" }) => PageWorker;

export const hirePageThreads: HireCrew = (count, memory) => {
  const board = new Board(memory);
  const threads = Array.from({ length: count }, (_, thread) => {
    const worker = new Worker(new URL("./thread-entry.js", import.meta.url), { type: "module" });
    worker.addEventListener("error", ({ message }) => {
      board.lose(`thread ${thread + 1}: ${message ?? "it cannot be started"}`);
    });
    worker.postMessage({ thread, memory });
    return worker;
  });
  return {
    post: (letter) => threads.forEach((thread) => thread.postMessage(letter)),
    dismiss: () => threads.forEach((thread) => thread.terminate()),
  };
};
