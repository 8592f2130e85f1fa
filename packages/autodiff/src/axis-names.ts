// Named axes: which vmap or pmap a collective such as psum speaks to.
import { userCallSite } from "./call-site.ts";
import { PhxError } from "./errors.ts";
import type { Tracer } from "./trace.ts";

/** One named axis while its vmap or pmap runs. */
export interface AxisFrame {
  readonly name: string;
  readonly size: number;
  /** The member's place along the axis, an i32 scalar of the trace that maps. */
  readonly index: Tracer;
}

const frames: AxisFrame[] = [];

/** Runs `body` while `frame` is bound; innermost names shadow outer ones. */
export function withAxisFrame<T>(frame: AxisFrame, body: () => T): T {
  frames.push(frame);
  try {
    return body();
  } finally {
    frames.pop();
  }
}

/** The innermost axis of a name; PHX936 when there is none. */
export function findAxis(name: string, collective: string): AxisFrame {
  for (let i = frames.length - 1; i >= 0; i--) if (frames[i].name === name) return frames[i];
  const site = userCallSite();
  const bound = [...new Set(frames.map((frame) => `"${frame.name}"`))].join(", ");
  throw new PhxError({
    code: "PHX936",
    what: `${collective} over the axis "${name}", which is not bound${site === undefined ? "" : ` at ${site}`}`,
    why: bound === "" ? "no vmap or pmap with an axisName is running" : `the axes bound here are ${bound}`,
    fix: `call it inside vmap(f, { axisName: "${name}" }) or pmap`,
  });
}

/** The bound axes as text: part of what a traced program depends on. */
export function axisEnvironmentKey(): string {
  return frames.map((frame) => `${frame.name}:${frame.size}`).join(",");
}
