// The workers device in browsers: Web Workers, started when first needed and kept.
import type { Device } from "@phxlang/autodiff";
import { PhxError } from "@phxlang/autodiff";
import { CoordinatorLink } from "./coordinator-link.ts";
import { hirePageThreads } from "./hire-page-threads.ts";
import { pageDevice } from "./page-device.ts";
import type { PageWorker } from "./page-worker.ts";
import { Team } from "./team.ts";
import type { WorkersOptions } from "./workers-device.ts";
import { deviceFor, workersDevice } from "./workers-device.ts";

declare const Worker: new (url: URL, options: { readonly type: "module" }) => PageWorker;

/** Absent outside of browsers. */
declare const crossOriginIsolated: boolean | undefined;
/** Absent in workers. */
declare const document: object | undefined;
declare const navigator: { readonly hardwareConcurrency?: number };

const team = new Team(hirePageThreads);

/**
 * The device "workers" of this page or worker: `threads` threads (default: `navigator.hardwareConcurrency`). In a page they
 * are all beside the page's own thread, and results arrive later; a worker takes part in the work and waits for its
 * results. PHX976 where the page is not isolated (no shared memory), and for options that do not fit.
 */
export function openWorkers(options: WorkersOptions = {}): Device {
  if (typeof crossOriginIsolated === "undefined" || !crossOriginIsolated) {
    throw new PhxError({
      code: "PHX976",
      what: 'the device "workers" cannot be opened in this page',
      why: "threads share memory, which browsers give only to pages that are isolated from other origins",
      fix: "serve the page with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
    });
  }
  return deviceFor(options, navigator.hardwareConcurrency ?? 1, (threads, deadline) =>
    typeof document === "undefined"
      ? workersDevice(team, threads, deadline)
      : pageDevice(() => new CoordinatorLink(startCoordinator(), threads, deadline), threads),
  );
}

function startCoordinator(): PageWorker {
  return new Worker(new URL("./coordinator-entry.js", import.meta.url), { type: "module" });
}
