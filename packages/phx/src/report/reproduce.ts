// What it takes to get a result again: the command, settings from elsewhere, and the texts of the model.
import type { Invocation } from "../command.ts";
import { optionName } from "../options/declaration.ts";
import type { OptionDeclaration } from "../options/declaration.ts";

export interface Reproduction {
  readonly line: string;
  /** Settings that the line does not show; empty where there are none. */
  readonly settings: string;
  readonly sources: readonly { readonly name: string; readonly text: string }[];
}

export function reproductionOf(
  invocation: Invocation,
  options: readonly OptionDeclaration<unknown>[],
): Reproduction {
  const elsewhere = options.flatMap((option) => {
    const origin = invocation.origin(option);
    return origin === "environment" || origin === "phx.toml"
      ? [`--${optionName(option)} from ${origin === "environment" ? "the environment" : "phx.toml"}`]
      : [];
  });
  return {
    line: invocation.line,
    settings:
      elsewhere.length === 0 ? "" : `With settings that the line does not show: ${elsewhere.join(", ")}.`,
    sources: Array.from(invocation.texts, ([name, text]) => ({ name, text })),
  };
}
