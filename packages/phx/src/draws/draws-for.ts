// Saved draws in the order of a model's parameters.
import { PhxError } from "@phxlang/autodiff";
import type { SavedDraws } from "@phxlang/inference";
import type { Model } from "@phxlang/runtime";

/** PHX847 where the draws lack a parameter of the model. */
export function drawsFor(model: Model, saved: SavedDraws): SavedDraws {
  const at = model.parameterNames.map((name) => saved.parameterNames.indexOf(name));
  const missing = model.parameterNames.filter((_, p) => at[p] < 0);
  if (missing.length > 0) {
    throw new PhxError({
      code: "PHX847",
      what: `the draws have no ${missing.map((name) => `\`${name}\``).join(", ")}`,
      why: `they are of ${saved.parameterNames.join(", ")}`,
      fix: "give the model that the draws belong to",
    });
  }
  return {
    ...saved,
    parameterNames: model.parameterNames,
    draws: at.map((p) => saved.draws[p]),
    chains: saved.chains.map((chain) => ({ ...chain, parameters: at.map((p) => chain.parameters[p]) })),
  };
}
