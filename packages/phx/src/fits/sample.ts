// Draws from the posterior by the method that was asked for.
import type { Device, Value } from "@phxlang/autodiff";
import type { Observations } from "@phxlang/graph";
import { fit as fits, startFit } from "@phxlang/inference";
import type { Fit } from "@phxlang/inference";
import type { Model } from "@phxlang/runtime";
import type { Invocation } from "../command.ts";
import { readFitTolerance } from "../options/accuracy.ts";
import { carryOut } from "./carry-out.ts";
import { chains, draws, iterations, particles, paths, warmup } from "./options.ts";

/** Null where the work was interrupted. */
export async function sample(
  invocation: Invocation,
  method: string,
  model: Model,
  data: readonly Observations[],
  key: Value,
  device: Device,
): Promise<Fit | null> {
  const options = { data, device, key, ...readFitTolerance(invocation) };
  const fallback = `${model.name}-${method}.checkpoint`;
  switch (method) {
    case "nuts":
      return await carryOut(invocation, fallback, (resume) =>
        startFit.nuts(model, {
          ...options,
          ...resume,
          chains: invocation.value(chains),
          warmup: invocation.value(warmup),
          draws: invocation.value(draws),
        }),
      );
    case "svgd":
      return await carryOut(invocation, fallback, (resume) =>
        startFit.svgd(model, {
          ...options,
          ...resume,
          particles: invocation.value(particles),
          iterations: invocation.value(iterations),
        }),
      );
    case "pathfinder":
      return fits.pathfinder(model, {
        ...options,
        paths: invocation.value(paths),
        draws: invocation.value(draws),
      });
    default:
      return fits.laplace(model, { ...options, draws: invocation.value(draws) });
  }
}
