// Starting and ending a trace: its level is given back and its tracers die, whatever happens.
import type { Trace } from "./trace.ts";
import { withLevel } from "./trace.ts";

/** A trace that can be told that it has ended. */
export interface RunningTrace extends Trace {
  end(): void;
}

/** Runs `body` with a new trace above all running ones, and ends the trace afterwards. */
export function withTrace<T extends RunningTrace, R>(make: (level: number) => T, body: (trace: T) => R): R {
  return withLevel((level) => {
    const trace = make(level);
    try {
      return body(trace);
    } finally {
      trace.end();
    }
  });
}
