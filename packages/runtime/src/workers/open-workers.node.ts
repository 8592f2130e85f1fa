// The workers device on Node: worker threads, started when first needed and kept.
import { availableParallelism } from "node:os";
import type { Device } from "@phxlang/autodiff";
import { hireThreads } from "./hire-threads.node.ts";
import { Team } from "./team.ts";
import type { WorkersOptions } from "./workers-device.ts";
import { deviceFor, workersDevice } from "./workers-device.ts";

const team = new Team(hireThreads());

/**
 * The device "workers" of this process: `threads` threads (default: `os.availableParallelism()`), the calling one included.
 * All such devices share their threads. PHX976 for options that are no whole number of threads or no time.
 */
export function openWorkers(options: WorkersOptions = {}): Device {
  return deviceFor(options, availableParallelism(), (threads, deadline) =>
    workersDevice(team, threads, deadline),
  );
}
