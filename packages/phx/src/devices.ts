// The devices that programs run on, and pmap over them.
import { makePmap, PhxError } from "@phxlang/autodiff";
import type { Device, Pmap } from "@phxlang/autodiff";
import { didYouMean } from "@phxlang/dsl";
import { cpuDevice } from "@phxlang/runtime";

const known: ReadonlyMap<string, readonly Device[]> = new Map([["cpu", [cpuDevice]]]);

/** The devices of a kind, at least one. Throws PHX979 for a kind that is not available here; another is never taken. */
export function devices(kind = "cpu"): readonly Device[] {
  const found = known.get(kind);
  if (found !== undefined) return found;
  const kinds = [...known.keys()];
  throw new PhxError({
    code: "PHX979",
    what: `there is no device of the kind "${kind}"`,
    why: `available here: ${kinds.join(", ")}`,
    fix: didYouMean(kind, kinds) ?? "`phx doctor` says what works here",
  });
}

/**
 * `pmap(f, { axisName, inAxes, outAxes, devices })(...args)`: like vmap, but the device decides where each member
 * runs. Default: the CPU.
 */
export const pmap: Pmap = makePmap(cpuDevice);
