// PHX994: a name that the model does not have, with those it has.
import { PhxError } from "@phxlang/autodiff";
import { didYouMean } from "@phxlang/dsl";

/** `kind` is what the name would be the name of: parameter, reward …; `option` is how it was given. */
export function unknownName(kind: string, name: string, known: readonly string[], option: string): PhxError {
  const shown = known.slice(0, 20).join(", ") + (known.length > 20 ? ", …" : "");
  return new PhxError({
    code: "PHX994",
    what: `${option}: no ${kind} is called \`${name}\``,
    why: known.length === 0 ? `the model has no ${kind}s` : `the ${kind}s are ${shown}`,
    fix: didYouMean(name, known) ?? "`phx info FILE` lists the names of a model",
  });
}
