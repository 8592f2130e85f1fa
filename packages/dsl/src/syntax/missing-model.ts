// PHX104: a file that does not begin with `model NAME`.
import type { Diagnostic } from "@phxlang/autodiff";
import type { IToken } from "chevrotain";
import { didYouMean } from "../names/index.ts";
import { spanOf } from "./spans.ts";
import * as t from "./tokens.ts";

/** The diagnostic; `first` is the first token of the file, if it has any. */
export function missingModel(source: string, first: IToken | undefined): Diagnostic {
  const header = `model ${modelName(source)}`;
  const close = first === undefined ? undefined : didYouMean(first.image, ["model"]);
  const span = first === undefined ? { start: 0, end: 0 } : spanOf(first);
  const fix =
    close === undefined
      ? { title: `add \`${header}\``, span: { start: 0, end: 0 }, replacement: `${header}\n` }
      : { title: "write `model`", span, replacement: "model" };
  return {
    code: "PHX104",
    severity: "error",
    message: "the first declaration must be `model NAME`",
    place: { source, span },
    hint: close ?? `add \`${header}\` at the top`,
    fixes: [fix],
  };
}

/** A name for the model after that of its file. */
function modelName(source: string): string {
  const base = /([^/\\]*?)(?:\.\w+)?$/.exec(source)?.[1] ?? "";
  const name = base.replaceAll(/\W+/g, "_").replace(/^(?=\d)/, "model_");
  return name === "" || t.reservedWords.includes(name) || /^_+$/.test(name) ? "my_model" : name;
}
