// The workers device on Node: worker threads, started when first needed and kept.
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Device } from "@phxlang/autodiff";
import { Board } from "./board.ts";
import type { HireCrew } from "./letters.ts";
import { Team } from "./team.ts";
import type { WorkersOptions } from "./workers-device.ts";
import { deviceFor, workersDevice } from "./workers-device.ts";

const hireThreads: HireCrew = (count, memory) => {
  const entry = createRequire(import.meta.url).resolve("@phxlang/runtime/supervisor");
  const supervisor = new Worker(entry, { workerData: { count, memory }, execArgv: [] });
  const board = new Board(memory);
  supervisor.on("error", (error) => board.lose(error.message));
  // Threads that only sleep keep no process alive.
  supervisor.unref();
  return {
    post: (letter) => supervisor.postMessage(letter),
    dismiss: () => void supervisor.terminate(),
  };
};

const team = new Team(hireThreads);

/**
 * The device "workers" of this process: `threads` threads (default: `os.availableParallelism()`), the calling one included.
 * All such devices share their threads. PHX976 for options that are no whole number of threads or no time.
 */
export function openWorkers(options: WorkersOptions = {}): Device {
  return deviceFor(options, availableParallelism(), (threads, deadline) =>
    workersDevice(team, threads, deadline),
  );
}
