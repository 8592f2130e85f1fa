// Where the coordinator of a page begins.
import { Coordinator } from "./coordinator.ts";
import { hirePageThreads } from "./hire-page-threads.ts";
import type { WorkerScope } from "./page-worker.ts";
import type { Request } from "./requests.ts";
import { Team } from "./team.ts";
import { workersDevice } from "./workers-device.ts";

declare const self: WorkerScope;

const team = new Team(hirePageThreads);
const coordinator = new Coordinator(
  (threads, deadline) => workersDevice(team, threads, deadline),
  (answer, transfer) => self.postMessage(answer, transfer),
);
self.addEventListener("message", ({ data }) => coordinator.receive(data as Request));
